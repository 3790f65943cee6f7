"""Claim due deliveries and record the results of attempts: the database's side of sending."""

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
from playout.core.webhooks.retries import GONE, AttemptResult, next_state, retry_after

log = structlog.get_logger(__name__)

# A claim moves the time at which a delivery is due into the future. If the process dies, the claim
# runs out by itself.
CLAIM = text(
    """
    UPDATE webhook_deliveries AS delivery SET claim = :claim, next_at = :until
    FROM webhook_messages AS message
    WHERE message.event_id = delivery.event_id AND delivery.id = ANY(ARRAY(
        SELECT id FROM webhook_deliveries
        WHERE endpoint_id = :endpoint_id AND state = 'pending' AND next_at <= :now
        ORDER BY next_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    ))
    RETURNING delivery.id, delivery.event_id, delivery.tries, message.body
    """
)
NEXT = text(
    "SELECT min(next_at) FROM webhook_deliveries"
    " WHERE endpoint_id = :endpoint_id AND state = 'pending'"
)
RECORD = text(
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
class ClaimedDelivery:
    """A delivery that this process sends."""

    id: int
    event_id: int
    tries: int
    body: bytes


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """The terms of a claim on deliveries: its id, its duration, and the seconds before retries."""

    claim: UUID
    duration: timedelta
    retries: Sequence[float]


@dataclass(frozen=True, slots=True)
class Lease:
    """The deliveries that a process may send to an endpoint now.

    Without any, `next_at` is when the next one is due, if one is known.
    """

    url: str
    encrypted_secrets: tuple[bytes, ...]
    deliveries: list[ClaimedDelivery]
    next_at: datetime | None


def record_and_claim(
    work: Work, endpoint_id: int, terms: LeaseTerms, results: Sequence[AttemptResult], limit: int
) -> Lease | None:
    """Record results of earlier claims and claim up to `limit` deliveries, in one transaction.

    Return None if nothing is sent to the endpoint any more.
    """
    with work.write(WORKER, Origin("jobs")) as unit:
        endpoint = unit.session.get(Endpoint, endpoint_id, with_for_update={"key_share": True})
        if endpoint is None:
            return None
        if results:
            _record(unit.session, terms, results, unit.now)
            _update_endpoint(unit, endpoint, results)
        if endpoint.state is not EndpointState.ENABLED:
            return None
        is_quiet = endpoint.quiet_until is not None and unit.now < endpoint.quiet_until
        claimed = [] if is_quiet else _claim(unit, endpoint, terms, limit)
        next_at = None if claimed else _next_at(unit, endpoint)
        return Lease(endpoint.url, endpoint.encrypted_secrets(unit.now), claimed, next_at)


def release(session: Session, claim: UUID, now: datetime) -> None:
    """Give back what was claimed and not sent."""
    session.execute(RELEASE, {"claim": claim, "now": now})


def due_endpoints(session: Session, now: datetime) -> list[int]:
    """Return the ids of the endpoints to which something could be sent now."""
    return list(session.scalars(DUE, {"now": now}))


def _claim(
    unit: WriteUnit, endpoint: Endpoint, terms: LeaseTerms, limit: int
) -> list[ClaimedDelivery]:
    limit = min(limit, endpoint.rate) if endpoint.rate else limit
    if not limit:
        return []
    values = {
        "endpoint_id": endpoint.id,
        "claim": terms.claim,
        "now": unit.now,
        "until": unit.now + terms.duration,
        "limit": limit,
    }
    claimed = [ClaimedDelivery(*row) for row in unit.session.execute(CLAIM, values)]
    if endpoint.rate and claimed:
        endpoint.quiet_until = unit.now + timedelta(seconds=len(claimed) / endpoint.rate)
    return claimed


def _next_at(unit: WriteUnit, endpoint: Endpoint) -> datetime | None:
    next_at: datetime | None = unit.session.scalar(NEXT, {"endpoint_id": endpoint.id})
    if next_at is None or endpoint.quiet_until is None:
        return next_at
    return max(next_at, endpoint.quiet_until)


def _record(
    session: Session, terms: LeaseTerms, results: Sequence[AttemptResult], now: datetime
) -> None:
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
            for each in results
        ],
    )
    states = [(each, next_state(each, terms.retries, now)) for each in results]
    session.connection().execute(
        RECORD,
        [
            {
                "id": each.delivery_id,
                "claim": terms.claim,
                "state": after.state,
                "next_at": after.next_at,
                "tries": each.tries + 1,
                "delivered_at": now if each.succeeded else None,
            }
            for each, after in states
        ],
    )


def _update_endpoint(unit: WriteUnit, endpoint: Endpoint, results: Sequence[AttemptResult]) -> None:
    """Change what the results say about the endpoint itself."""
    failed = [each for each in results if not each.succeeded]
    for each in failed:
        wait = retry_after(each, unit.now)
        if wait:
            endpoint.quiet_until = max(endpoint.quiet_until or unit.now, unit.now + wait)
    if any(each.status == GONE for each in failed):
        _disable(unit, endpoint, "The receiver says that it is gone for good (410).")
    elif len(failed) < len(results):
        endpoint.failing_since = None
    elif endpoint.note_failure(unit.now):
        _disable(unit, endpoint, "Nothing has reached it for five days.")


def _disable(unit: WriteUnit, endpoint: Endpoint, reason: str) -> None:
    if endpoint.state is EndpointState.DISABLED:
        return
    before = endpoint.state
    endpoint.disable(reason)
    changes: FieldChanges = {"state": [before, endpoint.state], "disabled_reason": [None, reason]}
    unit.record("webhook.disabled", endpoint, changes)
    log.warning("webhook.disabled", endpoint=endpoint.id, url=endpoint.url, reason=reason)
