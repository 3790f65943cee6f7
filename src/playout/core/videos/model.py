"""The tables of videos and their sections, and the transitions of a video."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Computed, ForeignKey, Identity, Index, Text, text, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.media.model import Asset, Chapter
from playout.core.videos.timetable import (
    Publishing,
    TimedChange,
    TimedVisibility,
    timed_changes,
)
from playout.kit.database.engine import Model
from playout.kit.database.search import search_vector
from playout.kit.ids import hex24, uuid7

TITLE_LENGTH = 255
DESCRIPTION_LENGTH = 10_000
LANGUAGE_LENGTH = 35
URL_LENGTH = 2_000
LONG_TEXT_LENGTH = 200_000
FEED = "feed"
"""The key of the first page of the feed."""


POPULARITY = ("plays", "recent_plays")
"""The columns that order videos by what viewers do."""
LISTED = (
    *(("organization_id", name, "id") for name in ("created_at", "updated_at", "title", "status")),
    *(("organization_id", name, "id") for name in ("visibility", "is_draft", "owner_id")),
    *(("organization_id", name, "id") for name in ("language", "category_id", "subcategory_id")),
    ("organization_id", "sub_account_id", "id"),
    *(("project_id", name, "id") for name in ("created_at", "updated_at", "title")),
    *((of, name, "id") for of in ("organization_id", "project_id") for name in POPULARITY),
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
    downloads: bool
    password: str | None
    publish_at: datetime | None
    unpublish_at: datetime | None
    visibility_at: list[TimedVisibility]
    chapters: list[Chapter] | None


TIMED = ("publish_at", "unpublish_at", "visibility_at")
"""The fields that say what is to change at a time."""
EDITABLE = tuple(name for name in VideoFields.__annotations__ if name != "password")
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
        Index(
            "ix_videos_turns_at",
            "turns_at",
            postgresql_where=text("deleted_at IS NULL AND turns_at IS NOT NULL"),
        ),
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
    downloads: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False if viewers may not save its files."""
    password_hash: Mapped[str | None]
    """The hash of the password that the public has to enter; None if there is none."""
    publish_at: Mapped[datetime | None]
    unpublish_at: Mapped[datetime | None]
    visibility_at: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """Visibilities that are to come, with their times, as `stored_visibilities` returns them."""
    turns_at: Mapped[datetime | None]
    """The time of the next change that can be made."""
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
    # What viewers did so far. Analytics writes these; they are no change of the video.
    views: Mapped[int] = mapped_column(default=0, server_default="0")
    plays: Mapped[int] = mapped_column(default=0, server_default="0")
    recent_plays: Mapped[int] = mapped_column(default=0, server_default="0")
    """The plays of the last seven days."""
    watch_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    cta_clicks: Mapped[int] = mapped_column(default=0, server_default="0")
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
        self.plan_changes()

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
        self.plan_changes()

    def publish(self, visibility: Visibility) -> None:
        """Show the video to everyone its visibility allows."""
        self.is_draft, self.visibility = False, visibility

    def unpublish(self) -> None:
        """Make the video a draft, and revoke its grants."""
        self.is_draft = True
        self.revoke_grants()

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None

    def plan_changes(self) -> None:
        """Note when the next change can be made. A video without a final file waits for that."""
        changes = self._timed_changes()
        self.turns_at = changes[0].at if changes else None

    def take_due(self, now: datetime) -> TimedChange | None:
        """Remove the earliest change that is due from what is to come, and return it.

        A publishing that still waits for a final file is given up when the video is to be
        unpublished.
        """
        changes = self._timed_changes()
        if not changes or changes[0].at > now:
            return None
        due = changes[0]
        if due.to == Publishing.PUBLISH:
            self.publish_at = None
        elif due.to == Publishing.UNPUBLISH:
            self.unpublish_at = None
            if self.publish_at is not None and self.publish_at <= due.at:
                self.publish_at = None
        else:
            self.visibility_at = self.visibility_at[1:]
        self.plan_changes()
        return due

    def _timed_changes(self) -> list[TimedChange]:
        publish_at = self.publish_at if self.playable else None
        return timed_changes(publish_at, self.unpublish_at, self.visibility_at or ())

    def set_password(self, hashed: str | None) -> None:
        """Set the hash of another password, or none. Whoever was let in is let in no more."""
        if hashed != self.password_hash:
            self.password_hash = hashed
            if self.epoch is not None:  # a video that is not stored yet has given no grants
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
            "has_password": self.has_password,
            **{name: getattr(self, name) for name in EDITABLE},
        }
