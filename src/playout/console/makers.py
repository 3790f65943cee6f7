"""How a room makes its routes: the console gives it these two makers."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from playout.console.visit import Outcome, Visit

Handler = Callable[[Visit], Outcome]


class Page(Protocol):
    """The maker of the routes of a page, and of the form that is sent to its address."""

    def __call__(
        self, path: str, show: Handler, change: Handler | None = None, /
    ) -> Sequence[BaseRoute]: ...


Form = Callable[[str, Handler], Sequence[BaseRoute]]
"""The maker of the route of a form that has no page at its address."""
