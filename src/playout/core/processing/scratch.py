"""Scratch folders: what a job has on disk while it works."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from playout.kit.errors import StorageFull


@contextmanager
def job_folder(parent: Path) -> Iterator[Path]:
    """Create a scratch folder, and remove it afterwards.

    Its name begins with the id of this process, so that the folder can be removed later if the
    process is killed. Raise `StorageFull` if the disk is full.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The storage has no room left for this video.") from error
        raise


def remove_stale_job_folders(parent: Path) -> None:
    """Remove the scratch folders of processes that were killed."""
    for folder in parent.glob("*-*"):
        pid = folder.name.partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
