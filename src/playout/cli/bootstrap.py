"""The parts that `main` passes to the commands, so that they need not know how to build them."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError
from starlette.types import ASGIApp

from playout.kit.errors import Invalid
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
    receives invalidations, too. `inspect_runtime` is the same, but changes nothing.
    """

    settings: Callable[..., Settings]
    open_runtime: Callable[[Settings], AbstractContextManager[Runtime]]
    start_runtime: Callable[[Settings], AbstractContextManager[Runtime]]
    inspect_runtime: Callable[[Settings], AbstractContextManager[Runtime]]
    application: Callable[[Runtime], ASGIApp]
    worker: Callable[[Runtime, Collection[str]], JobRunner]
    examine: Callable[[Runtime], HealthReport]

    def load_settings(self, **options: Any) -> Settings:
        """Return the settings. An option of the command line wins over the environment.

        Raises `Invalid`, and never repeats a value: it may be a secret.
        """
        given = {name: value for name, value in options.items() if value is not None}
        try:
            return self.settings(**given)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            raise Invalid(" ".join(map(_sentence, problems))) from None
        except SettingsError as error:
            raise Invalid(f"The settings cannot be read: {error}.") from None


def _sentence(problem: ErrorDetails) -> str:
    name = f"PLAYOUT_{problem['loc'][0]}".upper() if problem["loc"] else "The settings"
    reason = problem["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{name} is not valid: {reason[:1].lower()}{reason[1:]}."
