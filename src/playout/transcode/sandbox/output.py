"""The output of a running command, read as it comes and kept within bounds."""

import os
import selectors
import subprocess
from collections.abc import Callable
from typing import IO

STDOUT_KEPT = 256 * 1024
STDERR_KEPT = 8 * 1024
_CHUNK = 64 * 1024


class CommandOutput:
    """Standard output and standard error of a process.

    Call `step` until it returns False: then the process has ended.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], on_line: Callable[[str], None] | None = None
    ) -> None:
        self._pid = process.pid
        self._on_line = on_line
        self._stdout = b""
        self._stderr = b""
        self._selector = selectors.DefaultSelector()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                os.set_blocking(pipe.fileno(), False)
                self._selector.register(pipe, selectors.EVENT_READ, pipe is process.stdout)

    def step(self, seconds: float) -> bool:
        """Read what has come, waiting for at most `seconds`; return whether more may come."""
        has_ended = self._has_ended()
        # When both pipes are closed, `select` on nothing still waits, which is what we want.
        for key, _ in self._selector.select(0 if has_ended else seconds):
            self._read(key.fileobj, is_stdout=key.data)  # type: ignore[arg-type]
            has_ended = False
        if has_ended:
            self._selector.close()
        return not has_ended

    def stdout(self) -> str:
        """Return the beginning of standard output, or "" if the lines went to `on_line`."""
        return self._stdout.decode("utf-8", "replace")

    def stderr(self) -> str:
        """Return the end of standard error."""
        return self._stderr.decode("utf-8", "replace")

    def _has_ended(self) -> bool:
        # WNOWAIT leaves the process unreaped: its group can still be killed by number.
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._pid, options) is not None

    def _read(self, pipe: IO[bytes], *, is_stdout: bool) -> None:
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            self._selector.unregister(pipe)
        elif not is_stdout:
            self._stderr = (self._stderr + chunk)[-STDERR_KEPT:]
        elif self._on_line is None:
            self._stdout = (self._stdout + chunk)[:STDOUT_KEPT]
        else:
            *lines, rest = (self._stdout + chunk).split(b"\n")
            self._stdout = rest[:STDOUT_KEPT]
            for line in lines:
                self._on_line(line.decode("utf-8", "replace"))
