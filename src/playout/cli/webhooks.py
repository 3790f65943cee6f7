"""Commands about webhooks, on the database itself, also while a server runs on it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from playout.cli.bootstrap import DataDir, Json
from playout.cli.units import OrganizationSlug, chosen, reading, writing
from playout.core.projects import service as projects
from playout.core.unit import WriteUnit
from playout.core.webhooks import deliveries as delivering
from playout.core.webhooks import queries, service
from playout.core.webhooks.model import DeliveryState, Endpoint
from playout.core.webhooks.queries import DeliveryFilter
from playout.kit.errors import Invalid
from playout.runtime import Runtime

webhooks = typer.Typer(help="Where events are sent.", no_args_is_help=True)
LAST = 50
Since = Annotated[datetime | None, typer.Option(help="In UTC: 2026-01-31T12:00:00.")]


@webhooks.command("create")
def create(
    context: typer.Context,
    url: str,
    event: Annotated[list[str], typer.Option(help="A type, all of a noun (share.*), or *.")],
    description: str = "",
    project: Annotated[list[int] | None, typer.Option(help="Of this project; repeatable.")] = None,
    rate: Annotated[int | None, typer.Option(min=1, help="Deliveries a second.")] = None,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Have events sent to an address, and print what they are signed with."""
    with writing(context, data_dir) as (runtime, unit):
        projects.require_all(unit, project or [])
        endpoint, secret = service.create(
            unit,
            runtime.vault,
            chosen(unit, organization),
            url,
            event,
            description=description,
            project_ids=project or None,
            rate=rate,
        )
        out = _row(endpoint) | {"secret": secret}
    _print(out, as_json, f"Webhook {out['id']} is there. It signs with {secret}")


@webhooks.command("list")
def list_(
    context: typer.Context,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List endpoints, and how they fare."""
    with reading(context, data_dir) as unit:
        where = chosen(unit, organization) if organization else None
        rows = [
            _row(each)
            for each in queries.endpoints(unit)
            if where is None or each.organization_id == where.id
        ]
    _print_table("webhooks", rows, as_json)


@webhooks.command("show-secret")
def show_secret(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Print what deliveries are signed with: two secrets for a day after a rotation."""
    with writing(context, data_dir) as (runtime, unit):
        secrets = service.reveal(unit, runtime.vault, webhook_id)
    _print({"secrets": secrets}, as_json, "\n".join(secrets))


@webhooks.command("rotate")
def rotate(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Give an endpoint a new secret; for a day the old one signs, too."""
    with writing(context, data_dir) as (runtime, unit):
        _, secret = service.rotate(unit, runtime.vault, webhook_id)
    _print({"secret": secret}, as_json, secret)


@webhooks.command("reseal")
def reseal(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Encrypt all secrets anew, under the first of PLAYOUT_ENCRYPTION_KEYS."""
    with writing(context, data_dir) as (runtime, unit):
        count = service.reencrypt_secrets(unit, runtime.vault)
    _print({"webhooks": count}, as_json, f"{count} webhooks are encrypted anew.")


@webhooks.command("pause")
def pause(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Have deliveries wait."""
    _change(context, data_dir, as_json, lambda _, unit: service.pause(unit, webhook_id))


@webhooks.command("resume")
def resume(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Send to a paused or disabled endpoint again."""
    _change(context, data_dir, as_json, lambda _, unit: service.resume(unit, webhook_id))


@webhooks.command("test")
def try_out(
    context: typer.Context, webhook_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Send the event webhook.test."""
    _change(context, data_dir, as_json, lambda _, unit: service.send_test(unit, webhook_id))


@webhooks.command("deliveries")
def deliveries(
    context: typer.Context,
    webhook: Annotated[int | None, typer.Option(help="Of this endpoint.")] = None,
    state: Annotated[DeliveryState | None, typer.Option(help="In this state.")] = None,
    event: Annotated[str | None, typer.Option(help="Of this type of event.")] = None,
    since: Since = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List the last deliveries, newest first."""
    with reading(context, data_dir) as unit:
        wanted = DeliveryFilter(webhook, state, event, _utc(since))
        rows = [
            {
                "id": delivery.id,
                "webhook": delivery.endpoint_id,
                "event": message.type,
                "at": _shown(message.at),
                "state": delivery.state,
                "tries": delivery.tries,
                "delivered_at": _shown(delivery.delivered_at),
            }
            for delivery, message in delivering.page(unit, wanted, 0, LAST)[0]
        ]
    _print_table("deliveries", rows, as_json)


@webhooks.command("resend")
def resend(
    context: typer.Context,
    delivery: Annotated[int | None, typer.Option(help="This one.")] = None,
    webhook: Annotated[int | None, typer.Option(help="All that failed of this endpoint …")] = None,
    since: Annotated[datetime | None, typer.Option(help="… since then (UTC).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Send one delivery again, or all that failed since a time."""
    if (delivery is None) is (webhook is None or since is None):
        raise Invalid("Say --delivery ID, or --webhook ID and --since TIME.")
    with writing(context, data_dir) as (_, unit):
        if delivery is not None:
            delivering.resend(unit, delivery)
            count = 1
        else:
            count = delivering.resend_failed(unit, webhook or 0, _utc(since) or unit.now)
    _print({"resent": count}, as_json, f"{count} are sent again.")


def _change(
    context: typer.Context,
    data_dir: DataDir,
    as_json: bool,
    change: Callable[[Runtime, WriteUnit], Endpoint],
) -> None:
    with writing(context, data_dir) as (runtime, unit):
        out = _row(change(runtime, unit))
    _print(out, as_json, f"Webhook {out['id']} is {out['state']}.")


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.event_types,
        "state": endpoint.state,
        "failing_since": _shown(endpoint.failing_since),
        "disabled_reason": endpoint.disabled_reason,
    }


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _shown(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _print(out: dict[str, Any], as_json: bool, sentence: str) -> None:
    typer.echo(json.dumps(out) if as_json else sentence)


def _print_table(name: str, rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({name: rows}))
        return
    table = Table(*(rows[0] if rows else ["none"]))
    for row in rows:
        told = (", ".join(each) if isinstance(each, list) else each for each in row.values())
        table.add_row(*("" if each is None else str(each) for each in told))
    Console().print(table)
