"""The command `playout`: its servers and `doctor`. Other commands have modules of their own."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from typer import Abort
from typer.exceptions import TyperException

from playout import __version__
from playout.cli import (
    accounts,
    analytics,
    publish,
    reencrypt,
    serving,
    templates,
    videos,
    webhooks,
)
from playout.cli.bootstrap import Bootstrap, DataDir, Json
from playout.cli.output import print_error, print_json_error
from playout.kit import log
from playout.kit.errors import Invalid, PlayoutError
from playout.kit.sigterm import exit_on_sigterm
from playout.ticker import Ticker
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
app.add_typer(templates.templates, name="template")
app.command()(publish.publish)
app.command()(analytics.analytics)
app.command()(reencrypt.reencrypt)
app.command()(serving.serve)
app.command(hidden=True)(serving.serve_process)


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
def worker(
    context: typer.Context,
    data_dir: DataDir = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(help="Run the jobs of this queue alone, such as render. It may be repeated."),
    ] = None,
) -> None:
    """Run jobs only. Start any number of workers, on any machine."""
    bootstrap: Bootstrap = context.obj
    exit_on_sigterm()
    settings = bootstrap.load_settings(data_dir=data_dir)
    log.configure(settings.log_format, settings.log_level)
    with bootstrap.start_runtime(settings) as runtime, Ticker(runtime.work):
        bootstrap.worker(runtime, queue or ()).run()


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
