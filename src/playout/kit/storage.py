"""Where files are kept: one interface over a local folder and object stores (obstore)."""

import asyncio
import errno
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from playout.kit.errors import NotFound, PlayoutError, StorageFull, TooLarge, Unavailable

PART = 8 * 1024 * 1024
"""Bytes of a part of a multipart upload; what one upload holds in memory is a few of these."""
PARTS_AT_ONCE = 4
CHUNK = 256 * 1024
"""Bytes handed on at once when a file is read."""


@dataclass(frozen=True)
class Received:
    """What came in: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Storage:
    """Files by key (`sources/…`, `media/…`). A key once written is never written again."""

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, url: str | None, folder: Path, endpoint: str | None = None) -> "Storage":
        """The store at that URL (`s3://bucket/prefix`, `gs://…`, `az://…`), else the folder."""
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder, mkdir=True), folder)
        if endpoint is None:
            return cls(from_url(url), None)
        plain = endpoint.startswith("http://")
        store = from_url(url, config={"endpoint": endpoint}, client_options={"allow_http": plain})
        return cls(store, None)

    async def receive(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> Received:
        """Write a stream of unknown length, a few parts of it in memory at most.

        Raises `TooLarge` beyond `limit` bytes and `StorageFull`; nothing is left of it then, nor
        when the stream itself fails.
        """
        size, digest = 0, hashlib.sha256()

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"A file may have {limit:,} bytes at the most.")
                digest.update(chunk)
                yield chunk

        with _storage_errors():
            # When the iterator fails this takes back what is stored already; a writer does not.
            await obstore.put_async(
                self._store,
                key,
                measured(),
                use_multipart=True,
                chunk_size=PART,
                max_concurrency=PARTS_AT_ONCE,
            )
            await asyncio.to_thread(self._sync, key)
        return Received(size, digest.hexdigest())

    def put(self, key: str, source: Path) -> int:
        """Store a local file; return its length in bytes. It is on disk when this returns."""
        with _storage_errors():
            obstore.put(self._store, key, source, chunk_size=PART)
            self._sync(key)
        return source.stat().st_size

    def fetch(self, key: str, target: Path) -> None:
        """Bring a file to a local path: a link where it is on this disk, else a copy."""
        if self._folder is not None:
            _link_or_copy(self._folder / key, target)
            return
        with _storage_errors(), target.open("wb") as file:
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=PART):
                file.write(chunk)

    async def size(self, key: str) -> int:
        """Length in bytes. Raises `NotFound`."""
        with _storage_errors():
            return (await obstore.head_async(self._store, key))["size"]

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`."""
        options: obstore.GetOptions = {"range": (start, end)}
        result = await obstore.get_async(self._store, key, options=options)
        async for chunk in result.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is no error."""
        with _storage_errors():
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    def check(self, name: str) -> None:
        """Write, read and delete a small file, so that health can tell the truth."""
        with _storage_errors():
            obstore.put(self._store, name, b"ok")
            obstore.get(self._store, name).bytes()
            obstore.delete(self._store, name)

    def free_bytes(self) -> int | None:
        """Room left on the disk; None for an object store."""
        return None if self._folder is None else shutil.disk_usage(self._folder).free

    def _sync(self, key: str) -> None:
        """See to it that the file survives a power cut, before a row points at it."""
        if self._folder is None:
            return
        path = self._folder / key
        for target in (path, path.parent):
            handle = os.open(target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError as error:
        raise NotFound("The file is no longer in storage.") from error
    except OSError:
        shutil.copyfile(source, target)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except PlayoutError:
        raise
    except FileNotFoundError as error:
        raise NotFound("The file is no longer in storage.") from error
    except (OSError, obstore.exceptions.BaseError) as error:
        if _is_full(error):
            raise StorageFull("The storage is full; nothing was kept of this file.") from error
        raise Unavailable("The storage does not answer at the moment; try again.") from error


def _is_full(error: Exception) -> bool:
    full = {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "errno", None) in full or any(
        text in str(error) for text in ("No space left", "StorageFull", "os error 28", "quota")
    )
