"""Commands for webhooks. They work on the database directly, also while a server runs on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from playout.cli.options import DataDir, Json, nfc
from playout.cli.output import iso_time, print_result, print_rows
from playout.cli.units import OrganizationSlug, find_organization, read_unit, write_unit
from playout.core.projects import service as projects
from playout.core.unit import WriteUnit
from playout.core.webhooks import deliveries as delivering
from playout.core.webhooks import queries, service
from playout.core.webhooks.model import DeliveryState, Endpoint
from playout.core.webhooks.queries import DeliveryFilter
from playout.kit.errors import Invalid
from playout.runtime import Runtime

webhooks = typer.Typer(
    help="Webhooks: endpoints, and the events delivered to them.", no_args_is_help=True
)
LAST = 50


@webhooks.command("create")
def create(
    context: typer.Context,
    url: str,
    event: Annotated[
        list[str],
        typer.Option(help="An event type, all of a noun (share.*) or all (*); repeatable."),
    ],
    description: Annotated[str, typer.Option(callback=nfc)] = "",
    project: Annotated[
        list[int] | None, typer.Option(help="Only events of this project; repeatable.")
    ] = None,
    rate: Annotated[
        int | None, typer.Option(min=1, help="Largest number of deliveries a second.")
    ] = None,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Create an endpoint that events are delivered to, and print its signing secret."""
    with write_unit(context, data_dir) as (runtime, unit):
        projects.check_usable(unit, project or [])
        endpoint, secret = service.create(
            unit,
            runtime.cipher,
            find_organization(unit, organization),
            url,
            event,
            description=description,
            project_ids=project or None,
            rate=rate,
        )
        result = _row(endpoint) | {"secret": secret}
    print_result(
        result, as_json, f"Created webhook {result['id']}. It signs deliveries with {secret}"
    )


@webhooks.command("list")
def list_(
    context: typer.Context,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List endpoints and their state."""
    with read_unit(context, data_dir) as unit:
        where = find_organization(unit, organization) if organization else None
        rows = [
            _row(each)
            for each in queries.endpoints(unit)
            if where is None or each.organization_id == where.id
        ]
    print_rows("webhooks", rows, as_json)


@webhooks.command("show-secret")
def show_secret(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Print the secret that signs deliveries, or both for a day after a rotation."""
    with write_unit(context, data_dir) as (runtime, unit):
        secrets = service.reveal(unit, runtime.cipher, webhook_id)
    print_result({"secrets": secrets}, as_json, "\n".join(secrets))


@webhooks.command("rotate")
def rotate(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Give an endpoint a new secret. For a day, the old one signs deliveries, too."""
    with write_unit(context, data_dir) as (runtime, unit):
        _, secret = service.rotate(unit, runtime.cipher, webhook_id)
    print_result({"secret": secret}, as_json, secret)


@webhooks.command("pause")
def pause(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Pause an endpoint. Its deliveries wait until it is resumed."""
    _change(context, data_dir, as_json, lambda _, unit: service.pause(unit, webhook_id))


@webhooks.command("resume")
def resume(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Deliver to a paused or disabled endpoint again."""
    _change(context, data_dir, as_json, lambda _, unit: service.resume(unit, webhook_id))


@webhooks.command("test")
def send_test(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Deliver the event webhook.test to an endpoint."""
    _change(context, data_dir, as_json, lambda _, unit: service.send_test(unit, webhook_id))


@webhooks.command("deliveries")
def deliveries(
    context: typer.Context,
    webhook: Annotated[int | None, typer.Option(help="Only to this endpoint.")] = None,
    state: Annotated[DeliveryState | None, typer.Option(help="Only in this state.")] = None,
    event: Annotated[str | None, typer.Option(help="Only of this event type.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only since this time (UTC): 2026-01-31T12:00:00.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List the last deliveries, newest first."""
    with read_unit(context, data_dir) as unit:
        wanted = DeliveryFilter(webhook, state, event, _utc(since))
        rows = [
            {
                "id": delivery.id,
                "webhook": delivery.endpoint_id,
                "event": message.type,
                "at": iso_time(message.at),
                "state": delivery.state,
                "tries": delivery.tries,
                "delivered_at": iso_time(delivery.delivered_at),
            }
            for delivery, message in delivering.page(unit, wanted, 0, LAST)[0]
        ]
    print_rows("deliveries", rows, as_json)


@webhooks.command("resend")
def resend(
    context: typer.Context,
    delivery: Annotated[int | None, typer.Option(help="Id of one delivery.")] = None,
    webhook: Annotated[
        int | None, typer.Option(help="All failed deliveries to this endpoint …")
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="… since this time (UTC).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Send one delivery again, or all failed deliveries to an endpoint since a time."""
    if (delivery is None) is (webhook is None or since is None):
        raise Invalid("Use either --delivery ID, or --webhook ID and --since TIME.")
    with write_unit(context, data_dir) as (_, unit):
        if delivery is not None:
            delivering.resend(unit, delivery)
            count = 1
        else:
            count = delivering.resend_failed(unit, webhook or 0, _utc(since) or unit.now)
    print_result({"resent": count}, as_json, f"Deliveries that are sent again: {count}.")


def _change(
    context: typer.Context,
    data_dir: DataDir,
    as_json: bool,
    change: Callable[[Runtime, WriteUnit], Endpoint],
) -> None:
    with write_unit(context, data_dir) as (runtime, unit):
        result = _row(change(runtime, unit))
    print_result(result, as_json, f"Webhook {result['id']} is {result['state']}.")


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.event_types,
        "state": endpoint.state,
        "failing_since": iso_time(endpoint.failing_since),
        "disabled_reason": endpoint.disabled_reason,
    }


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
