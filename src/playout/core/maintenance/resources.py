"""The parts of the runtime that the jobs of maintenance use."""

from threading import Event
from typing import Protocol

from playout.kit.database.engine import Database
from playout.kit.storage.store import Storage
from playout.settings import Settings


class Resources(Protocol):
    """The parts of the runtime that the jobs of maintenance use."""

    @property
    def database(self) -> Database: ...

    @property
    def storage(self) -> Storage: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def stopping(self) -> Event:
        """Set when the process is asked to end: long work then gives back what it holds."""
        ...
