"""`playout worker`: jobs at work, without a server."""

from typing import Annotated

import typer

from playout.cli.bootstrap import Bootstrap
from playout.cli.options import DataDir
from playout.kit import log
from playout.kit.sigterm import exit_on_sigterm
from playout.ticker import Ticker


def worker(
    context: typer.Context,
    data_dir: DataDir = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(help="Run the jobs of this queue alone, such as render. It may be repeated."),
    ] = None,
) -> None:
    """Run jobs only. Start any number of workers, on any machine."""
    bootstrap: Bootstrap = context.obj()
    exit_on_sigterm()
    settings = bootstrap.load_settings(data_dir=data_dir)
    log.configure(settings.log_format, settings.log_level)
    with bootstrap.start_runtime(settings) as runtime, Ticker(runtime.work):
        bootstrap.worker(runtime, queue or ()).run()
