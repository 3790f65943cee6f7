"""What the jobs of distributions work with; `Runtime` has it all."""

from typing import Protocol

from playout.core.unit import Work


class Resources(Protocol):
    """What the jobs of distributions work with."""

    @property
    def work(self) -> Work: ...
