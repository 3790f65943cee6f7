"""Tables of shares and of every slug that was ever given out."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.accounts.model import RenderCredential
from playout.core.ledger.model import Subject
from playout.core.projects.model import Project, ProjectStatus
from playout.kit.db import Model

TITLE_LENGTH = 160
SUBTITLE_LENGTH = 280
CTA_LABEL_LENGTH = 80
LOCALE_LENGTH = 35
PERSONALIZATION_BYTES = 64 * 1024
SLUG_BYTES = 16
SLUG_PATTERN = r"[0-9a-f]{32}"


class Channel(StrEnum):
    """Which of a project's videos a share plays: DEV the newest that can be played, draft or not,
    STAGING the same, PROD the newest that is published."""

    DEV = "DEV"
    STAGING = "STAGING"
    PROD = "PROD"


class ShareStatus(StrEnum):
    ENABLED = "Enabled"
    DISABLED = "Disabled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a share is to be, whole: what a caller leaves out is None and goes."""

    public_title: str
    public_subtitle: str | None = None
    locale: str | None = None
    cta_label: str | None = None
    cta_url: str | None = None
    personalization_data: dict[str, Any] | None = None
    credential_id: UUID | None = None
    video_uid: UUID | None = None


FIELDS = tuple(Wanted.__slots__)


class Share(Model):
    """The landing page of a project for one channel.

    `disabled_at` and `restored_at` are of the last disabling and, where it was undone, of that;
    the ledger has them all. Whether the share serves is derived.
    """

    __tablename__ = "shares"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(ForeignKey("share_slugs.slug"), unique=True)
    public_title: Mapped[str]
    public_subtitle: Mapped[str | None]
    locale: Mapped[str | None]
    cta_label: Mapped[str | None]
    cta_url: Mapped[str | None]
    # Text, not JSONB: what comes back is what was sent, down to the digits of its numbers.
    personalization_data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    credential_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("render_credentials.id"), index=True
    )
    video_uid: Mapped[UUID | None] = mapped_column(ForeignKey("videos.uid"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str | None]
    restored_at: Mapped[datetime | None]
    restored_by: Mapped[str | None]

    @property
    def status(self) -> ShareStatus:
        off = self.disabled_at is not None and self.restored_at is None
        return ShareStatus.DISABLED if off else ShareStatus.ENABLED

    @property
    def etag(self) -> str:
        """Another one after each change (RFC 9110)."""
        return f'"{self.project_id}-{self.channel}-{self.updated_at.timestamp():.6f}"'

    def serves(self, project: Project, credential: RenderCredential | None) -> bool:
        """Whether the public may see it; `credential` is the one that it refers to."""
        return (
            self.status is ShareStatus.ENABLED
            and project.status is not ProjectStatus.ARCHIVED
            and (credential is None or credential.revoked_at is None)
        )

    def apply(self, wanted: Wanted) -> None:
        """Be what is wanted."""
        for name in FIELDS:
            setattr(self, name, getattr(wanted, name))

    def disable(self, who: str, now: datetime) -> None:
        """Stop serving; all the rest is kept."""
        self.disabled_at, self.disabled_by = now, who
        self.restored_at, self.restored_by = None, None
        self.updated_at = now

    def restore(self, who: str, now: datetime) -> None:
        """Serve again, at the same address."""
        self.restored_at, self.restored_by = now, who
        self.updated_at = now

    def state(self) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        fields = {name: getattr(self, name) for name in ("slug", "status", *FIELDS)}
        return fields | {"personalization_data": _fingerprint(self.personalization_data)}


class ShareSlug(Model):
    """A slug that was given out once, and is never given out again."""

    __tablename__ = "share_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    channel: Mapped[Channel]
    created_at: Mapped[datetime]


def share_subject(project: Project, channel: Channel) -> Subject:
    """A share, as the ledger names it."""
    name = f"{project.uid}/{channel}"
    names = {"share": {"project_id": str(project.uid), "channel": channel}}
    return Subject("share", name, project.organization_id, project.id, names=names)


def new_slug() -> str:
    """128 random bits. Digits that no mail program takes for punctuation at the end of a link."""
    return secrets.token_hex(SLUG_BYTES)


def compact(data: dict[str, Any]) -> bytes:
    """The shortest JSON of it, in which the order of keys makes no difference."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def _fingerprint(data: dict[str, Any] | None) -> str | None:
    # The ledger forgets nothing, so that nobody's personal data may come into it.
    return None if data is None else f"sha256:{sha256(compact(data)).hexdigest()}"
