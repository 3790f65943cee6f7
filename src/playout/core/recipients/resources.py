"""The parts of the runtime that the jobs of recipients use."""

from typing import Protocol

from playout.core.unit import Work


class Resources(Protocol):
    """The parts of the runtime that the jobs of recipients use."""

    @property
    def work(self) -> Work: ...
