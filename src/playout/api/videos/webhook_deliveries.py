"""Routes of the deliveries to webhooks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from playout.api.answer import Answer
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.types import NO_NUL
from playout.api.videos.webhook_body import When
from playout.api.videos.webhook_wire import (
    DeliveryDetail,
    DeliveryOut,
    delivery_detail,
    delivery_out,
)
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import deliveries
from playout.core.webhooks.model import DeliveryState
from playout.core.webhooks.queries import Chosen

router = APIRouter(route_class=StrictRoute, tags=["webhooks"])


def _chosen(
    webhook: Annotated[Id | None, Query()] = None,
    state: DeliveryState | None = None,
    event: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
    since: Annotated[When | None, Query()] = None,
    until: Annotated[When | None, Query()] = None,
) -> Chosen:
    return Chosen(webhook, state, event, since, until)


@router.get("/webhook-deliveries/", response_model=ListOf[DeliveryOut])
def list_deliveries(
    call: ApiRequest, page: Page, chosen: Annotated[Chosen, Depends(_chosen)]
) -> Response:
    """Deliveries, newest first. `since` and `until` are about when the event happened."""

    def use(unit: ReadUnit) -> Answer:
        found, count = deliveries.page(unit, chosen, page.offset, page.size)
        return Answer(page.of(found, count, call.runtime.settings.base_url, delivery_out))

    return call.answer_read(use)


@router.get("/webhook-deliveries/{delivery_id}/", response_model=DeliveryDetail)
def retrieve_delivery(delivery_id: Id, call: ApiRequest) -> Response:
    """One delivery: what is sent, and each attempt with what was answered."""

    def use(unit: ReadUnit) -> Answer:
        return Answer(delivery_detail(*deliveries.get(unit, delivery_id)))

    return call.answer_read(use)


@router.post(
    "/webhook-deliveries/{delivery_id}/resend/", status_code=202, response_model=DeliveryOut
)
def resend_delivery(delivery_id: Id, call: ApiRequest) -> Response:
    """Send one again, wherever it stands, under the same `webhook-id`."""

    def use(unit: WriteUnit) -> Answer:
        return Answer(delivery_out(deliveries.resend(unit, delivery_id)), 202)

    return call.answer_write(use)
