"""How a process that runs for months keeps small."""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
LARGE = 1024 * 1024


def give_back_large_blocks() -> None:
    """Have blocks of a megabyte and more go back to the system as soon as they are free.

    glibc by itself raises that bound with the first large block it sees, and from then on keeps
    parts of uploads, torn to pieces, in the arena of every thread (mallopt(3)).
    """
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and no need of it
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, LARGE)
