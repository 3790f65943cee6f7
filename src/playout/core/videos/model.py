"""The tables of videos and their sections, and the transitions of a video."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Computed, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.media.model import Asset, Chapter
from playout.kit.database.engine import Model
from playout.kit.ids import hex24, uuid7
from playout.kit.text import search_vector

TITLE_LENGTH = 255
DESCRIPTION_LENGTH = 10_000
LANGUAGE_LENGTH = 35
URL_LENGTH = 2_000
LONG_TEXT_LENGTH = 200_000
FEED = "feed"
"""The key of the first page of the feed."""


LISTED = (
    *(("organization_id", name, "id") for name in ("created_at", "updated_at", "title", "status")),
    *(("organization_id", name, "id") for name in ("visibility", "is_draft", "owner_id")),
    *(("organization_id", name, "id") for name in ("language", "category_id", "subcategory_id")),
    ("organization_id", "sub_account_id", "id"),
    *(("project_id", name, "id") for name in ("created_at", "updated_at", "title")),
)
"""The columns of the indexes of lists: what a list is confined to, and its order."""


class Status(StrEnum):
    """The progress of the processing of a video."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class Visibility(StrEnum):
    """The circle of those who may watch a published video."""

    PUBLIC = "public"
    PRIVATE = "private"
    TEAM = "team"
    ORG = "org"


class VideoFields(TypedDict, total=False):
    """The fields of a video that a caller may set, apart from its source."""

    title: str
    description: str | None
    project_id: int
    language: str | None
    aspect_ratio: str | None
    has_subtitles: bool | None
    visibility: Visibility
    template_id: int | None
    category_id: int | None
    subcategory_id: int | None
    tag_ids: list[int]
    cover_image: str | None
    thumbnail: str | None
    generated_script: str | None
    plan: Any
    source_experience: int | None
    is_active: bool
    settings: dict[str, Any]
    chapters: list[Chapter] | None


EDITABLE = tuple(VideoFields.__annotations__)
"""The columns that a caller may set."""


class Video(Recordable, Authored, Model):
    """One video. It has three ids, which are never given to another: `id`, `uid`, `session_id`.

    `pending_asset_id` is being processed, `asset_id` plays. It changes in one update of the row, so
    that nobody ever sees half a package. `epoch` is part of every grant: incrementing it revokes
    all grants that were signed before.
    """

    __tablename__ = "videos"
    __table_args__ = (
        Index(None, "organization_id", "id"),
        Index(None, "project_id", "id"),
        Index(None, "pending_asset_id"),
        Index(None, "asset_id"),
        Index("ix_videos_search", "search", postgresql_using="gin"),
        Index(None, "tag_ids", postgresql_using="gin"),
        *(Index(None, *columns, postgresql_where=text("deleted_at IS NULL")) for columns in LISTED),
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
    """The value that a caller set; `is_subtitled` is the one that holds."""
    caption_languages: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )
    """The languages of its captions, so that showing the video needs no query for captions."""
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
    """The names of the tags, so that they can be searched. Renaming a tag renames it here."""
    cover_image: Mapped[str | None]
    thumbnail: Mapped[str | None]
    generated_script: Mapped[str | None]
    plan: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    source_experience: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chapters: Mapped[list[Chapter] | None] = mapped_column(JSONB(none_as_null=True))
    """The chapters that a caller set; None for others. See `chapters_of`."""
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    pending_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    failed_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    """The asset that `failure_reason` is about, which can be retried."""
    epoch: Mapped[int] = mapped_column(default=0)
    poster_version: Mapped[UUID | None]
    """The folder of a custom poster; None for the poster that Playout chose."""
    poster_width: Mapped[int | None]
    poster_height: Mapped[int | None]
    poster_claim: Mapped[UUID | None]
    """The claim of the job that draws the poster requested last; other results are refused."""
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            search_vector("title || ' ' || coalesce(description, '') || ' ' || joined(tag_names)")
        ),
        deferred=True,
    )
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]

    @property
    def names(self) -> dict[str, Any]:
        """The ids of the video in the four APIs."""
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
        """Return whether there is a final video, even while a newer one is processed."""
        return self.asset_id is not None or self.external_url is not None

    @property
    def is_subtitled(self) -> bool | None:
        """Return True when there are captions, or else the value that the caller set."""
        return True if self.caption_languages else self.has_subtitles

    @property
    def cache_key(self) -> str:
        """The key, or the tag, of its playback state, its page, its playlists and manifests."""
        return f"video:{self.uid}"

    @property
    def cache_keys(self) -> Sequence[str]:
        return self.cache_key, FEED

    def start_processing(self, asset: Asset) -> None:
        """Wait for a new asset. The one that plays plays on until the new one is ready."""
        self.pending_asset_id, self.failed_asset_id = asset.id, None
        self.status, self.failure_reason = Status.IN_PROGRESS, None

    def promote(self, asset: Asset) -> None:
        """Play a new asset, whose package is complete."""
        self.asset_id, self.external_url = asset.id, None
        self.pending_asset_id = self.failed_asset_id = None
        self.status, self.failure_reason = Status.COMPLETED, None

    def fail_processing(self, reason: str) -> None:
        """Give the pending asset up. A video that played before plays on, and is complete."""
        self.failed_asset_id, self.pending_asset_id = self.pending_asset_id, None
        self.status = Status.COMPLETED if self.playable else Status.FAILED
        self.failure_reason = reason

    def use_external_url(self, url: str) -> None:
        """Play the final video from another site; there is nothing to process."""
        self.external_url, self.asset_id = url, None
        self.pending_asset_id = self.failed_asset_id = None
        self.status, self.failure_reason = Status.COMPLETED, None

    def publish(self, visibility: Visibility) -> None:
        """Show the video to everyone its visibility allows."""
        self.is_draft, self.visibility = False, visibility

    def unpublish(self) -> None:
        """Make the video a draft, and revoke its grants."""
        self.is_draft = True
        self.revoke_grants()

    def revoke_grants(self) -> None:
        """Invalidate every playback address that carries a grant."""
        self.epoch += 1

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        return {
            "status": self.status,
            "is_draft": self.is_draft,
            "failure_reason": self.failure_reason,
            "external_url": self.external_url,
            **{name: getattr(self, name) for name in EDITABLE},
        }


class Section(Authored, Model):
    """A part of a video, as the tool that created the video divides it."""

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
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]
