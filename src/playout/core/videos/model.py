"""The table of videos and what may happen to one."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Computed, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.media.model import Asset
from playout.kit.db import Model
from playout.kit.ids import hex24, uuid7

TITLE_LENGTH = 255
DESCRIPTION_LENGTH = 10_000
LANGUAGE_LENGTH = 35
URL_LENGTH = 2_000
LONG_TEXT_LENGTH = 200_000
FEED = "feed"
"""What processes keep the first page of the feed under."""


EDITABLE = (
    "title",
    "description",
    "project_id",
    "language",
    "aspect_ratio",
    "has_subtitles",
    "visibility",
    "template_id",
    "category_id",
    "subcategory_id",
    "tag_ids",
    "cover_image",
    "thumbnail",
    "generated_script",
    "plan",
    "source_experience",
    "is_active",
    "settings",
)
"""What a caller may say of a video, beside where it comes from."""


class Status(StrEnum):
    """Where a video stands on its way to being playable."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class Visibility(StrEnum):
    """Who may see a published video."""

    PUBLIC = "public"
    PRIVATE = "private"
    TEAM = "team"
    ORG = "org"


class Video(Model):
    """One video. It has three addresses, all unique for ever: `id`, `uid`, `session_id`.

    `pending_asset_id` is being worked on, `asset_id` is what plays: it changes in one row update,
    so that nobody ever sees half a package. `epoch` is part of every signed playback address;
    raising it ends all that are out.
    """

    __tablename__ = "videos"
    __table_args__ = (
        Index(None, "organization_id", "id"),
        Index(None, "project_id", "id"),
        Index(None, "pending_asset_id"),
        Index(None, "asset_id"),
        Index("ix_videos_search", "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    session_id: Mapped[str] = mapped_column(CHAR(24), unique=True, default=hex24)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    sub_account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("sub_accounts.id"), index=True
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    description: Mapped[str | None]
    language: Mapped[str | None]
    aspect_ratio: Mapped[str | None]
    has_subtitles: Mapped[bool | None]
    """What was said; `is_subtitled` is what holds."""
    caption_languages: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )
    """Of the captions there are, so that whoever shows the video need not look for them."""
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PRIVATE)
    is_draft: Mapped[bool] = mapped_column(default=True)
    status: Mapped[Status] = mapped_column(default=Status.NOT_STARTED)
    failure_reason: Mapped[str | None]
    external_url: Mapped[str | None]
    template_id: Mapped[int | None] = mapped_column(ForeignKey("templates.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    subcategory_id: Mapped[int | None] = mapped_column(ForeignKey("subcategories.id"))
    tag_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    tag_names: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    """Beside the ids, so that they can be searched; a renamed tag is renamed here."""
    cover_image: Mapped[str | None]
    thumbnail: Mapped[str | None]
    generated_script: Mapped[str | None]
    plan: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    source_experience: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    pending_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    failed_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    """What `failure_reason` tells of, which can be tried again."""
    epoch: Mapped[int] = mapped_column(default=0)
    poster_version: Mapped[UUID | None]
    """The folder of the poster that somebody chose; None for the one that Playout chose."""
    poster_width: Mapped[int | None]
    poster_height: Mapped[int | None]
    poster_claim: Mapped[UUID | None]
    """Who draws the poster that was wanted last; another one's is refused."""
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('simple', title || ' ' || coalesce(description, '')"
            " || ' ' || joined(tag_names))"
        ),
        deferred=True,
    )
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]

    @property
    def names(self) -> dict[str, Any]:
        """What the four APIs call it."""
        return {
            "video": {
                "id": self.id,
                "uid": str(self.uid),
                "session_id": self.session_id,
                "production_id": str(self.id),
            }
        }

    @property
    def subject(self) -> Subject:
        return Subject(
            "video",
            str(self.uid),
            self.organization_id,
            self.project_id,
            self.sub_account_id,
            self.names,
        )

    @property
    def playable(self) -> bool:
        """Whether there is a final video, even while a newer one is being made."""
        return self.asset_id is not None or self.external_url is not None

    @property
    def is_subtitled(self) -> bool | None:
        """Whether there are subtitles: there are where there are captions, whatever was said."""
        return True if self.caption_languages else self.has_subtitles

    @property
    def cache_key(self) -> str:
        """What processes keep this video's playback state and page under."""
        return f"video:{self.uid}"

    @property
    def etag(self) -> str:
        """Another one after each change (RFC 9110)."""
        return f'"{self.id}-{self.updated_at.timestamp():.6f}"'

    def begin(self, asset: Asset) -> None:
        """A new source is in; what played before plays on until the new one is ready."""
        self.pending_asset_id, self.failed_asset_id = asset.id, None
        self.status, self.failure_reason = Status.IN_PROGRESS, None

    def promote(self, asset: Asset) -> None:
        """The new package is whole: from here on it is what plays."""
        self.asset_id, self.external_url = asset.id, None
        self.pending_asset_id = self.failed_asset_id = None
        self.status, self.failure_reason = Status.COMPLETED, None

    def reject(self, reason: str) -> None:
        """The new source cannot be used. A video that played before plays on, and is complete."""
        self.failed_asset_id, self.pending_asset_id = self.pending_asset_id, None
        self.status = Status.COMPLETED if self.playable else Status.FAILED
        self.failure_reason = reason

    def point_to(self, url: str) -> None:
        """The final video lies elsewhere; there is nothing to be made."""
        self.external_url, self.asset_id = url, None
        self.pending_asset_id = self.failed_asset_id = None
        self.status, self.failure_reason = Status.COMPLETED, None

    def appear(self, visibility: Visibility) -> None:
        """Be out, for those whom the visibility lets in."""
        self.is_draft, self.visibility = False, visibility

    def narrow(self) -> None:
        """End the playback addresses that are out: others may see the video than did."""
        self.epoch += 1

    def disappear(self) -> None:
        """Be out no longer; every playback address that is out ends."""
        self.is_draft = True
        self.epoch += 1

    def state(self) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        return {
            "status": self.status,
            "is_draft": self.is_draft,
            "failure_reason": self.failure_reason,
            "external_url": self.external_url,
            **{name: getattr(self, name) for name in EDITABLE},
        }


class Section(Model):
    """A part of a video, as the tool that made it divides it."""

    __tablename__ = "sections"
    __table_args__ = (Index(None, "video_id", "order"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    order: Mapped[int]
    title: Mapped[str | None]
    content: Mapped[Any] = mapped_column(JSONB)
    duration: Mapped[int | None]
    """Seconds."""
    video_file: Mapped[str | None]
    audio_file: Mapped[str | None]
    thumbnail: Mapped[str | None]
    section_summary: Mapped[str | None]
    internal_notes: Mapped[str | None]
    page_numbers: Mapped[str | None]
    alignment_data: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    audio_ready: Mapped[bool] = mapped_column(default=False)
    visuals_ready: Mapped[bool] = mapped_column(default=False)
    is_assembling: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    status: Mapped[Status] = mapped_column(default=Status.NOT_STARTED)
    rag_documents: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]
