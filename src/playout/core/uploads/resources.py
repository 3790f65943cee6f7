"""The parts of the runtime that the jobs of uploads use."""

from typing import Protocol

from playout.core.unit import Work
from playout.kit.database.engine import Database
from playout.kit.storage.store import Storage


class Resources(Protocol):
    """The parts of the runtime that the jobs of uploads use."""

    @property
    def work(self) -> Work: ...

    @property
    def database(self) -> Database: ...

    @property
    def storage(self) -> Storage: ...
