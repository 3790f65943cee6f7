"""Tables of endpoints, messages, deliveries and attempts."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.kit.db import Model

URL_LENGTH = 2_000
DESCRIPTION_LENGTH = 500
PATTERN_COUNT = 50
FASTEST = 10_000
"""Deliveries a second that may be asked for at the most."""
ANSWER_BYTES = 1024
GIVE_UP_AFTER = timedelta(days=5)
"""How long everything may fail before an endpoint is disabled."""


class EndpointState(StrEnum):
    """Enabled; paused, when deliveries are made and wait; disabled, when none are made."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Endpoint(Model):
    """Where events go to.

    `event_types` are patterns: a type, all of a noun (`share.*`), or everything (`*`).
    `project_ids` confines it to some projects, `rate` to so many deliveries a second. Both secrets
    sign until `previous_until`. Nothing is sent before `quiet_until`.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index(None, "organization_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    url: Mapped[str]
    description: Mapped[str]
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    project_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    rate: Mapped[int | None]
    state: Mapped[EndpointState] = mapped_column(default=EndpointState.ENABLED)
    disabled_reason: Mapped[str | None]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        names = {"webhook": {"id": self.id}}
        return Subject("webhook", str(self.id), self.organization_id, names=names)

    @property
    def etag(self) -> str:
        """Another one after each change (RFC 9110)."""
        return f'"{self.id}-{self.updated_at.timestamp():.6f}"'

    def sealed_secrets(self, now: datetime) -> tuple[bytes, ...]:
        """Those that sign, the newest first."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return self.secret, self.previous_secret
        return (self.secret,)

    def rotate(self, sealed: bytes, now: datetime, overlap: timedelta) -> None:
        """Sign with a new secret, and for a while with the old one, too."""
        self.previous_secret, self.previous_until = self.secret, now + overlap
        self.secret = sealed

    def resume(self) -> None:
        """Send again, as if nothing had ever failed."""
        self.state, self.disabled_reason = EndpointState.ENABLED, None
        self.failing_since, self.quiet_until = None, None

    def disable(self, reason: str) -> None:
        self.state, self.disabled_reason = EndpointState.DISABLED, reason

    def has_failed(self, now: datetime) -> bool:
        """Note that an attempt failed; whether that has gone on for too long."""
        self.failing_since = self.failing_since or now
        return now - self.failing_since >= GIVE_UP_AFTER

    def told(self) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        names = ("url", "description", "event_types", "project_ids", "rate", "state")
        return {name: getattr(self, name) for name in names}


class Message(Model):
    """An event as all of its receivers get it: `body` is frozen, and the same in every attempt."""

    __tablename__ = "webhook_messages"
    __table_args__ = (Index(None, "organization_id", "type"), Index(None, "at"))

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The row of the ledger, which is there for ever."""
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    type: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Delivery(Model):
    """A message on its way to an endpoint.

    It is due at `next_at` while it is pending. Whoever sends it claims it by moving that on, to
    when it is due again should nothing be heard of the claim. `tries` counts from when it was last
    asked for.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index(None, "organization_id", "id"),
        Index(None, "endpoint_id", "id"),
        Index(
            "ix_webhook_deliveries_due",
            "endpoint_id",
            "next_at",
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    event_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_messages.event_id", ondelete="CASCADE")
    )
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    state: Mapped[DeliveryState] = mapped_column(server_default=DeliveryState.PENDING)
    tries: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    claim: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    delivered_at: Mapped[datetime | None]

    @property
    def webhook_id(self) -> str:
        return webhook_id(self.event_id, self.endpoint_id)

    def again(self, now: datetime) -> None:
        """Be due at once, with all its tries before it."""
        self.state, self.tries, self.next_at = DeliveryState.PENDING, 0, now
        self.claim, self.delivered_at = None, None


class Attempt(Model):
    """One try: what was answered, how fast, or why nothing was."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index(None, "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_deliveries.id", ondelete="CASCADE")
    )
    at: Mapped[datetime]
    duration_ms: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    """The first KiB of it, whatever it is."""
    error: Mapped[str | None]


def webhook_id(event_id: int, endpoint_id: int) -> str:
    """The `webhook-id` of a message to an endpoint: it follows from both, so that it is stable."""
    return f"msg_{event_id}_{endpoint_id}"
