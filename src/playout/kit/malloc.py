"""The memory of a process that runs for months: the allocator, and garbage collection."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_M_MMAP_THRESHOLD = -3
MMAP_THRESHOLD = 1024 * 1024


def set_mmap_threshold() -> None:
    """Return blocks of a megabyte and more to the system as soon as they are freed.

    By default glibc raises that threshold with the first large block that it frees. From then on
    it keeps fragments of parts of uploads in the arena of every thread (mallopt(3)).
    """
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and needs none
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, MMAP_THRESHOLD)


@contextmanager
def importing() -> Iterator[None]:
    """Collect no garbage while modules are imported: hardly anything of them becomes any.

    To look through all that is imported, again and again while it grows, takes a quarter of a
    start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def freeze_loaded_objects() -> None:
    """Let garbage collection skip all that is in memory now: code and tables, which stay.

    To look through it again and again would make some requests wait.
    """
    gc.unfreeze()  # what was left of the imports
    gc.collect()
    gc.freeze()
