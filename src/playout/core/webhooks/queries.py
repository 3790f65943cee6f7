"""Every query about endpoints and deliveries, each limited to the caller's organization."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, TextClause, func, select, text
from sqlalchemy.orm import Session

from playout.core.permissions import Role
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks.model import Attempt, Delivery, DeliveryState, Endpoint, Message

Row = TypeVarTuple("Row")
RESEND = text(
    """
    UPDATE webhook_deliveries AS delivery
    SET state = 'pending', tries = 0, next_at = :now, claim = NULL, delivered_at = NULL
    FROM webhook_messages AS message
    WHERE message.event_id = delivery.event_id AND delivery.endpoint_id = :endpoint_id
        AND delivery.state = :state AND message.at >= :since
    """
)
DELETE_OLD = text(
    """
    DELETE FROM webhook_messages WHERE event_id = ANY(ARRAY(
        SELECT event_id FROM webhook_messages AS message
        WHERE at < :before AND NOT EXISTS (
            SELECT FROM webhook_deliveries AS delivery
            WHERE delivery.event_id = message.event_id AND delivery.state = 'pending'
        )
        ORDER BY at LIMIT :limit
    ))
    """
)


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Conditions for deliveries; None is any. `since` and `until` are about their events."""

    endpoint_id: int | None = None
    state: DeliveryState | None = None
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def endpoints(unit: ReadUnit) -> list[Endpoint]:
    """Return all endpoints, oldest first."""
    return list(unit.session.scalars(_mine(unit, select(Endpoint), Endpoint).order_by(Endpoint.id)))


def by_id(unit: ReadUnit, endpoint_id: int) -> Endpoint | None:
    return unit.session.scalar(_one(unit, endpoint_id))


def for_update(unit: WriteUnit, endpoint_id: int) -> Endpoint | None:
    return unit.session.scalar(_one(unit, endpoint_id).with_for_update())


def deliveries(
    unit: ReadUnit, filter: DeliveryFilter, offset: int, limit: int
) -> tuple[list[tuple[Delivery, Message]], int]:
    """Return a page of deliveries, newest first, and how many there are in all."""
    query = _filtered(_deliveries(unit), filter)
    count = unit.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = unit.session.execute(query.order_by(Delivery.id.desc()).offset(offset).limit(limit))
    return [(delivery, message) for delivery, message in rows], count


def delivery(
    unit: ReadUnit, delivery_id: int, *, for_update: bool = False
) -> tuple[Delivery, Message] | None:
    query = _deliveries(unit).where(Delivery.id == delivery_id)
    if for_update:
        query = query.with_for_update(of=Delivery)
    row = unit.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def attempts(unit: ReadUnit, delivery_id: int) -> list[Attempt]:
    """Return the attempts at a delivery that the caller has been shown, oldest first."""
    query = select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id)
    return list(unit.session.scalars(query))


def resend(unit: WriteUnit, endpoint_id: int, state: DeliveryState, since: datetime) -> int:
    """Make deliveries in that state due, of the events since then; return how many they are."""
    values = {"endpoint_id": endpoint_id, "state": state, "since": since, "now": unit.now}
    return _count(unit.session, RESEND, values)


def delete_old(session: Session, before: datetime, limit: int) -> int:
    """Delete older messages of which no delivery is pending; return how many they were."""
    return _count(session, DELETE_OLD, {"before": before, "limit": limit})


def _count(session: Session, statement: TextClause, values: dict[str, Any]) -> int:
    return session.connection().execute(statement, values).rowcount


def _one(unit: ReadUnit, endpoint_id: int) -> Select[Endpoint]:
    return _mine(unit, select(Endpoint).where(Endpoint.id == endpoint_id), Endpoint)


def _deliveries(unit: ReadUnit) -> Select[Delivery, Message]:
    query = select(Delivery, Message).join(Message, Message.event_id == Delivery.event_id)
    return _mine(unit, query, Delivery)


def _filtered(
    query: Select[Delivery, Message], filter: DeliveryFilter
) -> Select[Delivery, Message]:
    if filter.endpoint_id is not None:
        query = query.where(Delivery.endpoint_id == filter.endpoint_id)
    if filter.state is not None:
        query = query.where(Delivery.state == filter.state)
    if filter.event is not None:
        query = query.where(Message.type == filter.event)
    if filter.since is not None:
        query = query.where(Message.at >= filter.since)
    if filter.until is not None:
        query = query.where(Message.at < filter.until)
    return query


def _mine(
    unit: ReadUnit, query: Select[*Row], table: type[Endpoint] | type[Delivery]
) -> Select[*Row]:
    if unit.principal.role is Role.OWNER:
        return query
    return query.where(table.organization_id == unit.principal.organization_id)
