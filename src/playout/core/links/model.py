"""The table of guest links."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.videos.model import Video
from playout.kit.database.engine import Model

NAME_LENGTH = 160
MAX_VIEWS = 10**9


class LinkState(StrEnum):
    """The state of a guest link: only an active one opens its video."""

    ACTIVE = "active"
    EXPIRED = "expired"
    USED_UP = "used_up"
    REVOKED = "revoked"


class LinkFields(TypedDict, total=False):
    """The fields of a guest link that a caller may set. None takes a limit away."""

    name: str
    expires_at: datetime | None
    password: str | None
    max_views: int | None


class GuestLink(Recordable, Authored, Model):
    """An unguessable address of one video, made for somebody who has no account.

    It opens the video while that is published, whatever its visibility. `epoch` is part of the
    grants that are made through the link: incrementing it ends them.
    """

    __tablename__ = "guest_links"
    __table_args__ = (Index(None, "video_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    name: Mapped[str]
    expires_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    max_views: Mapped[int | None]
    views: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number of visitors who opened the page."""
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    revoked_at: Mapped[datetime | None]

    video: Mapped[Video] = relationship()

    @property
    def subject(self) -> Subject:
        return Subject(
            "link",
            str(self.id),
            self.video.organization_id,
            self.video.project_id,
            self.video.sub_account_id,
            {"link": {"id": self.id}, **self.video.names},
        )

    @property
    def cache_key(self) -> str:
        return link_key(self.slug)

    @property
    def cache_keys(self) -> Sequence[str]:
        return (self.cache_key,)

    def state(self, now: datetime) -> LinkState:
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return LinkState.EXPIRED
        is_used_up = self.max_views is not None and self.views >= self.max_views
        return LinkState.USED_UP if is_used_up else LinkState.ACTIVE

    def admits(self, now: datetime) -> bool:
        """Return whether visitors who were let in may go on watching."""
        return self.state(now) in {LinkState.ACTIVE, LinkState.USED_UP}

    def set_password(self, hashed: str | None) -> None:
        """Set another password, or none. Whoever was let in with the old one is let in no more."""
        self.password_hash = hashed
        self.epoch += 1

    def revoke(self, now: datetime) -> None:
        self.revoked_at = now

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares: neither the address nor the password may enter it."""
        return {
            "name": self.name,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "max_views": self.max_views,
            "has_password": self.password_hash is not None,
        }


def link_key(slug: str) -> str:
    """Return the key of what processes hold in memory of a guest link."""
    return f"link:{slug}"
