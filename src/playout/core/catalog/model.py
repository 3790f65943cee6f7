"""Tables of the catalog, which videos are sorted by."""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.kit.database.engine import Model
from playout.kit.ids import uuid7
from playout.kit.text import tag_form


class CatalogFields(TypedDict, total=False):
    """The fields of a catalog entry that a caller may set; each table has some of them."""

    name: str
    description: str | None
    thumbnail: str | None
    preview_video_url: str | None
    voices: list[int]
    category_id: int


class CatalogEntry(Recordable, Authored, Model):
    """An entry of an organization's catalog."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    name: Mapped[str]

    @declared_attr
    def organization_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("organizations.id"))

    @classmethod
    def noun(cls) -> str:
        """Return the noun that stands for it in events and in messages."""
        return cls.__name__.lower()

    @property
    def subject(self) -> Subject:
        return Subject(self.noun(), str(self.id), self.organization_id)


class Template(CatalogEntry):
    """A template that a video was created from."""

    __tablename__ = "templates"

    description: Mapped[str | None]
    thumbnail: Mapped[str | None]
    preview_video_url: Mapped[str | None]
    voices: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)


class Category(CatalogEntry):
    """A category of videos."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)


class Subcategory(CatalogEntry):
    """A part of a category."""

    __tablename__ = "subcategories"
    __table_args__ = (UniqueConstraint("organization_id", "category_id", "name"),)

    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))


class Tag(CatalogEntry):
    """A word that videos are marked with."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("organization_id", "form"),)

    form: Mapped[str]
    """The form that all spellings of its name share: they are one tag."""

    @validates("name")
    def _set_form(self, _column: str, name: str) -> str:
        self.form = tag_form(name)
        return name
