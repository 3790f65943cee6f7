"""Tables of publications, and of the slugs of videos."""

from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import CHAR, BigInteger, ForeignKey, Identity, Index, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.recordable import Timestamped
from playout.core.videos.model import Video
from playout.kit.database.engine import Model

SLUG_LENGTH = 100
MAX_FORMER_SLUGS = 10
"""Former slugs of a video that redirect to its current one. Other videos may take older ones."""
SLUG_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
TEXT_LENGTH = 500
PROMPT_LENGTH = 20_000
TAG_LENGTH = 100
TAG_COUNT = 100
UNTITLED = "Untitled Video"


class PublicationFields(TypedDict, total=False):
    """The fields of a publication that a caller may set, apart from its slug.

    None stands for the value that follows from the video.
    """

    title: str | None
    description: str | None
    tags: list[str] | None
    creator_handle: str | None
    image_hash: str | None
    splash_image: str | None
    image_model: str | None
    video_model: str | None
    original_prompt: str | None
    aspect_ratio: str | None
    has_subtitles: bool | None
    session_language: str | None
    language_string: str | None


FIELDS = tuple(PublicationFields.__annotations__)


@dataclass(frozen=True, slots=True)
class PublishInput:
    """A request to publish a session, or to edit its publication."""

    session_id: str
    fields: PublicationFields
    slug: str | None = None


class Publication(Timestamped, Model):
    """The publication of a video. Unpublishing deletes the row; the ledger keeps what happened.

    It holds the values that were set for the publication itself. All others follow from the video.
    """

    __tablename__ = "publications"
    __table_args__ = (
        Index("ix_publications_feed", "created_at", "id", postgresql_where=text("is_public")),
    )

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
    is_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True while everybody may see the video. Triggers set it, when the video changes, too."""

    def public_fields(self, video: Video) -> dict[str, Any]:
        """Return what the public reads, by the names in `FIELDS`."""
        own = {name: getattr(self, name) for name in FIELDS}
        derived = fields_of_video(video)
        fields = {
            name: derived.get(name) if value is None else value for name, value in own.items()
        }
        if video.caption_languages:
            fields["has_subtitles"] = True
        return fields

    def audit_state(self, video: Video) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        return {"slug": self.slug, **self.public_fields(video)}


class Slug(Model):
    """A slug that a video has, or one of the last that it had.

    A slug that comes from a title is `base`, or `base-number` with numbers from 2 on.
    """

    __tablename__ = "slugs"
    __table_args__ = (Index(None, "base", "number"), Index(None, "video_id"))

    slug: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    number: Mapped[int]
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """The order in which slugs were given: of a video's slugs, the current one has the last."""
    is_released: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True if another video may take it, because the one that had it is not published."""


def fields_of_video(video: Video) -> dict[str, Any]:
    """Return the fields of a publication for which no value of its own was set."""
    return {
        "title": video.title.strip() or UNTITLED,
        "description": video.description,
        "tags": video.tag_names,
        "aspect_ratio": video.aspect_ratio,
        "has_subtitles": video.is_subtitled,
        "session_language": video.language,
    }
