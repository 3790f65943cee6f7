"""The storage of files: one interface over a local folder and object stores (obstore)."""

import asyncio
import contextlib
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

from playout.kit.errors import Invalid, NotFound, TooLarge, Unavailable
from playout.kit.storage.errors import refusals, storage_errors

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

PART_BYTES = 8 * 1024 * 1024
"""Size of a part of a multipart upload. One upload holds a few parts in memory."""
PART_CONCURRENCY = 4
"""Parts of one upload that are sent at the same time."""
CHUNK_BYTES = 256 * 1024
"""Size of the chunks in which a file is read."""
MAX_CHUNK_BYTES = 4 * CHUNK_BYTES
"""Size of a chunk at the most, whatever an object store sends at once."""

RETRY: "RetryConfig" = {
    "max_retries": 5,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=2)},
}
"""Requests to an object store are repeated for some three seconds. If they still fail, a job is
retried as a whole, and a client gets an error. A request that timed out is not repeated."""
TIMEOUTS: "ClientConfig" = {"timeout": timedelta(days=1), "read_timeout": timedelta(seconds=30)}
"""Waiting for bytes is limited, the whole request is not: a viewer may watch a film for hours."""


@dataclass(frozen=True)
class StoredContent:
    """The content of a file that was stored: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Storage:
    """Files by key, such as `reports/2026/march.csv`. A key is written once and never changes.

    `folder` contains the files on this machine; it is None if they are in an object store.
    """

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self.store = store
        self.folder = folder

    @classmethod
    def open(cls, url: str | None, folder: Path, endpoint: str | None = None) -> "Storage":
        """Open the object store at a URL (`s3://bucket/prefix`, `gs://…`, `az://…`), or the folder.

        `endpoint` is the address of an S3-compatible server. Raises `Invalid` if there is no such
        kind of store.
        """
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder, mkdir=True), folder)
        plain = endpoint is not None and endpoint.startswith("http://")
        try:
            store = from_url(
                url,
                config={"endpoint": endpoint} if endpoint else {},
                client_options={**TIMEOUTS, "allow_http": plain},
                retry_config=RETRY,
            )
        except (ValueError, obstore.exceptions.BaseError) as error:
            reason = str(error).partition("\n")[0]
            raise Invalid(
                f"PLAYOUT_STORAGE_URL names no object store ({reason}):"
                " write s3://bucket/prefix, or leave it out to use the data folder."
            ) from error
        return cls(store, None)

    async def receive(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredContent:
        """Store a stream of unknown length, with a few parts of it in memory at most.

        Raises `TooLarge` for more than `limit` bytes, and `StorageFull`. Nothing of the file is
        kept then, nor if the stream itself fails.
        """
        size, digest = 0, hashlib.sha256()

        async def measure() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"A file may have {limit:,} bytes at the most.")
                digest.update(chunk)
                yield chunk

        with storage_errors():
            # If the iterator fails, this call removes what it has stored; a writer would not.
            await obstore.put_async(
                self.store,
                key,
                measure(),
                use_multipart=True,
                chunk_size=PART_BYTES,
                max_concurrency=PART_CONCURRENCY,
            )
            await asyncio.to_thread(self.sync, key)
        return StoredContent(size, digest.hexdigest())

    def put(self, key: str, source: Path) -> int:
        """Store a local file and return its length in bytes. It is synced to the disk then.

        On the same disk the file is linked, not copied: nothing may write to `source` afterwards.
        """
        with storage_errors():
            if self.folder is not None:
                link_replacing(source, self.folder / key)
                self.sync(key)
            else:
                obstore.put(
                    self.store, key, source, chunk_size=PART_BYTES, max_concurrency=PART_CONCURRENCY
                )
        return source.stat().st_size

    def fetch(self, key: str, target: Path) -> None:
        """Put a file at a new local path: a link if it is on the same disk, else a copy.

        Nobody may write there: a link is the stored file.
        """
        if self.folder is not None:
            link_or_copy(self.folder / key, target)
            return
        with target.open("xb") as file, storage_errors():
            for chunk in obstore.get(self.store, key).stream(min_chunk_size=PART_BYTES):
                file.write(chunk)

    def exists(self, key: str) -> bool:
        """Return True if the file exists."""
        try:
            with storage_errors():
                obstore.head(self.store, key)
        except NotFound:
            return False
        return True

    async def size(self, key: str) -> int:
        """Return the length of a file in bytes. Raises `NotFound`."""
        with storage_errors():
            return (await obstore.head_async(self.store, key))["size"]

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` up to, but not including, `end`.

        Raises `NotFound` and `Unavailable`, perhaps after some of the bytes.
        """
        with storage_errors():
            if self.folder is not None:
                # obstore streams local files in blocks of 8 KiB, which takes five times the work.
                for first in range(start, end, CHUNK_BYTES):
                    last = min(first + CHUNK_BYTES, end)
                    yield bytes(
                        await obstore.get_range_async(self.store, key, start=first, end=last)
                    )
                return
            options: obstore.GetOptions = {"range": (start, end)}
            result = await obstore.get_async(self.store, key, options=options)
            async for chunk in result.stream(min_chunk_size=CHUNK_BYTES):
                data = bytes(chunk)
                for first in range(0, len(data), MAX_CHUNK_BYTES):
                    yield data[first : first + MAX_CHUNK_BYTES]

    def delete(self, key: str) -> None:
        """Delete a file. A missing file is no error."""
        with storage_errors():
            try:
                obstore.delete(self.store, key)
            except FileNotFoundError:
                return

    def check_read(self, folder: str) -> None:
        """Read a file that does not exist and list its folder, to prove that the storage answers.

        A bucket that does not exist answers the first like a missing file, but not the second.
        """
        with storage_errors():
            if self.folder is not None and not self.folder.is_dir():
                raise Unavailable(f"The folder {self.folder} does not exist.")
            with contextlib.suppress(FileNotFoundError):
                obstore.head(self.store, f"{folder}/missing")
            try:
                next(iter(obstore.list(self.store, folder, chunk_size=1)), None)
            except FileNotFoundError as error:
                raise Unavailable("The bucket of the storage does not exist.") from error

    def check(self, key: str) -> None:
        """Write, read and delete a small file, to prove that the storage works.

        Raises `Invalid` if it never can: the bucket does not exist, or refuses the credentials.
        """
        with storage_errors(), refusals():
            obstore.put(self.store, key, b"ok")
            obstore.get(self.store, key).bytes()
            obstore.delete(self.store, key)

    def free_bytes(self) -> int | None:
        """Return the free bytes of the disk; None for an object store."""
        return None if self.folder is None else shutil.disk_usage(self.folder).free

    def sync(self, key: str) -> None:
        """Make a file survive a power cut, before a row in the database points at it."""
        if self.folder is None:
            return
        path = self.folder / key
        for target in (path, path.parent):
            handle = os.open(target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def link_replacing(source: Path, target: Path) -> None:
    """Give a file the second path `target`, and replace what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    link_or_copy(source, target)


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second path; copy it if the disk cannot link. Raises `NotFound`.

    The target must not exist: it may be a link itself, and to write there would change its file.
    """
    try:
        os.link(source, target)
    except FileNotFoundError as error:
        raise NotFound("The file is no longer in storage.") from error
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)
