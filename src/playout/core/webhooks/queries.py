"""Every query about endpoints and deliveries, each confined to the caller's organization."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from playout.core.permissions import Role
from playout.core.unit import ReadUnit
from playout.core.webhooks.model import Attempt, Delivery, DeliveryState, Endpoint, Message

Row = TypeVarTuple("Row")
AGAIN = text(
    """
    UPDATE webhook_deliveries AS delivery
    SET state = 'pending', tries = 0, next_at = :now, claim = NULL, delivered_at = NULL
    FROM webhook_messages AS message
    WHERE message.event_id = delivery.event_id AND delivery.endpoint_id = :endpoint_id
        AND delivery.state = :state AND message.at >= :since
    """
)
FORGET = text(
    """
    DELETE FROM webhook_messages WHERE event_id = ANY(ARRAY(
        SELECT event_id FROM webhook_messages AS message
        WHERE at < :before AND NOT EXISTS (
            SELECT FROM webhook_deliveries AS delivery
            WHERE delivery.event_id = message.event_id AND delivery.state = 'pending'
        )
        ORDER BY at LIMIT :most
    ))
    """
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which deliveries: of an endpoint, in a state, of a type of event, of what happened when."""

    endpoint_id: int | None = None
    state: DeliveryState | None = None
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def endpoints(unit: ReadUnit) -> list[Endpoint]:
    """Oldest first."""
    return list(unit.session.scalars(_mine(unit, select(Endpoint), Endpoint).order_by(Endpoint.id)))


def by_id(unit: ReadUnit, endpoint_id: int) -> Endpoint | None:
    return unit.session.scalar(_one(unit, endpoint_id))


def for_update(unit: ReadUnit, endpoint_id: int) -> Endpoint | None:
    return unit.session.scalar(_one(unit, endpoint_id).with_for_update())


def deliveries(
    unit: ReadUnit, chosen: Chosen, offset: int, limit: int
) -> tuple[list[tuple[Delivery, Message]], int]:
    query = _chosen(_deliveries(unit), chosen)
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
    """Of a delivery that the caller has been shown already, the first first."""
    query = select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id)
    return list(unit.session.scalars(query))


def again(unit: ReadUnit, endpoint_id: int, state: DeliveryState, since: datetime) -> int:
    """Make those due that are in the state, of what happened since then; how many they are."""
    values = {"endpoint_id": endpoint_id, "state": state, "since": since, "now": unit.now}
    return _count(unit.session, AGAIN, values)


def forget(session: Session, before: datetime, most: int) -> int:
    """Drop messages older than that of which nothing is pending; how many they were."""
    return _count(session, FORGET, {"before": before, "most": most})


def _count(session: Session, statement: Any, values: dict[str, Any]) -> int:
    return session.connection().execute(statement, values).rowcount


def _one(unit: ReadUnit, endpoint_id: int) -> Select[Endpoint]:
    return _mine(unit, select(Endpoint).where(Endpoint.id == endpoint_id), Endpoint)


def _deliveries(unit: ReadUnit) -> Select[Delivery, Message]:
    query = select(Delivery, Message).join(Message, Message.event_id == Delivery.event_id)
    return _mine(unit, query, Delivery)


def _chosen(query: Select[Delivery, Message], chosen: Chosen) -> Select[Delivery, Message]:
    conditions: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (chosen.endpoint_id, lambda value: Delivery.endpoint_id == value),
        (chosen.state, lambda value: Delivery.state == value),
        (chosen.event, lambda value: Message.type == value),
        (chosen.since, lambda value: Message.at >= value),
        (chosen.until, lambda value: Message.at < value),
    ]
    return query.where(*(where(value) for value, where in conditions if value is not None))


def _mine(
    unit: ReadUnit, query: Select[*Row], table: type[Endpoint] | type[Delivery]
) -> Select[*Row]:
    if unit.principal.role is Role.OWNER:
        return query
    return query.where(table.organization_id == unit.principal.organization_id)
