"""The parts of the runtime that the delivery of webhooks uses."""

from threading import Event
from typing import Protocol

from playout.core.unit import Work
from playout.kit.database.engine import Database
from playout.kit.encryption import SecretCipher
from playout.kit.outbound.client import OutboundClient
from playout.settings import Settings


class Resources(Protocol):
    """The parts of the runtime that the delivery of webhooks uses."""

    @property
    def work(self) -> Work: ...

    @property
    def database(self) -> Database: ...

    @property
    def outbound(self) -> OutboundClient: ...

    @property
    def cipher(self) -> SecretCipher: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def stopping(self) -> Event:
        """Set when the process is asked to end: long work then gives back what it holds."""
        ...
