"""Files that come in bit by bit: parts (`uploads/…`) that are joined when the last one is there."""

import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import obstore

from playout.kit.storage.errors import storage_errors
from playout.kit.storage.store import PART, PARTS_AT_ONCE, Received, Storage, take_over


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file: its first `size` bytes count, and none that may stand after them."""

    key: str
    size: int


class Parts:
    """Parts in a storage. Each has one writer, which alone knows its key until it is whole."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._store, self._folder = storage.store, storage.folder

    @property
    def grow(self) -> bool:
        """Whether a part can be written on to: a file can, an object cannot."""
        return self._folder is not None

    def write(self, key: str, at: int, data: bytes | bytearray) -> None:
        """Write into a part from the byte `at` on, which is 0 unless parts grow.

        Raises `StorageFull` and `Unavailable`.
        """
        with storage_errors():
            if self._folder is None:
                obstore.put(self._store, key, data, use_multipart=False)
                return
            path = self._folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("r+b" if at else "wb") as file:
                file.seek(at)
                file.write(data)

    def sync(self, key: str) -> None:
        """See to it that a part survives a power cut, before a row counts it."""
        with storage_errors():
            self._storage.sync(key)

    async def join(self, parts: Sequence[Part], target: str) -> Received:
        """Make one file of parts, which stay; doing it again changes nothing.

        A single part on this disk becomes the file without a byte being copied. Raises `NotFound`
        when a part is gone; there is nothing at the target then.
        """
        size, digest = 0, hashlib.sha256()

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in self._bytes_of(parts):
                size += len(chunk)
                digest.update(chunk)
                yield chunk

        with storage_errors():
            if self._folder is not None and len(parts) == 1:
                async for _ in measured():
                    pass
                _become(self._folder / parts[0].key, size, self._folder / target)
            else:
                await obstore.put_async(
                    self._store,
                    target,
                    measured(),
                    use_multipart=True,
                    chunk_size=PART,
                    max_concurrency=PARTS_AT_ONCE,
                )
            self._storage.sync(target)
        return Received(size, digest.hexdigest())

    def delete_all(self, folder: str) -> None:
        """Remove every part whose key begins with that folder, known to anybody or not."""
        with storage_errors():
            if self._folder is not None:
                shutil.rmtree(self._folder / folder, ignore_errors=True)
                return
            for found in obstore.list(self._store, folder):
                obstore.delete(self._store, [each["path"] for each in found])

    async def _bytes_of(self, parts: Sequence[Part]) -> AsyncIterator[bytes]:
        for part in parts:
            async for chunk in self._storage.read(part.key, 0, part.size):
                yield chunk


def _become(part: Path, size: int, target: Path) -> None:
    # A write that was cut off before it counted may have left more than `size` bytes.
    os.truncate(part, size)
    os.utime(part)  # it may have waited long, and the file it becomes is new
    take_over(part, target)
