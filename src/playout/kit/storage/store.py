"""Where files are kept: one interface over a local folder and object stores (obstore)."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from playout.kit.errors import NotFound, TooLarge
from playout.kit.storage.errors import storage_errors

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

PART = 8 * 1024 * 1024
"""Bytes of a part of a multipart upload; what one upload holds in memory is a few of these."""
PARTS_AT_ONCE = 4
CHUNK = 256 * 1024
"""Bytes handed on at once when a file is read."""

RETRY: "RetryConfig" = {
    "max_retries": 5,
    "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=2)},
}
"""What an object store may fail at before anybody hears of it: it takes some three seconds. Beyond
that jobs come back by themselves, and clients are told."""
TIMEOUTS: "ClientConfig" = {"timeout": timedelta(days=1), "read_timeout": timedelta(seconds=30)}
"""There is a limit to silence and none to the whole: a viewer takes hours for a film."""


@dataclass(frozen=True)
class Received:
    """What came in: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Storage:
    """Files by key (`sources/…`, `media/…`). A key once written is never written again.

    `folder` is where they are on this machine's disk; None where they are in an object store.
    """

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self.store = store
        self.folder = folder

    @classmethod
    def open(cls, url: str | None, folder: Path, endpoint: str | None = None) -> "Storage":
        """The store at that URL (`s3://bucket/prefix`, `gs://…`, `az://…`), else the folder."""
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder, mkdir=True), folder)
        plain = endpoint is not None and endpoint.startswith("http://")
        store = from_url(
            url,
            config={"endpoint": endpoint} if endpoint else {},
            client_options={**TIMEOUTS, "allow_http": plain},
            retry_config=RETRY,
        )
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

        with storage_errors():
            # When the iterator fails this takes back what is stored already; a writer does not.
            await obstore.put_async(
                self.store,
                key,
                measured(),
                use_multipart=True,
                chunk_size=PART,
                max_concurrency=PARTS_AT_ONCE,
            )
            await asyncio.to_thread(self.sync, key)
        return Received(size, digest.hexdigest())

    def put(self, key: str, source: Path) -> int:
        """Store a local file; return its length in bytes. It is on disk when this returns.

        On the same disk it is stored under a second name: nobody may write to it any more.
        """
        with storage_errors():
            if self.folder is not None:
                take_over(source, self.folder / key)
                self.sync(key)
            else:
                obstore.put(self.store, key, source, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)
        return source.stat().st_size

    def fetch(self, key: str, target: Path) -> None:
        """Bring a file to a local path: a link where it is on this disk, else a copy."""
        if self.folder is not None:
            link_or_copy(self.folder / key, target)
            return
        with storage_errors(), target.open("wb") as file:
            for chunk in obstore.get(self.store, key).stream(min_chunk_size=PART):
                file.write(chunk)

    def has(self, key: str) -> bool:
        """Whether the file is there."""
        try:
            with storage_errors():
                obstore.head(self.store, key)
        except NotFound:
            return False
        return True

    async def size(self, key: str) -> int:
        """Length in bytes. Raises `NotFound`."""
        with storage_errors():
            return (await obstore.head_async(self.store, key))["size"]

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`.

        Raises `NotFound` and `Unavailable`, which may come after some of them.
        """
        with storage_errors():
            if self.folder is not None:
                # A stream of a local file would come in blocks of 8 KiB: five times the work.
                for at in range(start, end, CHUNK):
                    to = min(at + CHUNK, end)
                    yield bytes(await obstore.get_range_async(self.store, key, start=at, end=to))
                return
            options: obstore.GetOptions = {"range": (start, end)}
            result = await obstore.get_async(self.store, key, options=options)
            async for chunk in result.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is no error."""
        with storage_errors():
            try:
                obstore.delete(self.store, key)
            except FileNotFoundError:
                return

    def check(self, name: str) -> None:
        """Write, read and delete a small file, so that health can tell the truth."""
        with storage_errors():
            obstore.put(self.store, name, b"ok")
            obstore.get(self.store, name).bytes()
            obstore.delete(self.store, name)

    def free_bytes(self) -> int | None:
        """Room left on the disk; None for an object store."""
        return None if self.folder is None else shutil.disk_usage(self.folder).free

    def sync(self, key: str) -> None:
        """See to it that the file survives a power cut, before a row points at it."""
        if self.folder is None:
            return
        path = self.folder / key
        for target in (path, path.parent):
            handle = os.open(target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def take_over(source: Path, target: Path) -> None:
    """Have the same bytes at `target`, whatever stood there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    link_or_copy(source, target)


def link_or_copy(source: Path, target: Path) -> None:
    """The same bytes under a second name. Raises `NotFound`."""
    try:
        os.link(source, target)
    except FileNotFoundError as error:
        raise NotFound("The file is no longer in storage.") from error
    except OSError:
        shutil.copyfile(source, target)
