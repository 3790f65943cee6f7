"""Scratch folders: what a job has on disk while it works.

Each one contains a file that its process has locked. The lock ends with the process, however that
ends. A process id would prove nothing: in a container, each server has the id 1.
"""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playout.kit.errors import StorageFull

PREFIX = "job-"
LOCK = ".lock"


@contextmanager
def job_folder(parent: Path) -> Iterator[Path]:
    """Create a scratch folder, and remove it afterwards.

    If the process is killed, `remove_stale_job_folders` removes it later. Raise `StorageFull` if
    the disk is full.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with _locked_folder(parent) as folder:
            yield folder
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The storage has no room left for this video.") from error
        raise


def remove_stale_job_folders(parent: Path) -> None:
    """Remove the scratch folders of processes that were killed."""
    if not parent.is_dir():
        return
    with _lock_of(parent, fcntl.LOCK_EX):
        stale = [folder for folder in parent.iterdir() if folder.is_dir() and not _in_use(folder)]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked_folder(parent: Path) -> Iterator[Path]:
    with ExitStack() as stack:
        # Until its file is locked, the folder looks stale. So nobody may look for stale ones now.
        with _lock_of(parent, fcntl.LOCK_SH):
            created = tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent)
            folder = Path(stack.enter_context(created))
            handle = _open(folder / LOCK)
            stack.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder


def _in_use(folder: Path) -> bool:
    """Return True if a process has locked the folder."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


@contextmanager
def _lock_of(parent: Path, operation: int) -> Iterator[None]:
    """Lock the list of scratch folders, with a file beside their parent."""
    handle = _open(parent.with_name(f"{parent.name}{LOCK}"))
    try:
        fcntl.flock(handle, operation)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
