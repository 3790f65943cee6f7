"""What the jobs of maintenance work with; `Runtime` has it all."""

from threading import Event
from typing import Protocol

from playout.kit.db import Database
from playout.kit.storage.store import Storage
from playout.settings import Settings


class Resources(Protocol):
    """What the jobs of maintenance work with."""

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
