"""Routes of webhooks: the endpoints that events go to."""

from collections.abc import Callable

from fastapi import APIRouter, Response

from playout.api import etags
from playout.api.answer import Answer
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.webhook_body import ResendIn, WebhookIn, WebhookPatch
from playout.api.videos.webhook_wire import (
    NewSecret,
    ResentOut,
    SecretsOut,
    WebhookOut,
    secrets_out,
    webhook_out,
)
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import deliveries, queries, service
from playout.core.webhooks.model import Endpoint

router = APIRouter(route_class=StrictRoute, tags=["webhooks"])
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/webhooks/", response_model=ListOf[WebhookOut])
def list_webhooks(call: ApiRequest, page: Page) -> Response:
    """The endpoints of the organization, oldest first."""

    def use(unit: ReadUnit) -> Answer:
        unit.principal.require(Permission.WEBHOOKS_WRITE)
        found = queries.endpoints(unit)
        shown = found[page.offset : page.offset + page.size]
        base_url = call.runtime.settings.base_url
        return Answer(page.of(shown, len(found), base_url, webhook_out))

    return call.answer_read(use)


@router.post("/webhooks/", status_code=201, response_model=NewSecret, openapi_extra=etags.ETAG)
def add_webhook(body: WebhookIn, call: ApiRequest) -> Response:
    """Have events sent to an address. Its secret is in this answer, and under `secret/`."""

    def use(unit: WriteUnit) -> Answer:
        organization = projects.organization(unit, None)
        projects.require_all(unit, body.workspaces or [])
        endpoint, secret = service.create(
            unit,
            call.runtime.vault,
            organization,
            body.url,
            body.event_types,
            description=body.description,
            project_ids=body.workspaces,
            rate=body.rate,
        )
        told = webhook_out(endpoint)
        return Answer(told, 201, endpoint.etag, shown_once={"secret": secret})

    return call.answer_write(use)


@router.get("/webhooks/{webhook_id}/", response_model=WebhookOut, openapi_extra=etags.ETAG)
def retrieve_webhook(webhook_id: Id, call: ApiRequest) -> Response:
    """One endpoint, and how it fares."""
    with call.read() as unit:
        return _shown(service.get(unit, webhook_id)).response()


@router.patch(
    "/webhooks/{webhook_id}/", response_model=WebhookOut, openapi_extra=etags.IF_MATCH_AND_ETAG
)
def update_webhook(webhook_id: Id, body: WebhookPatch, call: ApiRequest) -> Response:
    """Change an endpoint. What is on its way already goes to the new address."""

    def use(unit: WriteUnit) -> Answer:
        projects.require_all(unit, body.workspaces or [])
        return _shown(service.update(unit, webhook_id, body.fields()))

    return call.answer_write(use)


@router.delete("/webhooks/{webhook_id}/", status_code=204, openapi_extra=etags.IF_MATCH)
def delete_webhook(webhook_id: Id, call: ApiRequest) -> Response:
    """Close an endpoint, and forget its deliveries."""

    def use(unit: WriteUnit) -> Answer:
        service.delete(unit, webhook_id)
        return Answer(None, 204)

    return call.answer_write(use)


@router.post(
    "/webhooks/{webhook_id}/pause/",
    response_model=WebhookOut,
    openapi_extra=etags.IF_MATCH_AND_ETAG,
)
def pause_webhook(webhook_id: Id, call: ApiRequest) -> Response:
    """Have deliveries to an endpoint wait until it is resumed."""
    return _changed(call, lambda unit: service.pause(unit, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/resume/",
    response_model=WebhookOut,
    openapi_extra=etags.IF_MATCH_AND_ETAG,
)
def resume_webhook(webhook_id: Id, call: ApiRequest) -> Response:
    """Send to a paused or disabled endpoint again, first of all what has waited."""
    return _changed(call, lambda unit: service.resume(unit, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/test/",
    status_code=202,
    response_model=WebhookOut,
    openapi_extra=etags.IF_MATCH_AND_ETAG,
)
def test_webhook(webhook_id: Id, call: ApiRequest) -> Response:
    """Send the event `webhook.test` to an endpoint, and to no other."""
    return _changed(call, lambda unit: service.try_out(unit, webhook_id), 202)


@router.get("/webhooks/{webhook_id}/secret/", response_model=SecretsOut)
def show_webhook_secret(webhook_id: Id, call: ApiRequest) -> Response:
    """What deliveries to an endpoint are signed with."""
    with call.read() as unit:
        secrets = service.reveal(unit, call.runtime.vault, webhook_id)
        told = secrets_out(service.get(unit, webhook_id), secrets)
    return Answer(told, headers=NO_STORE).response()


@router.post(
    "/webhooks/{webhook_id}/rotate-secret/",
    response_model=NewSecret,
    openapi_extra=etags.IF_MATCH_AND_ETAG,
)
def rotate_webhook_secret(webhook_id: Id, call: ApiRequest) -> Response:
    """Give an endpoint a new secret. For a day deliveries are signed with the old one, too."""

    def use(unit: WriteUnit) -> Answer:
        endpoint, secret = service.rotate(unit, call.runtime.vault, webhook_id)
        told = webhook_out(endpoint)
        return Answer(told, etag=endpoint.etag, shown_once={"secret": secret})

    return call.answer_write(use)


@router.post(
    "/webhooks/{webhook_id}/resend/",
    status_code=202,
    response_model=ResentOut,
    openapi_extra=etags.IF_MATCH,
)
def resend_failed(webhook_id: Id, body: ResendIn, call: ApiRequest) -> Response:
    """Send again all that has failed of what happened since then."""

    def use(unit: WriteUnit) -> Answer:
        count = deliveries.resend_failed(unit, webhook_id, body.since)
        return Answer({"resent": count}, 202)

    return call.answer_write(use)


def _changed(
    call: OpenRequest, change: Callable[[WriteUnit], Endpoint], status: int = 200
) -> Response:
    return call.answer_write(lambda unit: _shown(change(unit), status))


def _shown(endpoint: Endpoint, status: int = 200) -> Answer:
    return Answer(webhook_out(endpoint), status, endpoint.etag)
