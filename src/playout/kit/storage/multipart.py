"""Files that arrive in parts, which are joined into one file at the end."""

import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import obstore

from playout.kit.storage.errors import storage_errors
from playout.kit.storage.store import (
    PART_BYTES,
    PART_CONCURRENCY,
    Storage,
    StoredContent,
    link_replacing,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file. Only its first `size` bytes count; later ones are ignored."""

    key: str
    size: int


class MultipartStore:
    """The parts in a storage. Each has one writer, which alone knows its key until it is whole."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._store, self._folder = storage.store, storage.folder

    @property
    def can_append(self) -> bool:
        """True if a part can be appended to: a local file can, an object cannot."""
        return self._folder is not None

    def write(self, key: str, offset: int, data: bytes | bytearray) -> None:
        """Write bytes into a part at an offset, which is 0 unless the store can append.

        Raises `StorageFull` and `Unavailable`.
        """
        with storage_errors():
            if self._folder is None:
                obstore.put(self._store, key, data, use_multipart=False)
                return
            path = self._folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("r+b" if offset else "wb") as file:
                file.seek(offset)
                file.write(data)

    def sync(self, key: str) -> None:
        """Make a part survive a power cut, before the database counts its bytes."""
        with storage_errors():
            self._storage.sync(key)

    async def join(self, parts: Sequence[Part], target: str) -> StoredContent:
        """Join parts into one file at `target`, and keep the parts. Can be repeated.

        A single part on the local disk becomes the file without any copying. Raises `NotFound` if
        a part is missing; nothing is written to the target then.
        """
        size, digest = 0, hashlib.sha256()

        async def measure() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in self._bytes_of(parts):
                size += len(chunk)
                digest.update(chunk)
                yield chunk

        with storage_errors():
            if self._folder is not None and len(parts) == 1:
                async for _ in measure():
                    pass
                _link_part(self._folder / parts[0].key, size, self._folder / target)
            else:
                await obstore.put_async(
                    self._store,
                    target,
                    measure(),
                    use_multipart=True,
                    chunk_size=PART_BYTES,
                    max_concurrency=PART_CONCURRENCY,
                )
            self._storage.sync(target)
        return StoredContent(size, digest.hexdigest())

    def delete_all(self, folder: str) -> None:
        """Delete all parts in a folder, also those that the database does not know."""
        with storage_errors():
            if self._folder is not None:
                shutil.rmtree(self._folder / folder, ignore_errors=True)
                return
            for page in obstore.list(self._store, folder):
                obstore.delete(self._store, [each["path"] for each in page])

    async def _bytes_of(self, parts: Sequence[Part]) -> AsyncIterator[bytes]:
        for part in parts:
            async for chunk in self._storage.read(part.key, 0, part.size):
                yield chunk


def _link_part(part: Path, size: int, target: Path) -> None:
    # A write that was interrupted before it was counted may have left more than `size` bytes.
    os.truncate(part, size)
    os.utime(part)  # the part may be old, but the file that it becomes is new
    link_replacing(part, target)
