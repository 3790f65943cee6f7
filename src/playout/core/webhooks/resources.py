"""What the delivery of webhooks works with; `Runtime` has it all."""

from threading import Event
from typing import Protocol

from playout.core.unit import Work
from playout.kit.db import Database
from playout.kit.encryption import Vault
from playout.kit.metrics import Metrics
from playout.kit.outbound.client import Outbound
from playout.settings import Settings


class Resources(Protocol):
    """What the delivery of webhooks works with."""

    @property
    def work(self) -> Work: ...

    @property
    def database(self) -> Database: ...

    @property
    def outbound(self) -> Outbound: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def metrics(self) -> Metrics: ...

    @property
    def stopping(self) -> Event:
        """Set when the process is asked to end: long work then gives back what it holds."""
        ...
