"""The parts that `main` passes to the commands, so that they need not know how to build them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from starlette.types import ASGIApp

from playout.kit.health import HealthReport
from playout.runtime import Runtime
from playout.settings import Settings


class JobRunner(Protocol):
    """A worker: in a thread of its own (`start`, `stop`), or in the calling thread (`run`)."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def run(self) -> None: ...


@dataclass(frozen=True)
class Bootstrap:
    """The functions that build a runtime and what runs on it.

    `open_runtime` is for a single command. `start_runtime` is for a process that keeps running: it
    receives invalidations, too.
    """

    settings: Callable[..., Settings]
    open_runtime: Callable[[Settings], AbstractContextManager[Runtime]]
    start_runtime: Callable[[Settings], AbstractContextManager[Runtime]]
    application: Callable[[Runtime], ASGIApp]
    worker: Callable[[Runtime], JobRunner]
    examine: Callable[[Runtime], HealthReport]

    def load_settings(self, **options: Any) -> Settings:
        """Return the settings. An option of the command line wins over the environment."""
        given = {name: value for name, value in options.items() if value is not None}
        return self.settings(**given)


DataDir = Annotated[
    Path | None,
    typer.Option(help="Data folder. Default: PLAYOUT_DATA_DIR, or else ./playout-data."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
