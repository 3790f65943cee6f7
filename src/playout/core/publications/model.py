"""Tables of publications and of the slugs that were ever given out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CHAR, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.videos.model import Video
from playout.kit.db import Model

SLUG_LENGTH = 100
SLUG_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
TEXT_LENGTH = 500
PROMPT_LENGTH = 20_000
TAG_LENGTH = 100
TAG_COUNT = 100
UNTITLED = "Untitled Video"


class Publication(Model):
    """A video that is out. Revoking deletes the row; the ledger keeps what happened.

    Holds what was said of the publication itself; where nothing was, the video speaks for it.
    """

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_feed", "created_at", "id"),)

    id: Mapped[str] = mapped_column(CHAR(24), primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"), unique=True)
    slug: Mapped[str] = mapped_column(ForeignKey("slugs.slug"), unique=True)
    title: Mapped[str | None]
    description: Mapped[str | None]
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
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

    def shown(self, video: Video) -> dict[str, Any]:
        """What the public reads, by the names in `FIELDS`."""
        said = {name: getattr(self, name) for name in FIELDS}
        by_video = said_by(video)
        shown = {
            name: by_video.get(name) if value is None else value for name, value in said.items()
        }
        if video.caption_languages:
            shown["has_subtitles"] = True
        return shown

    def state(self, video: Video) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        return {"slug": self.slug, **self.shown(video)}


def said_by(video: Video) -> dict[str, Any]:
    """What a video says of itself, for a publication of which nothing else was said."""
    return {
        "title": video.title.strip() or UNTITLED,
        "description": video.description,
        "tags": video.tag_names,
        "aspect_ratio": video.aspect_ratio,
        "has_subtitles": video.is_subtitled,
        "session_language": video.language,
    }


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

    A field that is sent as None goes back to what the video says.
    """

    session_id: str
    fields: dict[str, Any]
    slug: str | None = None
