"""Use cases of deliveries: list them, look at one, send again."""

from datetime import datetime

from playout.core.ledger.model import FieldChanges
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import queries, service
from playout.core.webhooks.jobs import send_due
from playout.core.webhooks.model import Attempt, Delivery, DeliveryState, EndpointState, Message
from playout.core.webhooks.queries import DeliveryFilter
from playout.kit.errors import Conflict, NotFound


def page(
    unit: ReadUnit, filter: DeliveryFilter, offset: int, limit: int
) -> tuple[list[tuple[Delivery, Message]], int]:
    """Return a page of deliveries, newest first, and how many there are in all."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    return queries.deliveries(unit, filter, offset, limit)


def get(unit: ReadUnit, delivery_id: int) -> tuple[Delivery, Message, list[Attempt]]:
    """Return one delivery with its message and its attempts, oldest first. Raise `NotFound`."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    found = queries.delivery(unit, delivery_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    delivery, message = found
    return delivery, message, queries.attempts(unit, delivery.id)


def resend(unit: WriteUnit, delivery_id: int) -> tuple[Delivery, Message]:
    """Send a delivery again, whatever its state: the same bytes under the same id.

    Raise `Conflict` if its endpoint is disabled.
    """
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    found = queries.delivery(unit, delivery_id, for_update=True)
    if found is None:
        raise NotFound("There is no such delivery.")
    delivery, message = found
    endpoint = service.get(unit, delivery.endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: resume it first.")
    before = delivery.state
    delivery.resend(unit.now)
    changes: FieldChanges = {
        "delivery": [None, delivery.webhook_id],
        "state": [before, delivery.state],
    }
    unit.record("webhook.resent", endpoint.subject, changes)
    unit.defer(send_due, endpoint.id)
    return delivery, message


def resend_failed(unit: WriteUnit, endpoint_id: int, since: datetime) -> int:
    """Send the failed deliveries of all events since then again; return how many they are.

    Raise `Conflict` if the endpoint is disabled.
    """
    endpoint = service.locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: resume it first.")
    count = queries.resend(unit, endpoint.id, DeliveryState.FAILED, since)
    if count:
        changes: FieldChanges = {"since": [None, since.isoformat()], "deliveries": [None, count]}
        unit.record("webhook.resent", endpoint.subject, changes)
        unit.defer(send_due, endpoint.id)
    return count
