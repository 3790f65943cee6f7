"""The data folder: a folder of this machine that only its owner may read."""

import os
import stat
from pathlib import Path

from playout.kit.errors import Invalid

OWNED = ("files", "work", "secret.key", "demo.json", "postgres.lock")
"""Entries that Playout itself creates in the folder. PostgreSQL protects its own folder."""
OWNER_ONLY = 0o077
OWNER_AND_GROUP = 0o027


def open_data_folder(folder: Path, *, share_with_group: bool = False) -> None:
    """Create the data folder if it is missing, and close it to other users of the machine.

    From now on, whatever this process creates is closed to them, too. With `share_with_group`, the
    group of the user may read: a web server that sends the files of videos. Raises `Invalid` unless
    this process may write to the folder.
    """
    closed = OWNER_AND_GROUP if share_with_group else OWNER_ONLY
    os.umask(closed)
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        if writable and not is_new:
            _tighten(folder, closed)
    except OSError as error:
        raise _unusable(folder, f"cannot be created ({error.strerror})") from error
    if not writable:
        raise _unusable(folder, "cannot be written by the user that runs Playout")


def _tighten(folder: Path, closed: int) -> None:
    """Take from others what an earlier version allowed them. Leave what is not Playout's."""
    found = [folder / name for name in OWNED if (folder / name).exists()]
    if not found:
        return
    for path in found:
        _take(path, closed)
    # The user that root runs PostgreSQL as has to pass through the folder.
    _take(folder, closed & ~0o011 if os.geteuid() == 0 else closed)


def _take(path: Path, permissions: int) -> None:
    status = path.lstat()
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid == os.geteuid() and mode & permissions and not stat.S_ISLNK(status.st_mode):
        path.chmod(mode & ~permissions)


def _unusable(folder: Path, reason: str) -> Invalid:
    return Invalid(
        f"The data folder {folder} {reason}: choose another with --data-dir or PLAYOUT_DATA_DIR."
    )
