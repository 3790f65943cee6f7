"""Tables of what videos are sorted by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from playout.core.ledger.model import Subject
from playout.kit.db import Model
from playout.kit.ids import uuid7


class CatalogEntry(Model):
    """What all of them have."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    name: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]

    @declared_attr
    def organization_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("organizations.id"))

    @property
    def subject(self) -> Subject:
        return Subject(type(self).__name__.lower(), str(self.id), self.organization_id)


class Template(CatalogEntry):
    __tablename__ = "templates"

    description: Mapped[str | None]
    thumbnail: Mapped[str | None]
    preview_video_url: Mapped[str | None]
    voices: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)


class Category(CatalogEntry):
    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)


class Subcategory(CatalogEntry):
    __tablename__ = "subcategories"
    __table_args__ = (UniqueConstraint("organization_id", "category_id", "name"),)

    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))


class Tag(CatalogEntry):
    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
