"""Tables of shares, and of every slug that a share ever had."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.accounts.model import RenderCredential
from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Recordable, Timestamped
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project, ProjectStatus
from playout.kit.database.engine import Model
from playout.kit.passwords import seal

TITLE_LENGTH = 160
SUBTITLE_LENGTH = 280
CTA_LABEL_LENGTH = 80
LOCALE_LENGTH = 35
PERSONALIZATION_BYTES = 64 * 1024


class ShareStatus(StrEnum):
    """The switch of a share."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


@dataclass(frozen=True, slots=True)
class ShareInput:
    """All that a caller sets of a share. A field that is left out is None, which clears it."""

    public_title: str
    public_subtitle: str | None = None
    locale: str | None = None
    cta_label: str | None = None
    cta_url: str | None = None
    personalization_data: dict[str, Any] | None = None
    credential_id: UUID | None = None
    video_uid: UUID | None = None
    publish_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A password that a caller sets; None takes the password away."""

    password: str | None


FIELDS = tuple(ShareInput.__slots__)


class Share(Recordable, Timestamped, Model):
    """The landing page of a project for one channel.

    `disabled_at` is the time of the last disabling. `restored_at` is set when that was undone. The
    ledger has all the earlier ones. Whether the share serves is derived. `turns_at` is the next of
    `publish_at` and `expires_at` whose event is still to come.
    """

    __tablename__ = "shares"
    __table_args__ = (
        Index("ix_shares_turns_at", "turns_at", postgresql_where=text("turns_at IS NOT NULL")),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(ForeignKey("share_slugs.slug"), unique=True)
    public_title: Mapped[str]
    public_subtitle: Mapped[str | None]
    locale: Mapped[str | None]
    cta_label: Mapped[str | None]
    cta_url: Mapped[str | None]
    # Text, not JSONB: a client reads exactly what it sent, down to the digits of numbers.
    personalization_data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    credential_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("render_credentials.id"), index=True
    )
    video_uid: Mapped[UUID | None] = mapped_column(ForeignKey("videos.uid"))
    publish_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    turns_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str | None]
    restored_at: Mapped[datetime | None]
    restored_by: Mapped[str | None]

    project: Mapped[Project] = relationship()

    @property
    def subject(self) -> Subject:
        return share_subject(self.project, self.channel)

    @property
    def status(self) -> ShareStatus:
        off = self.disabled_at is not None and self.restored_at is None
        return ShareStatus.DISABLED if off else ShareStatus.ENABLED

    @property
    def seal(self) -> str:
        """Return the seal of its password, which grants and cookies carry."""
        return seal(self.password_hash)

    @property
    def address_seal(self) -> str:
        """Return a text that changes with its address, which it does not reveal, and its password.

        The addresses of its recipients' films carry it, so that a rotation ends them.
        """
        return f"{seal(self.slug)}{self.seal}"

    def serves(self, project: Project, credential: RenderCredential | None, now: datetime) -> bool:
        """Return whether the public may see it; `credential` is the one that it refers to."""
        return (
            self.status is ShareStatus.ENABLED
            and is_time(self.publish_at, self.expires_at, now)
            and project.status is not ProjectStatus.ARCHIVED
            and (credential is None or credential.revoked_at is None)
        )

    def apply(self, sent: ShareInput, now: datetime) -> None:
        """Set everything that a caller sets, but for the password."""
        had = self.publish_at, self.expires_at
        for name in FIELDS:
            setattr(self, name, getattr(sent, name))
        if (self.publish_at, self.expires_at) != had:
            self.plan_turn(now)

    def plan_turn(self, now: datetime) -> None:
        """Note when the share begins or ends next."""
        edges = [at for at in (self.publish_at, self.expires_at) if at is not None and at > now]
        self.turns_at = min(edges, default=None)

    def disable(self, by: str, now: datetime) -> None:
        """Stop serving, and keep everything else."""
        self.disabled_at, self.disabled_by = now, by
        self.restored_at, self.restored_by = None, None

    def restore(self, by: str, now: datetime) -> None:
        """Serve again, at the same address."""
        self.restored_at, self.restored_by = now, by

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        fields = {name: getattr(self, name) for name in ("slug", "status", *FIELDS)}
        return fields | {
            "personalization_data": _fingerprint(self.personalization_data),
            "has_password": self.password_hash is not None,
        }


class ShareSlug(Model):
    """A slug that a share has or had. No other share ever gets it."""

    __tablename__ = "share_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    channel: Mapped[Channel]
    created_at: Mapped[datetime]


def is_time(publish_at: datetime | None, expires_at: datetime | None, now: datetime) -> bool:
    """Return whether something that begins and ends at these times shows now."""
    return (publish_at is None or publish_at <= now) and (expires_at is None or now < expires_at)


def share_subject(project: Project, channel: Channel) -> Subject:
    """Return a share as the ledger names it."""
    name = f"{project.uid}/{channel}"
    names = {"share": {"project_id": str(project.uid), "channel": channel}}
    return Subject("share", name, project.organization_id, project.id, names=names)


def compact_json(data: dict[str, Any]) -> bytes:
    """Return the shortest JSON text of an object, the same for every order of its keys."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def _fingerprint(data: dict[str, Any] | None) -> str | None:
    # The ledger keeps everything for ever, so that personal data must not come into it.
    return None if data is None else f"sha256:{sha256(compact_json(data)).hexdigest()}"
