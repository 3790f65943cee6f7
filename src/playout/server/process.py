"""One of several processes that serve a port: as it serves, and as the supervisor sees it.

The supervisor gives orders through the standard input of the process, not with signals: a service
manager sends signals to all processes at once, and a signal that came twice would cut a drain
short. A process whose supervisor was killed reads the end of its input, and stops.
"""

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum

from playout.kit.invalidation import Invalidations
from playout.server.limits import ConnectionLimits
from playout.server.server import Server

START_SECONDS = 120.0
"""Seconds that a process has to start. Then it is killed."""
END_SECONDS = ConnectionLimits().stop_seconds + 15.0
"""Seconds that a process has to end, beside those of its drain. Then it is killed."""

USEFUL_SECONDS = 10.0
"""Seconds after which a process that dies is started again without a pause."""


class Order(Enum):
    """An order to a process: drain and then stop, make room for another, or stop."""

    DRAIN = b"d"
    RETIRE = b"r"
    STOP = b"s"


class Process:
    """A process that serves, as the supervisor sees it."""

    def __init__(self, command: Sequence[str], socket: int) -> None:
        """Start a process that serves the socket. It gets two file descriptors more as options."""
        ready, tells_ready = os.pipe()
        os.set_blocking(ready, False)
        self._ready = os.fdopen(ready, "rb", buffering=0)
        try:
            self._popen = subprocess.Popen(
                [*command, "--socket", str(socket), "--ready", str(tells_ready)],
                stdin=subprocess.PIPE,
                pass_fds=(socket, tells_ready),
            )
        except OSError:
            self._ready.close()
            raise
        finally:
            os.close(tells_ready)
        self.pid = self._popen.pid
        self.is_ready = False
        self._started_at = time.monotonic()
        self._kill_at: float | None = time.monotonic() + START_SECONDS

    def order(self, order: Order, drain_seconds: float = 0) -> None:
        """Tell the process to end. It is killed if it does not."""
        self._kill_at = time.monotonic() + drain_seconds + END_SECONDS
        assert self._popen.stdin is not None  # noqa: S101  for the type checker
        with suppress(OSError):  # it has just ended by itself
            self._popen.stdin.write(order.value)
            self._popen.stdin.flush()

    @property
    def was_useful(self) -> bool:
        """Return whether it served for a while: one that dies at once would die again."""
        return self.is_ready and time.monotonic() - self._started_at > USEFUL_SECONDS

    def exit_status(self) -> int | None:
        """Return the status of a process that has ended; None while it runs.

        Also notice that it is ready, and kill it if its time has run out.
        """
        if not self.is_ready:
            self._look_if_ready()
        if self._kill_at is not None and time.monotonic() >= self._kill_at:
            self._popen.kill()
        status = self._popen.poll()
        if status is not None:
            self._close()
        return status

    def _look_if_ready(self) -> None:
        if not self._ready.closed and self._ready.read(1):  # None or b"" if nothing was told
            self.is_ready, self._kill_at = True, None

    def _close(self) -> None:
        self._ready.close()
        if self._popen.stdin is not None:
            self._popen.stdin.close()


def follow_orders(server: Server, invalidations: Invalidations, ready: int) -> None:
    """Tell the supervisor when the server of this process is ready, and do what it orders.

    It is ready once invalidations reach it. Until then, a page gets less time to be read from the
    database.
    """

    def run() -> None:
        while not server.started:
            time.sleep(0.02)
        while not invalidations.connected and not _has_order(0.02):
            pass
        with suppress(BrokenPipeError):  # then the end of the input is next
            os.write(ready, b"+")
        while True:
            order = os.read(sys.stdin.fileno(), 1)
            if order == Order.DRAIN.value:
                server.drain()
            elif order == Order.RETIRE.value:
                server.retire()
            else:
                server.stop()
                return

    threading.Thread(target=run, name="orders", daemon=True).start()


def _has_order(seconds: float) -> bool:
    """Wait so long for an order, or for the end of the input."""
    return bool(select.select([sys.stdin.fileno()], [], [], seconds)[0])
