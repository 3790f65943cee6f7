"""The tables of endpoints, messages, deliveries and attempts."""

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
from playout.core.ledger.recordable import Recordable, Timestamped
from playout.kit.database.engine import Model

URL_LENGTH = 2_000
DESCRIPTION_LENGTH = 500
PATTERN_COUNT = 50
MAX_RATE = 10_000
"""Deliveries a second."""
ANSWER_BYTES = 1024
"""Bytes of an answer that are stored."""
GIVE_UP_AFTER = timedelta(days=5)
"""Time for which all attempts may fail before an endpoint is disabled."""


class EndpointState(StrEnum):
    """Enabled; paused: its deliveries wait; disabled: it gets no deliveries."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    """Pending until an attempt succeeds or the last one fails."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Endpoint(Recordable, Timestamped, Model):
    """An address that receives events.

    `event_types` are patterns: a type, all types of a noun (`share.*`), or everything (`*`).
    `project_ids` limits it to some projects, `rate` to so many deliveries a second. Both secrets
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
    created_by: Mapped[str]

    @property
    def subject(self) -> Subject:
        names = {"webhook": {"id": self.id}}
        return Subject("webhook", str(self.id), self.organization_id, names=names)

    def encrypted_secrets(self, now: datetime) -> tuple[bytes, ...]:
        """Return the secrets that sign now, the newest first."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return self.secret, self.previous_secret
        return (self.secret,)

    def rotate(self, secret: bytes, now: datetime, overlap: timedelta) -> None:
        """Sign with a new secret, which is encrypted, and for a while with the old one too."""
        self.previous_secret, self.previous_until = self.secret, now + overlap
        self.secret = secret

    def resume(self) -> None:
        """Send again, as if no attempt had ever failed."""
        self.state, self.disabled_reason = EndpointState.ENABLED, None
        self.failing_since, self.quiet_until = None, None

    def disable(self, reason: str) -> None:
        """Send nothing more; `reason` is a sentence for a person."""
        self.state, self.disabled_reason = EndpointState.DISABLED, reason

    def note_failure(self, now: datetime) -> bool:
        """Note that an attempt failed; return whether all have failed for too long."""
        self.failing_since = self.failing_since or now
        return now - self.failing_since >= GIVE_UP_AFTER

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        names = ("url", "description", "event_types", "project_ids", "rate", "state")
        return {name: getattr(self, name) for name in names}


class Message(Model):
    """An event as all its receivers get it. `body` never changes: every attempt sends the same."""

    __tablename__ = "webhook_messages"
    __table_args__ = (Index(None, "organization_id", "type"), Index(None, "at"))

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The id of the ledger row, which is never deleted."""
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    type: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Delivery(Model):
    """A message for one endpoint.

    While it is pending, it is due at `next_at`. A process that sends it claims it: it moves
    `next_at` to the time at which the claim runs out. `tries` counts the attempts since the
    delivery was created or resent.
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

    def resend(self, now: datetime) -> None:
        """Make it due at once, with all its attempts before it."""
        self.state, self.tries, self.next_at = DeliveryState.PENDING, 0, now
        self.claim, self.delivered_at = None, None


class Attempt(Model):
    """One attempt at a delivery: the answer, how long it took, or why there was none."""

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
    """The first KiB of the body, whatever it holds."""
    error: Mapped[str | None]


def webhook_id(event_id: int, endpoint_id: int) -> str:
    """Return the `webhook-id` of a message to an endpoint, the same in every attempt."""
    return f"msg_{event_id}_{endpoint_id}"
