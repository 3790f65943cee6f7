"""`playout serve`: requests are answered by this process, or by several that it starts."""

import shlex
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from playout.cli import demo, listening
from playout.cli.bootstrap import Bootstrap
from playout.cli.options import DataDir
from playout.cli.output import errors
from playout.core.accounts import queries
from playout.core.principal import OPERATOR
from playout.core.projects.first_start import link_code
from playout.kit import log
from playout.kit.malloc import freeze_loaded_objects
from playout.kit.sigterm import exit_if_requested, exit_on_sigterm
from playout.runtime import Runtime
from playout.server.metrics import shared_metrics
from playout.server.process import Process, follow_orders
from playout.server.server import build_server
from playout.server.supervisor import Supervisor
from playout.settings import Settings
from playout.ticker import Ticker

FEWEST_CONNECTIONS = 2


def serve(
    context: typer.Context,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free port."),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that answer requests on the port."),
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Answer requests only, and run no jobs.")
    ] = False,
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Create a short sample video and publish it.")
    ] = False,
) -> None:
    """Answer requests and run jobs."""
    bootstrap: Bootstrap = context.obj()
    exit_on_sigterm()
    settings = bootstrap.load_settings(data_dir=data_dir, host=host, port=port, processes=processes)
    log.configure(settings.log_format, settings.log_level)
    bound = listening.bind(settings.host, settings.port)
    settings = settings.model_copy(update={"port": bound.getsockname()[1]})
    listening.warn_without_public_url(bound, settings)
    serve_all = _serve_together if settings.processes > 1 else _serve_alone
    settings = _sharing_connections(settings, with_worker=not no_worker)
    with bound, bootstrap.start_runtime(settings) as runtime, Ticker(runtime.work):
        worker = None if no_worker else bootstrap.worker(runtime, ())
        try:
            if worker:
                worker.start()
            serve_all(bootstrap, runtime, bound, with_demo)
        finally:
            if worker:
                worker.stop()


def _serve_alone(
    bootstrap: Bootstrap, runtime: Runtime, bound: socket.socket, with_demo: bool
) -> None:
    server = build_server(runtime, bootstrap.application(runtime))
    exit_if_requested()
    listening.listen(bound)
    if with_demo:
        demo.publish_when_started(runtime, lambda: server.started)
    else:
        _print_start(runtime)
    freeze_loaded_objects()
    server.run(sockets=[bound])


def _serve_together(
    bootstrap: Bootstrap,  # noqa: ARG001  the processes have their own
    runtime: Runtime,
    bound: socket.socket,
    with_demo: bool,
) -> None:
    """Start the processes that serve. This one runs the jobs."""
    exit_if_requested()
    listening.listen(bound)

    def when_ready() -> None:
        if with_demo:
            demo.publish_when_started(runtime, lambda: True)
        else:
            _print_start(runtime)

    settings = runtime.settings
    with _metrics_folder(settings) as metrics, _sharing_metrics(runtime, metrics):
        start = partial(Process, _command(settings, metrics), bound.fileno())
        Supervisor(runtime, start, settings.processes, metrics).run(when_ready)


def _command(settings: Settings, metrics: Path | None) -> list[str]:
    """Return the command of a process that serves. Secrets come from the environment."""
    options: dict[str, object] = {
        "--data-dir": settings.data_dir,
        "--host": settings.host,
        "--port": settings.port,
        "--database-pool": settings.database_pool,
    }
    if metrics is not None:
        options["--metrics"] = metrics
    words = (str(word) for option in options.items() for word in option)
    return [sys.executable, "-P", "-m", "playout", "serve-process", *words]


def serve_process(
    context: typer.Context,
    data_dir: Annotated[Path, typer.Option()],
    host: Annotated[str, typer.Option()],
    port: Annotated[int, typer.Option()],
    database_pool: Annotated[int, typer.Option()],
    listener: Annotated[int, typer.Option("--socket", help="File descriptor of the socket.")],
    ready: Annotated[int, typer.Option(help="File descriptor to write to when all is ready.")],
    metrics: Annotated[Path | None, typer.Option(help="Folder of shared metrics.")] = None,
) -> None:
    """Answer requests as one of the processes of `playout serve`, which starts this command."""
    bootstrap: Bootstrap = context.obj()
    exit_on_sigterm()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the supervisor replaces its processes
    settings = bootstrap.load_settings(
        data_dir=data_dir, host=host, port=port, database_pool=database_pool
    )
    log.configure(settings.log_format, settings.log_level)
    with (
        socket.socket(fileno=listener) as bound,
        bootstrap.start_runtime(settings) as opened,
        _sharing_metrics(opened, metrics) as runtime,
    ):
        server = build_server(runtime, bootstrap.application(runtime))
        follow_orders(server, runtime.invalidations, ready)
        freeze_loaded_objects()
        server.run(sockets=[bound])


def _sharing_connections(settings: Settings, *, with_worker: bool) -> Settings:
    """Return the settings of each process, which has its share of the database connections."""
    if settings.processes == 1:
        return settings
    share = settings.database_pool // (settings.processes + with_worker)
    return settings.model_copy(update={"database_pool": max(share, FEWEST_CONNECTIONS)})


@contextmanager
def _metrics_folder(settings: Settings) -> Iterator[Path | None]:
    """Yield a folder in which processes share their metrics, if anybody may read these."""
    if settings.metrics_token is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="playout-metrics-") as folder:
        yield Path(folder)


@contextmanager
def _sharing_metrics(runtime: Runtime, folder: Path | None) -> Iterator[Runtime]:
    """Yield the runtime of a process that shares its metrics in a folder, if there is one."""
    if folder is None:
        yield runtime
        return
    shared = shared_metrics(runtime, folder)
    shared.start()
    try:
        yield replace(runtime, shared_metrics=shared)
    finally:
        shared.stop()


def _print_start(runtime: Runtime) -> None:
    lines = [f"Playout runs at [bold]{runtime.settings.base_url}[/]"]
    with runtime.work.read(OPERATOR) as unit:
        if not queries.organizations(unit, 1):
            folder = shlex.quote(str(runtime.settings.data_dir))
            link = f"{runtime.settings.base_url}/first-start?code={link_code(runtime.signer)}"
            lines.append("There is no organization yet. Create one in the browser, with this link:")
            lines.append(f"  {escape(link)}")
            lines.append("or here, with a key of its administrator:")
            lines.append(f"  playout organizations create NAME --data-dir {escape(folder)}")
    errors.print(*lines, sep="\n", highlight=False, soft_wrap=True)
