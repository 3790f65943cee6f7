"""Tables of publications and of the slugs that were ever given out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CHAR, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.db import Model

SLUG_LENGTH = 100
SLUG_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
TEXT_LENGTH = 500
PROMPT_LENGTH = 20_000
TAG_LENGTH = 100
TAG_COUNT = 100


class Publication(Model):
    """A video that is out. Revoking deletes the row; the ledger keeps what happened."""

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_feed", "created_at", "id"),)

    id: Mapped[str] = mapped_column(CHAR(24), primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"), unique=True)
    slug: Mapped[str] = mapped_column(ForeignKey("slugs.slug"), unique=True)
    title: Mapped[str]
    description: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    creator_handle: Mapped[str | None]
    image_hash: Mapped[str | None]
    splash_image: Mapped[str | None]
    image_model: Mapped[str | None]
    video_model: Mapped[str | None]
    original_prompt: Mapped[str | None]
    aspect_ratio: Mapped[str | None]
    has_subtitles: Mapped[bool | None]
    session_language: Mapped[str | None]
    language_string: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def state(self) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        return {name: getattr(self, name) for name in ("slug", *FIELDS)}


class Slug(Model):
    """A slug, once given to a video, is that video's for ever: no link comes to mean another.

    A slug made from a title is `base`, or `base-number` from 2 on.
    """

    __tablename__ = "slugs"
    __table_args__ = (Index(None, "base", "number"), Index(None, "video_id"))

    slug: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    number: Mapped[int]
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))


FIELDS = (
    "title",
    "description",
    "tags",
    "creator_handle",
    "image_hash",
    "splash_image",
    "image_model",
    "video_model",
    "original_prompt",
    "aspect_ratio",
    "has_subtitles",
    "session_language",
    "language_string",
)
"""What a caller may say of a publication, beside its slug."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller says of a publication: the fields that were sent, by their names in `FIELDS`.

    A field that is sent as None goes back to its default.
    """

    session_id: str
    fields: dict[str, Any]
    slug: str | None = None
