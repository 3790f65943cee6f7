"""The makers of routes that the console lends to its rooms."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from starlette.routing import BaseRoute

from playout.console.receiving import Receiver
from playout.console.visit import Outcome, Visit
from playout.kit.errors import PlayoutError
from playout.kit.http.file_form import Form

Handler = Callable[[Visit], Outcome]
TakeFiles = Callable[[Visit, Form, Path], Outcome]
"""It gets the form, whose files are in a scratch folder, and the folder."""
Begin = Callable[[Visit], Receiver]
Refuse = Callable[[Visit, PlayoutError], Outcome]


class Makers(Protocol):
    """Makers of routes behind the sign-in of the console."""

    def page(self, path: str, show: Handler, change: Handler | None = None) -> Sequence[BaseRoute]:
        """Return the routes of a page: it is shown, and its form is sent to its own address."""

    def picture(self, path: str, draw: Handler) -> Sequence[BaseRoute]:
        """Return the route of a picture that is drawn."""

    def form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        """Return the route of a form that has no page at its address."""

    def long_form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        """Return the route of a form that changes many things, and may take its time."""

    def file_form(self, path: str, change: Handler, most_bytes: int) -> Sequence[BaseRoute]:
        """Return the route of a form that may have a file, which is converted and stored."""

    def stream(
        self, path: str, begin: Begin, refuse: Refuse, most_bytes: int
    ) -> Sequence[BaseRoute]:
        """Return the route of a form whose file is taken while it arrives."""

    def files_form(
        self,
        path: str,
        check: Callable[[Visit], None],
        change: TakeFiles,
        *,
        large: Collection[str],
        most_bytes: int,
    ) -> Sequence[BaseRoute]:
        """Return the route of a form with several files.

        `check` is called before they arrive. Texts whose names are in `large` become files, too.
        """
