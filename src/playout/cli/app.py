"""The command `playout` as a whole: its options, and how it tells an error."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Abort
from typer.exceptions import TyperException

from playout import __version__
from playout.cli.commands import Commands, add_commands
from playout.cli.output import print_error, print_json_error
from playout.kit.errors import Invalid, PlayoutError

if TYPE_CHECKING:  # it knows the runtime, which many commands do not need
    from playout.cli.bootstrap import Bootstrap

app = typer.Typer(
    name="playout",
    cls=Commands,
    help="Publish finished videos: feed, pages, streams and campaigns over four APIs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
add_commands(app)


def cli(bootstrap: Callable[[], "Bootstrap"]) -> None:
    """Run a command. An error is printed on standard error, with exit status 1.

    It is one sentence for people or, with `--json`, an object: `{"error": {"code", "message"}}`.
    A command that needs more than a server's address calls `bootstrap`.
    """
    as_json = "--json" in sys.argv[1:]
    try:
        status = app(obj=bootstrap, standalone_mode=not as_json)
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
        version()
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


def version() -> None:
    """Print the version."""
    typer.echo(__version__)
