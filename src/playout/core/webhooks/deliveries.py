"""Use cases of deliveries: look through them, and send again."""

from datetime import datetime

from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import queries, service
from playout.core.webhooks.jobs import send_due
from playout.core.webhooks.model import Attempt, Delivery, DeliveryState, EndpointState, Message
from playout.core.webhooks.queries import Chosen
from playout.kit.errors import Conflict, NotFound


def page(
    unit: ReadUnit, chosen: Chosen, offset: int, limit: int
) -> tuple[list[tuple[Delivery, Message]], int]:
    """A page of deliveries, newest first, and how many there are."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    return queries.deliveries(unit, chosen, offset, limit)


def get(unit: ReadUnit, delivery_id: int) -> tuple[Delivery, Message, list[Attempt]]:
    """One delivery with its message and its attempts, the first of them first."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    found = queries.delivery(unit, delivery_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    delivery, message = found
    return delivery, message, queries.attempts(unit, delivery.id)


def resend(unit: WriteUnit, delivery_id: int) -> tuple[Delivery, Message]:
    """Send one again, wherever it stands: the same bytes under the same id.

    Raises `Conflict` where its endpoint is disabled.
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
    delivery.again(unit.now)
    changes = {"delivery": [None, delivery.webhook_id], "state": [before, delivery.state]}
    unit.record("webhook.resent", endpoint.subject, changes)
    unit.defer(send_due, endpoint.id)
    return delivery, message


def resend_failed(unit: WriteUnit, endpoint_id: int, since: datetime) -> int:
    """Send again all that failed of what happened since then; how many that is.

    Raises `Conflict` where the endpoint is disabled.
    """
    endpoint = service.locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: resume it first.")
    count = queries.again(unit, endpoint.id, DeliveryState.FAILED, since)
    if count:
        changes = {"since": [None, since.isoformat()], "deliveries": [None, count]}
        unit.record("webhook.resent", endpoint.subject, changes)
        unit.defer(send_due, endpoint.id)
    return count
