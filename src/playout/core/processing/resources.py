"""The parts of the runtime that processing uses."""

from pathlib import Path
from threading import Event
from typing import Protocol

from playout.core.unit import Work
from playout.kit.database.engine import Database
from playout.kit.outbound.client import OutboundClient
from playout.kit.storage.store import Storage
from playout.settings import Settings
from playout.transcode.sandbox.tools import Tools


class Resources(Protocol):
    """The parts of the runtime that processing uses."""

    @property
    def work(self) -> Work: ...

    @property
    def database(self) -> Database: ...

    @property
    def storage(self) -> Storage: ...

    @property
    def outbound(self) -> OutboundClient: ...

    @property
    def tools(self) -> Tools:
        """ffmpeg and the sandbox that it runs in."""
        ...

    @property
    def settings(self) -> Settings: ...

    @property
    def job_folders(self) -> Path:
        """The folder of the scratch folders, on the same disk as local storage."""
        ...

    @property
    def stopping(self) -> Event:
        """Set when the process is asked to end: long work then gives back what it holds."""
        ...
