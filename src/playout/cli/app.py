"""The command `playout` and its servers; the other commands stand in files of their own."""

import signal
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playout import __version__
from playout.cli import accounts, demo, publish, webhooks
from playout.cli.bootstrap import DataDir, Json, Parts
from playout.core.runtime import Runtime
from playout.kit import log
from playout.kit.errors import PlayoutError
from playout.server.server import build_server

__all__ = ["Parts", "cli"]

app = typer.Typer(
    name="playout",
    help="Publish finished videos: feed, pages, streams and campaigns over four APIs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(accounts.organizations, name="organizations")
app.add_typer(accounts.sub_accounts, name="sub-accounts")
app.add_typer(accounts.users, name="users")
app.add_typer(accounts.keys, name="keys")
app.add_typer(webhooks.webhooks, name="webhooks")
app.command()(publish.publish)
errors = Console(stderr=True)


def cli(obj: Parts) -> None:
    """Run a command; what goes wrong is one sentence, and exit status 1."""
    try:
        app(obj=obj)
    except PlayoutError as error:
        errors.print(f"[red]Error:[/] {escape(error.message)}", highlight=False, soft_wrap=True)
        sys.exit(1)


@app.command()
def serve(
    context: typer.Context,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any.")] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Answer requests only.")] = False,
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Make a short clip and publish it.")
    ] = False,
) -> None:
    """Answer requests and, unless told otherwise, run jobs."""
    parts: Parts = context.obj
    settings = parts.configured(data_dir=data_dir, host=host, port=port)
    log.configure(settings)
    _leave_in_order()
    with parts.running(settings) as runtime:
        worker = None if no_worker else parts.worker(runtime)
        try:
            if worker:
                worker.start()
            _serve(parts, runtime, with_demo)
        finally:
            if worker:
                worker.stop()


def _serve(parts: Parts, runtime: Runtime, with_demo: bool) -> None:
    server = build_server(runtime, parts.application(runtime))
    if with_demo:
        demo.publish_when_up(runtime, server)
    else:
        errors.print(f"Playout is at [bold]{runtime.settings.base_url}[/]", highlight=False)
    server.run()


def _leave_in_order() -> None:
    """Let SIGTERM unwind the stack, so that the embedded database is stopped as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@app.command()
def worker(context: typer.Context, data_dir: DataDir = None) -> None:
    """Run jobs only; as many of these as wanted, on any machine."""
    parts: Parts = context.obj
    settings = parts.configured(data_dir=data_dir)
    log.configure(settings)
    with parts.running(settings) as runtime:
        parts.worker(runtime).run()


@app.command()
def doctor(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Look at every part that Playout needs, and say how it is."""
    parts: Parts = context.obj
    with parts.running(parts.configured(data_dir=data_dir)) as runtime:
        report = parts.examine(runtime)
    console = Console()
    if as_json:
        console.print_json(data=report)
    else:
        table = Table("part", "state", "details")
        for name, part in report["parts"].items():
            facts = ", ".join(f"{key}: {value}" for key, value in part.items() if key != "ok")
            table.add_row(name, "[green]well[/]" if part["ok"] else "[red]not well[/]", facts)
        console.print(table)
    if report["status"] == "down":
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
