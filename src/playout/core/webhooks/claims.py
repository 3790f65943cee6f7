"""Taking what is due, and writing down what came of it: the database's side of delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from playout.core.ledger.model import FieldChanges
from playout.core.principal import WORKER
from playout.core.unit import Origin, Work, WriteUnit
from playout.core.webhooks.model import Attempt, Endpoint, EndpointState
from playout.core.webhooks.retries import GONE, Tried, asked_to_wait, outcome

log = structlog.get_logger(__name__)

# A claim is a moment in the future at which the delivery is due again: whoever dies with it has
# nothing to give back.
CLAIM = text(
    """
    UPDATE webhook_deliveries AS delivery SET claim = :claim, next_at = :until
    FROM webhook_messages AS message
    WHERE message.event_id = delivery.event_id AND delivery.id = ANY(ARRAY(
        SELECT id FROM webhook_deliveries
        WHERE endpoint_id = :endpoint_id AND state = 'pending' AND next_at <= :now
        ORDER BY next_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    ))
    RETURNING delivery.id, delivery.event_id, delivery.tries, message.body
    """
)
NEXT = text(
    "SELECT min(next_at) FROM webhook_deliveries"
    " WHERE endpoint_id = :endpoint_id AND state = 'pending'"
)
SETTLE = text(
    "UPDATE webhook_deliveries SET state = :state, next_at = :next_at, tries = :tries,"
    " delivered_at = :delivered_at, claim = NULL"
    " WHERE id = :id AND claim = :claim AND state = 'pending'"
)
RELEASE = text(
    "UPDATE webhook_deliveries SET claim = NULL, next_at = :now"
    " WHERE claim = :claim AND state = 'pending'"
)
DUE = text(
    """
    SELECT id FROM webhook_endpoints AS endpoint
    WHERE state = 'enabled' AND (quiet_until IS NULL OR quiet_until <= :now) AND EXISTS (
        SELECT FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND state = 'pending' AND next_at <= :now
    )
    """
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send."""

    id: int
    event_id: int
    tries: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Turn:
    """What an endpoint gets now; else, when there will be something, as far as that is known."""

    url: str
    sealed_secrets: tuple[bytes, ...]
    claimed: list[Claimed]
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which a process takes deliveries: its claim, for how long, and the seconds of retries."""

    claim: UUID
    lease: timedelta
    retries: Sequence[float]


def exchange(
    work: Work, endpoint_id: int, terms: Terms, tried: Sequence[Tried], room: int
) -> Turn | None:
    """Write down what came of earlier claims, and take up to `room` more, in one transaction.

    None where nothing is to be sent to the endpoint any more.
    """
    with work.write(WORKER, Origin("jobs")) as unit:
        endpoint = unit.session.get(Endpoint, endpoint_id, with_for_update={"key_share": True})
        if endpoint is None:
            return None
        if tried:
            _write_down(unit.session, terms, tried, unit.now)
            _judge(unit, endpoint, tried)
        if endpoint.state is not EndpointState.ENABLED:
            return None
        quiet = endpoint.quiet_until is not None and unit.now < endpoint.quiet_until
        claimed = [] if quiet else _claim(unit, endpoint, terms, room)
        next_at = None if claimed else _next_at(unit, endpoint)
        return Turn(endpoint.url, endpoint.sealed_secrets(unit.now), claimed, next_at)


def release(session: Session, claim: UUID, now: datetime) -> None:
    """Give back what was claimed and not sent."""
    session.execute(RELEASE, {"claim": claim, "now": now})


def due(session: Session, now: datetime) -> list[int]:
    """The endpoints to which something could be sent now."""
    return list(session.scalars(DUE, {"now": now}))


def _claim(unit: WriteUnit, endpoint: Endpoint, terms: Terms, room: int) -> list[Claimed]:
    most = min(room, endpoint.rate) if endpoint.rate else room
    if not most:
        return []
    values = {
        "endpoint_id": endpoint.id,
        "claim": terms.claim,
        "now": unit.now,
        "until": unit.now + terms.lease,
        "most": most,
    }
    claimed = [Claimed(*row) for row in unit.session.execute(CLAIM, values)]
    if endpoint.rate and claimed:
        endpoint.quiet_until = unit.now + timedelta(seconds=len(claimed) / endpoint.rate)
    return claimed


def _next_at(unit: WriteUnit, endpoint: Endpoint) -> datetime | None:
    next_at: datetime | None = unit.session.scalar(NEXT, {"endpoint_id": endpoint.id})
    if next_at is None or endpoint.quiet_until is None:
        return next_at
    return max(next_at, endpoint.quiet_until)


def _write_down(session: Session, terms: Terms, tried: Sequence[Tried], now: datetime) -> None:
    session.execute(
        insert(Attempt),
        [
            {
                "delivery_id": each.delivery_id,
                "at": each.at,
                "duration_ms": each.duration_ms,
                "status": each.status,
                "answer": each.answer,
                "error": each.error,
            }
            for each in tried
        ],
    )
    settled = [(each, outcome(each, terms.retries, now)) for each in tried]
    session.connection().execute(
        SETTLE,
        [
            {
                "id": each.delivery_id,
                "claim": terms.claim,
                "state": came.state,
                "next_at": came.next_at,
                "tries": each.tries + 1,
                "delivered_at": now if each.succeeded else None,
            }
            for each, came in settled
        ],
    )


def _judge(unit: WriteUnit, endpoint: Endpoint, tried: Sequence[Tried]) -> None:
    """What the attempts say of the endpoint itself."""
    failed = [each for each in tried if not each.succeeded]
    for each in failed:
        wait = asked_to_wait(each, unit.now)
        if wait:
            endpoint.quiet_until = max(endpoint.quiet_until or unit.now, unit.now + wait)
    if any(each.status == GONE for each in failed):
        _disable(unit, endpoint, "The receiver says that it is gone for good (410).")
    elif len(failed) < len(tried):
        endpoint.failing_since = None
    elif endpoint.has_failed(unit.now):
        _disable(unit, endpoint, "Nothing has reached it for five days.")


def _disable(unit: WriteUnit, endpoint: Endpoint, reason: str) -> None:
    if endpoint.state is EndpointState.DISABLED:
        return
    before = endpoint.state
    endpoint.disable(reason)
    changes: FieldChanges = {"state": [before, endpoint.state], "disabled_reason": [None, reason]}
    unit.record("webhook.disabled", endpoint.subject, changes)
    log.warning("webhook.disabled", endpoint=endpoint.id, url=endpoint.url, reason=reason)
