"""The files in a storage: listed and deleted a page at a time."""

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
"""Files in a page. Object stores delete no more of them in one request."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in a listing: its key, its length in bytes, and when it was last written."""

    key: str
    size: int
    modified: datetime


def list_files(storage: Storage, folder: str) -> Iterator[list[ListedFile]]:
    """Yield all files in a folder and its subfolders, a page at a time and in no order.

    In a local folder they include files that a killed process left half written; object stores do
    not list those. Raises `Unavailable`.
    """
    with storage_errors():
        if storage.folder is not None:
            files = _scan(storage.folder, storage.folder / folder)
            while page := list(islice(files, PAGE)):
                yield page
            return
        for listed in obstore.list(storage.store, folder, chunk_size=PAGE):
            yield [ListedFile(each["path"], each["size"], each["last_modified"]) for each in listed]


def delete_files(storage: Storage, keys: Sequence[str]) -> None:
    """Delete files, and local folders that become empty. A missing file is no error."""
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


def _scan(root: Path, folder: Path) -> Iterator[ListedFile]:
    # Not with obstore, which does not list files that are half written.
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _scan(root, Path(entry.path))
                continue
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                key = Path(entry.path).relative_to(root).as_posix()
                yield ListedFile(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
