"""The table of the gallery: what published videos are found by."""

from datetime import datetime

from sqlalchemy import CHAR, BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.database.engine import Model

_PUBLIC, _OTHERS = text("is_public"), text("NOT is_public")


class GalleryEntry(Model):
    """The words and facets of a published video. Triggers keep it, when its video changes, too.

    `facets` are the slugs of its tags, its creator and its language, each with its kind:
    `tag/winter`, `creator/nordlys-film`, `language/en`. A tag without letters has the slug "".
    """

    __tablename__ = "gallery_entries"
    __table_args__ = (
        Index(None, "created_at", "publication_id", postgresql_where=_PUBLIC),
        Index(None, "creator_slug", "created_at", "publication_id", postgresql_where=_PUBLIC),
        Index(None, "organization_id", "created_at", "publication_id", postgresql_where=_OTHERS),
        Index(None, "search", "facets", postgresql_using="gin"),
    )

    publication_id: Mapped[str] = mapped_column(
        CHAR(24), ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime]
    organization_id: Mapped[int] = mapped_column(BigInteger)
    is_public: Mapped[bool]
    creator: Mapped[str | None]
    creator_slug: Mapped[str | None]
    language: Mapped[str | None]
    """The first part of the language tag: `en` of `en-GB`."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    tag_slugs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The slugs of the tags, in their order."""
    facets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)
