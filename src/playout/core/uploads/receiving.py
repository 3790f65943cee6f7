"""Stores the bytes that one request brings, block by block, and lets them count."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from playout.core.unit import WriteUnit
from playout.core.uploads import service
from playout.core.uploads.model import UploadPart
from playout.core.uploads.service import Turn
from playout.kit.storage.multipart import Parts
from playout.kit.storage.store import Storage
from playout.settings import Settings

COUNT_EVERY = 1.0
"""Seconds between two counts: what a killed server has to be sent again."""


class Receiving:
    """One turn at an upload. Bytes are stored first and count afterwards, so that what counts is
    there, whenever the process is killed; no transaction is open while they are written.

    The parts are this turn's own: what another turn writes at the same time spoils nothing.
    """

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        write: Callable[[], AbstractContextManager[WriteUnit]],
        turn: Turn,
    ) -> None:
        self.turn = turn
        self.offset = turn.start
        """How far the upload is, with what does not count yet."""
        self._settings, self._parts, self._write = settings, Parts(storage), write
        self._stored: dict[int, UploadPart] = {}
        self._counted_at = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time to count."""
        return time.monotonic() - self._counted_at > COUNT_EVERY

    def store(self, block: bytes | bytearray) -> None:
        """Store the next bytes. Raises `StorageFull` and `Unavailable`."""
        start = self.turn.start if self._parts.grow else self.offset
        at = self.offset - start
        key = f"{self.turn.folder}/{start}-{self.turn.claim}"
        self._parts.write(key, at, block)
        self.offset += len(block)
        part = UploadPart(upload_id=self.turn.upload_id, start=start, key=key, size=at + len(block))
        self._stored[start] = part

    def count(self) -> None:
        """Let what is stored count. Raises `LostClaim` when another request has taken over."""
        if not self._stored:
            return
        for part in self._stored.values():
            self._parts.sync(part.key)
        with self._write() as unit:
            service.keep(unit, self.turn, self._stored.values(), self._settings)
        self._stored.clear()
        self._counted_at = time.monotonic()
