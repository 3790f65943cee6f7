"""Receive the bytes of one request to an upload, block by block."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from playout.core.unit import WriteUnit
from playout.core.uploads import service
from playout.core.uploads.model import UploadPart
from playout.core.uploads.service import UploadClaim
from playout.kit.storage.multipart import MultipartStore
from playout.kit.storage.store import Storage
from playout.settings import Settings

COMMIT_INTERVAL = 1.0
"""Seconds between two commits: a client sends again what came in since the last one, if the server
is killed."""


class UploadReceiver:
    """A receiver of bytes under one claim. It commits now and then how far the upload is.

    Bytes are stored first and count afterwards, so that what counts is stored, whenever the process
    is killed. No transaction is open while they are written. The parts belong to this claim alone:
    what another request writes at the same time damages nothing.
    """

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        write: Callable[[], AbstractContextManager[WriteUnit]],
        claim: UploadClaim,
    ) -> None:
        self.claim = claim
        self.offset = claim.start
        """The offset of the upload, with the bytes that do not count yet."""
        self._settings, self._write = settings, write
        self._parts = MultipartStore(storage)
        self._stored: dict[int, UploadPart] = {}
        self._committed_at = time.monotonic()

    @property
    def commit_is_due(self) -> bool:
        return time.monotonic() - self._committed_at > COMMIT_INTERVAL

    def store(self, block: bytes | bytearray) -> None:
        """Store the next bytes. Raise `StorageFull` and `Unavailable`."""
        start = self.claim.start if self._parts.can_append else self.offset
        at = self.offset - start
        key = f"{self.claim.folder}/{start}-{self.claim.id}"
        self._parts.write(key, at, block)
        self.offset += len(block)
        self._stored[start] = UploadPart(
            upload_id=self.claim.upload_id, start=start, key=key, size=at + len(block)
        )

    def commit(self) -> None:
        """Let the stored bytes count. Raise `LostClaim` if another request has taken over."""
        if not self._stored:
            return
        for part in self._stored.values():
            self._parts.sync(part.key)
        with self._write() as unit:
            service.add_parts(unit, self.claim, self._stored.values(), self._settings)
        self._stored.clear()
        self._committed_at = time.monotonic()
