"""What `main` hands to the commands, so that they need not know how it is put together."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from starlette.types import ASGIApp

from playout.runtime import Runtime
from playout.settings import Settings


class RunsJobs(Protocol):
    """A worker: in a thread of its own (`start`, `stop`), or in this one (`run`)."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def run(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """Settings from the environment and keywords, a runtime over them, and what runs on it.

    A runtime is `opened` for one command, and `running` for a process that stays.
    """

    settings: Callable[..., Settings]
    opened: Callable[[Settings], AbstractContextManager[Runtime]]
    running: Callable[[Settings], AbstractContextManager[Runtime]]
    application: Callable[[Runtime], ASGIApp]
    worker: Callable[[Runtime], RunsJobs]
    examine: Callable[[Runtime], dict[str, Any]]

    def configured(self, **given: Any) -> Settings:
        """Settings; what is given on the command line goes before the environment."""
        return self.settings(**{name: value for name, value in given.items() if value is not None})


DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the data; PLAYOUT_DATA_DIR, else ./playout-data.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
