"""The parts of the runtime that renders use."""

from pathlib import Path
from typing import Protocol

from playout.compose.rendering.pool import Renderers
from playout.kit.database.engine import Database
from playout.kit.encryption import SecretCipher
from playout.kit.invalidation import Invalidations
from playout.kit.signing import Signer
from playout.kit.storage.store import Storage


class Resources(Protocol):
    """The parts of the runtime that renders use."""

    @property
    def database(self) -> Database: ...

    @property
    def invalidations(self) -> Invalidations: ...

    @property
    def storage(self) -> Storage: ...

    @property
    def signer(self) -> Signer: ...

    @property
    def cipher(self) -> SecretCipher: ...

    @property
    def renderers(self) -> Renderers: ...

    @property
    def job_folders(self) -> Path:
        """The folder of the scratch folders, on the same disk as local storage."""
        ...
