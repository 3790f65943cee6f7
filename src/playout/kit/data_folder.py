"""The data folder: a folder of this machine that only its owner may read."""

import os
from pathlib import Path

from playout.kit.errors import Invalid

PRIVATE = 0o700


def open_data_folder(folder: Path) -> None:
    """Create the data folder if it is missing.

    Raises `Invalid` unless this process may write to it.
    """
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        writable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError as error:
        raise _unusable(folder, f"cannot be created ({error.strerror})") from error
    if not writable:
        raise _unusable(folder, "cannot be written by the user that runs Playout")


def _unusable(folder: Path, reason: str) -> Invalid:
    return Invalid(
        f"The data folder {folder} {reason}: choose another with --data-dir or PLAYOUT_DATA_DIR."
    )
