"""The folder of the socket through which the embedded PostgreSQL is reached."""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playout.kit.errors import Invalid

SOCKET = ".s.PGSQL.5432"
LONGEST = 107
"""Bytes that the path of a socket may have on Linux. (macOS allows 103.)"""
PLAIN = re.compile(r"[\w/.-]+", re.ASCII)
"""Paths that mean the same to a shell, in a list of PostgreSQL's and in a URL."""


def choose_socket_folder(data: Path, longest: int = LONGEST) -> Path:
    """Return a folder for the socket of the server of a data folder, and create it.

    It is the data folder itself, which every process of the installation finds, whatever its
    environment is. If that path is too long for a socket, or has spaces or other special
    characters, the folder is in XDG_RUNTIME_DIR or, failing that, in the temporary folder; it is
    private to this user then. Raises `Invalid` if none of them can be used.
    """
    for folder in _candidates(data):
        if _fits(folder, longest):
            if folder != data:
                _make_private(folder, data.stat().st_uid)
            return folder
    raise Invalid(
        f"The path {data} cannot have a socket of PostgreSQL, and neither can the temporary folder:"
        " choose a shorter path without spaces, or set XDG_RUNTIME_DIR to one."
    )


def _candidates(data: Path) -> Iterator[Path]:
    yield data
    name = hashlib.sha256(str(data).encode(errors="surrogateescape")).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # For root, the server runs as another user, who cannot enter root's runtime folder.
    if os.geteuid() != 0 and runtime and os.access(runtime, os.W_OK | os.X_OK):
        yield Path(runtime) / f"playout-{name}"
    yield Path(tempfile.gettempdir()) / f"playout-{os.geteuid()}-{name}"


def _fits(folder: Path, longest: int) -> bool:
    path = str(folder / SOCKET)
    return PLAIN.fullmatch(path) is not None and len(path) <= longest


def _make_private(folder: Path, owner: int) -> None:
    """Create the folder for the user that the server runs as.

    In the temporary folder, another user may have been there before.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), owner}:
        raise Invalid(f"{folder} belongs to another user: remove it, or set XDG_RUNTIME_DIR.")
    folder.chmod(0o700)
    if status.st_uid != owner:
        os.chown(folder, owner, -1)
