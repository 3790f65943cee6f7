"""Commands of `playout` in processes of their own, which need not import it first.

To import Playout takes most of the time of most commands: two seconds of a core for a server. So
one process for each pytest does it once, and forks. Programs, settings, signals and exit statuses
are as ever. A start as operators know it, from nothing, is what `tests/cli/test_cli_start.py`, the
tests of the wheel and all servers in a wrapper begin with.
"""

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

FORKING = Path(__file__).with_name("forking.py")


class Forked:
    """A running command, to be used like a `subprocess.Popen`."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        stdout: IO[Any],
        stderr: IO[Any],
        folder: Path | None = None,
    ) -> None:
        """Start the command, in this folder or that of the tests; its standard input is empty."""
        self.args = words
        self.returncode: int | None = None
        self._hears, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        order = {
            "words": words,
            "environment": dict(environment),
            "folder": str(folder or Path.cwd()),
        }
        with tells:
            passed = [tells.fileno(), stdout.fileno(), stderr.fileno()]
            socket.send_fds(_orders(), [json.dumps(order).encode()], passed)
        self.pid = self._hear()

    def poll(self) -> int | None:
        """Return the exit status, as that of a `Popen`; None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit status."""
        status = self._look(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and self._is_told(seconds):
            self.returncode = self._hear()
            self._hears.close()
        return self.returncode

    def _is_told(self, seconds: float | None) -> bool:
        told = select.poll()
        told.register(self._hears, select.POLLIN)
        return bool(told.poll(None if seconds is None else seconds * 1000))

    def _hear(self) -> int:
        said = self._hears.recv(64)
        assert said, "the process that forks has ended"
        return int(said)


@functools.cache
def _orders() -> socket.socket:
    """Start the process that forks, which ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-P", str(FORKING), str(its.fileno())],
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait(30)

    atexit.register(end)
    return ours
