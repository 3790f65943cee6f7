"""The command `playout`: its servers and `doctor`. Other commands have modules of their own."""

import json
import signal
import sys
import threading
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer import Abort
from typer.exceptions import TyperException

from playout import __version__
from playout.cli import accounts, demo, publish, videos, webhooks
from playout.cli.bootstrap import Bootstrap, DataDir, Json
from playout.kit import log
from playout.kit.errors import PlayoutError
from playout.runtime import Runtime

__all__ = ["Bootstrap", "cli"]

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
app.add_typer(videos.videos, name="videos")
app.command()(publish.publish)
errors = Console(stderr=True)


def cli(obj: Bootstrap) -> None:
    """Run a command. An error is printed as one sentence, with exit status 1.

    With `--json` it is a JSON object, also on standard error: standard output has results alone.
    """
    as_json = "--json" in sys.argv[1:]
    try:
        status = app(obj=obj, standalone_mode=not as_json)
    except PlayoutError as error:
        if as_json:
            _print_json_error(error.code, error.message)
        else:
            errors.print(f"[red]Error:[/] {escape(error.message)}", highlight=False, soft_wrap=True)
        sys.exit(1)
    except TyperException as error:
        _print_json_error("usage", error.format_message())
        sys.exit(error.exit_code)
    except Abort:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _print_json_error(code: str, message: str) -> None:
    typer.echo(json.dumps({"error": {"code": code, "message": message}}), err=True)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Publish finished videos: feed, pages, streams and campaigns over four APIs."""


@app.command()
def serve(
    context: typer.Context,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes any free port.")
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Answer requests only, and run no jobs.")
    ] = False,
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Create a short sample video and publish it.")
    ] = False,
) -> None:
    """Answer requests and run jobs."""
    bootstrap: Bootstrap = context.obj
    settings = bootstrap.load_settings(data_dir=data_dir, host=host, port=port)
    log.configure(settings.log_format, settings.log_level)
    _exit_on_sigterm()
    with bootstrap.start_runtime(settings) as runtime:
        worker = None if no_worker else bootstrap.worker(runtime)
        try:
            if worker:
                worker.start()
            _serve(bootstrap, runtime, with_demo)
        finally:
            if worker:
                worker.stop()


class Server(uvicorn.Server):
    """A server that ends event streams and jobs as soon as it is asked to stop."""

    def __init__(self, stopping: threading.Event, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        super().handle_exit(sig, frame)


def _serve(bootstrap: Bootstrap, runtime: Runtime, with_demo: bool) -> None:
    settings = runtime.settings
    server = Server(
        runtime.stopping,
        uvicorn.Config(
            bootstrap.application(runtime),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
        ),
    )
    if with_demo:
        demo.publish_when_started(runtime, server)
    else:
        errors.print(f"Playout runs at [bold]{settings.base_url}[/]", highlight=False)
    server.run()


def _exit_on_sigterm() -> None:
    """Let SIGTERM unwind the stack, so that the embedded database is stopped, too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@app.command()
def worker(context: typer.Context, data_dir: DataDir = None) -> None:
    """Run jobs only. Start any number of workers, on any machine."""
    bootstrap: Bootstrap = context.obj
    settings = bootstrap.load_settings(data_dir=data_dir)
    log.configure(settings.log_format, settings.log_level)
    with bootstrap.start_runtime(settings) as runtime:
        bootstrap.worker(runtime).run()


@app.command()
def doctor(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check every part that Playout needs. The exit status is 1 if it cannot run."""
    bootstrap: Bootstrap = context.obj
    with bootstrap.start_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime:
        report = bootstrap.examine(runtime)
    console = Console()
    if as_json:
        console.print_json(data=report)
    else:
        table = Table("part", "state", "details")
        for name, facts in report["parts"].items():
            details = ", ".join(f"{key}: {value}" for key, value in facts.items() if key != "ok")
            table.add_row(name, "[green]ok[/]" if facts["ok"] else "[red]failed[/]", details)
        console.print(table)
    if report["status"] == "down":
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
