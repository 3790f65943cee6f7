"""Routes of webhook endpoints."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.webhooks import (
    NewSecretOut,
    ResendIn,
    ResentOut,
    SecretsOut,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
    secrets_out,
    webhook_out,
)
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import deliveries, queries, service
from playout.core.webhooks.model import Endpoint

router = APIRouter(prefix="/webhooks", route_class=StrictRoute, tags=["webhooks"])
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/")
@endpoint
def list_webhooks(unit: ReadUnit, page: Page) -> Answer[ListOf[WebhookOut]]:
    """List the endpoints of the organization, oldest first."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    return page.answer_slice(queries.endpoints(unit), webhook_out)


@router.post("/", status_code=201, response_model=NewSecretOut, openapi_extra=ETAG)
@endpoint
def add_webhook(body: WebhookIn, unit: WriteUnit, runtime: ApiRuntime) -> Answer[WebhookOut]:
    """Create an endpoint that events are delivered to.

    Its secret is in this answer. `GET …/secret/` returns it again.
    """
    organization = projects.get_organization(unit, None)
    projects.check_usable(unit, body.workspaces or [])
    created, secret = service.create(
        unit,
        runtime.cipher,
        organization,
        body.url,
        body.event_types,
        description=body.description,
        project_ids=body.workspaces,
        rate=body.rate,
    )
    return _answer(created, secret)


@router.get("/{webhook_id}/", openapi_extra=ETAG)
@endpoint
def retrieve_webhook(webhook_id: Id, unit: ReadUnit) -> Answer[WebhookOut]:
    """Return one endpoint and whether deliveries reach it."""
    found = service.get(unit, webhook_id)
    # Deliveries change `state` and `failing_since` and leave the ETag as it is.
    return Answer(webhook_out(found), etag=found.etag, can_be_unmodified=False)


@router.patch("/{webhook_id}/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def update_webhook(webhook_id: Id, body: WebhookPatch, unit: WriteUnit) -> Answer[WebhookOut]:
    """Change some fields of an endpoint.

    Deliveries that already wait go to the new address.
    """
    projects.check_usable(unit, body.workspaces or [])
    return _answer(service.update(unit, webhook_id, body.fields()))


@router.delete("/{webhook_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def delete_webhook(webhook_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete an endpoint and its deliveries."""
    service.delete(unit, webhook_id)
    return Answer(None)


@router.post("/{webhook_id}/pause/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def pause_webhook(webhook_id: Id, unit: WriteUnit) -> Answer[WebhookOut]:
    """Pause an endpoint.

    Its deliveries wait until it is resumed.
    """
    return _answer(service.pause(unit, webhook_id))


@router.post("/{webhook_id}/resume/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def resume_webhook(webhook_id: Id, unit: WriteUnit) -> Answer[WebhookOut]:
    """Resume a paused or disabled endpoint.

    The deliveries that waited are sent first.
    """
    return _answer(service.resume(unit, webhook_id))


@router.post("/{webhook_id}/test/", status_code=202, openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def test_webhook(webhook_id: Id, unit: WriteUnit) -> Answer[WebhookOut]:
    """Send the event `webhook.test` to this endpoint only."""
    return _answer(service.send_test(unit, webhook_id))


@router.get("/{webhook_id}/secret/")
@endpoint
def show_webhook_secret(webhook_id: Id, unit: ReadUnit, runtime: ApiRuntime) -> Answer[SecretsOut]:
    """Return the secrets that sign the deliveries to an endpoint."""
    secrets = service.reveal(unit, runtime.cipher, webhook_id)
    return Answer(secrets_out(service.get(unit, webhook_id), secrets), headers=NO_STORE)


@router.post(
    "/{webhook_id}/rotate-secret/", response_model=NewSecretOut, openapi_extra=IF_MATCH_AND_ETAG
)
@endpoint
def rotate_webhook_secret(
    webhook_id: Id, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[WebhookOut]:
    """Give an endpoint a new secret.

    The old one signs deliveries, too, for another day.
    """
    return _answer(*service.rotate(unit, runtime.cipher, webhook_id))


@router.post("/{webhook_id}/resend/", status_code=202, openapi_extra=IF_MATCH)
@endpoint
def resend_failed(webhook_id: Id, body: ResendIn, unit: WriteUnit) -> Answer[ResentOut]:
    """Resend all failed deliveries of the events since a time."""
    return Answer({"resent": deliveries.resend_failed(unit, webhook_id, body.since)})


def _answer(webhook: Endpoint, new_secret: str | None = None) -> Answer[WebhookOut]:
    shown_once = {"secret": new_secret} if new_secret else {}
    return Answer(webhook_out(webhook), etag=webhook.etag, shown_once=shown_once)
