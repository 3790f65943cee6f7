"""The command `playout`: its servers and `doctor`. Other commands have modules of their own."""

import shlex
import socket
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer import Abort
from typer.exceptions import TyperException

from playout import __version__
from playout.cli import accounts, demo, listening, publish, videos, webhooks
from playout.cli.bootstrap import Bootstrap, DataDir, Json
from playout.cli.output import errors, print_error, print_json_error
from playout.core.accounts import queries
from playout.core.principal import OPERATOR
from playout.kit import log
from playout.kit.errors import Invalid, PlayoutError
from playout.kit.sigterm import exit_if_requested, exit_on_sigterm
from playout.runtime import Runtime
from playout.server.server import build_server
from playout.transcode.sandbox.tools import NO_SANDBOX

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


def cli(obj: Bootstrap) -> None:
    """Run a command. An error is printed on standard error, with exit status 1.

    It is one sentence for people or, with `--json`, an object: `{"error": {"code", "message"}}`.
    """
    as_json = "--json" in sys.argv[1:]
    try:
        status = app(obj=obj, standalone_mode=not as_json)
    except PlayoutError as error:
        print_error(error, as_json=as_json)
        sys.exit(1)
    except OSError as error:
        sentence = f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
        print_error(Invalid(sentence), as_json=as_json)
        sys.exit(1)
    except TyperException as error:
        print_json_error("usage", error.format_message())
        sys.exit(error.exit_code)
    except Abort:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


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
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free port."),
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
    exit_on_sigterm()
    settings = bootstrap.load_settings(data_dir=data_dir, host=host, port=port)
    log.configure(settings.log_format, settings.log_level)
    bound = listening.bind(settings.host, settings.port)
    settings = settings.model_copy(update={"port": bound.getsockname()[1]})
    listening.warn_without_public_url(bound, settings)
    with bound, bootstrap.start_runtime(settings) as runtime:
        worker = None if no_worker else bootstrap.worker(runtime)
        try:
            if worker:
                worker.start()
            _serve(bootstrap, runtime, bound, with_demo)
        finally:
            if worker:
                worker.stop()


def _serve(bootstrap: Bootstrap, runtime: Runtime, bound: socket.socket, with_demo: bool) -> None:
    server = build_server(runtime, bootstrap.application(runtime))
    exit_if_requested()
    listening.listen(bound)
    if with_demo:
        demo.publish_when_started(runtime, server)
    else:
        _print_start(runtime)
    server.run(sockets=[bound])


def _print_start(runtime: Runtime) -> None:
    lines = [f"Playout runs at [bold]{runtime.settings.base_url}[/]"]
    with runtime.work.read(OPERATOR) as unit:
        if not queries.organizations(unit, 1):
            folder = shlex.quote(str(runtime.settings.data_dir))
            lines.append(
                "There is no organization yet. Create one, and a key of its administrator:"
            )
            lines.append(f"  playout organizations create NAME --data-dir {escape(folder)}")
    errors.print(*lines, sep="\n", highlight=False, soft_wrap=True)


@app.command()
def worker(context: typer.Context, data_dir: DataDir = None) -> None:
    """Run jobs only. Start any number of workers, on any machine."""
    bootstrap: Bootstrap = context.obj
    exit_on_sigterm()
    settings = bootstrap.load_settings(data_dir=data_dir)
    log.configure(settings.log_format, settings.log_level)
    with bootstrap.start_runtime(settings) as runtime:
        bootstrap.worker(runtime).run()


@app.command()
def doctor(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check every part that Playout needs, and change nothing. The exit status is 1 if it cannot
    run."""
    bootstrap: Bootstrap = context.obj
    with bootstrap.inspect_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime:
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
        if report["parts"]["media"]["sandbox"] == "process":
            console.print(NO_SANDBOX, highlight=False, soft_wrap=True)
    if report["status"] == "down":
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
