"""Routes of webhook deliveries."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import NFC, Id, Rfc3339DateTime
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.types import NO_NUL
from playout.api.videos.schemas.webhook_deliveries import (
    DeliveryDetailOut,
    DeliveryOut,
    delivery_detail_out,
    delivery_out,
)
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import deliveries
from playout.core.webhooks.model import DeliveryState
from playout.core.webhooks.queries import DeliveryFilter

router = APIRouter(prefix="/webhook-deliveries", route_class=StrictRoute, tags=["webhooks"])


async def _delivery_filter(
    webhook: Annotated[Id | None, Query()] = None,
    state: DeliveryState | None = None,
    event: Annotated[str | None, Query(max_length=100, pattern=NO_NUL), NFC] = None,
    since: Annotated[Rfc3339DateTime | None, Query()] = None,
    until: Annotated[Rfc3339DateTime | None, Query()] = None,
) -> DeliveryFilter:
    return DeliveryFilter(webhook, state, event, since, until)


DeliveryFilterQuery = Annotated[DeliveryFilter, Depends(_delivery_filter)]


@router.get("/")
@endpoint
def list_deliveries(
    unit: ReadUnit, page: Page, delivery_filter: DeliveryFilterQuery
) -> Answer[ListOf[DeliveryOut]]:
    """List deliveries, newest first.

    `since` and `until` compare the time of the event.
    """
    rows, count = deliveries.page(unit, delivery_filter, page.offset, page.size)
    return page.answer([delivery_out(*row) for row in rows], count)


@router.get("/{delivery_id}/")
@endpoint
def retrieve_delivery(delivery_id: Id, unit: ReadUnit) -> Answer[DeliveryDetailOut]:
    """Return one delivery with its body and each attempt with its answer."""
    return Answer(delivery_detail_out(*deliveries.get(unit, delivery_id)))


@router.post("/{delivery_id}/resend/", status_code=202)
@endpoint
def resend_delivery(delivery_id: Id, unit: WriteUnit) -> Answer[DeliveryOut]:
    """Send a delivery again, in whatever state it is, under the same `webhook-id`."""
    return Answer(delivery_out(*deliveries.resend(unit, delivery_id)))
