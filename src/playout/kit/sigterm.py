"""SIGTERM while a process starts, before its server or its worker takes care of signals."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Sigterm:
    """The state of SIGTERM in this process. Only the main thread receives signals."""

    requested = False
    held = False


_state = _Sigterm()


def exit_on_sigterm() -> None:
    """Let the first SIGTERM unwind the stack, so that what was started is stopped, too.

    Further ones change nothing: they would interrupt the stop.
    """
    signal.signal(signal.SIGTERM, _exit)


def sigterm_requested() -> bool:
    """Return whether SIGTERM has come.

    If the signal arrives inside one of Python's own callbacks, which imports run often, Python
    drops the exception that the handler raises. So ask here before you begin to wait.
    """
    return _state.requested


def exit_if_requested() -> None:
    """Raise `SystemExit` if SIGTERM has come."""
    if _state.requested:
        sys.exit(0)


@contextmanager
def sigterm_held() -> Iterator[None]:
    """Let SIGTERM wait until the end of a block, which would otherwise leave something behind."""
    _state.held = True
    try:
        yield
    finally:
        _state.held = False
    exit_if_requested()


def _exit(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    if _state.requested:
        return
    _state.requested = True
    if not _state.held:
        sys.exit(0)
