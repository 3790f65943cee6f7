"""What lies in a storage: listed page by page, and removed by the page."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import obstore

from playout.kit.storage.errors import storage_errors
from playout.kit.storage.store import Storage

PAGE = 1000
"""Files listed, looked up and removed at once; an object store removes no more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file: its key, its bytes, and when it was last written to."""

    key: str
    size: int
    modified: datetime


def inventory(storage: Storage, folder: str) -> Iterator[list[Found]]:
    """Every file in that folder and those below it, in no order; a page of them in memory.

    What a killed process left half written is among them where the storage is a folder; an object
    store keeps that to itself. Raises `Unavailable`.
    """
    with storage_errors():
        if storage.folder is not None:
            files = _files(storage.folder, storage.folder / folder)
            while page := list(islice(files, PAGE)):
                yield page
            return
        for listed in obstore.list(storage.store, folder, chunk_size=PAGE):
            yield [Found(each["path"], each["size"], each["last_modified"]) for each in listed]


def remove(storage: Storage, keys: Sequence[str]) -> None:
    """Remove files, and folders on disk that are empty then. One that is gone is no error."""
    with storage_errors():
        if storage.folder is None:
            if keys:
                obstore.delete(storage.store, keys)
            return
        for key in keys:
            path = storage.folder / key
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()


def _files(root: Path, folder: Path) -> Iterator[Found]:
    # By hand, since obstore does not list what is half written.
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(root, Path(entry.path))
                continue
            with suppress(FileNotFoundError):
                told = entry.stat(follow_symlinks=False)
                key = Path(entry.path).relative_to(root).as_posix()
                yield Found(key, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))
