"""What the jobs of uploads work with; `Runtime` has it all."""

from typing import Protocol

from playout.core.unit import Work
from playout.kit.db import Database
from playout.kit.storage.store import Storage


class Resources(Protocol):
    """What the jobs of uploads work with."""

    @property
    def work(self) -> Work: ...

    @property
    def database(self) -> Database: ...

    @property
    def storage(self) -> Storage: ...
