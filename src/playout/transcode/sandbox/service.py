"""A process in the sandbox that stays, and answers one message after another."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playout.transcode.sandbox.messages import Message, packed, read_message
from playout.transcode.sandbox.run import Confinement, start

_PIECE = 1024 * 1024


class ServiceEnded(Exception):
    """The process ended, or took too long. Another one may do better."""


class SandboxedService:
    """A process that reads messages from its standard input and writes others to its output.

    It dies with the thread that makes this object, so that has to be one that lasts.
    """

    def __init__(
        self, command: Sequence[str], confinement: Confinement, readable: Sequence[Path]
    ) -> None:
        self._process = start(
            command,
            confinement,
            readable=readable,
            stdin=subprocess.PIPE,
            # What libraries write there may hold parts of what they were given.
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._input, self._output = self._process.stdin, self._process.stdout
        for pipe in (self._input, self._output):
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """The number of its process, and of the process's group."""
        return self._process.pid

    def send(self, head: dict[str, Any], blobs: Sequence[bytes], seconds: float) -> None:
        """Send a message. Raise `ServiceEnded` if it is not taken within that time."""
        data = memoryview(packed(head, blobs))
        deadline = time.monotonic() + seconds
        while data:
            self._wait(self._input.fileno(), selectors.EVENT_WRITE, deadline)
            try:
                data = data[os.write(self._input.fileno(), data[:_PIECE]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ServiceEnded from error

    def receive(self, seconds: float) -> Message:
        """Return the next message. Raise `ServiceEnded` if it does not come within that time."""
        deadline = time.monotonic() + seconds
        try:
            return read_message(lambda size: self._read(size, deadline))
        except (EOFError, ValueError, KeyError) as error:
            raise ServiceEnded from error

    def end(self) -> None:
        """Kill the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._input.close()
        self._output.close()

    def _read(self, size: int, deadline: float) -> bytes:
        content = bytearray()
        while len(content) < size:
            self._wait(self._output.fileno(), selectors.EVENT_READ, deadline)
            piece = os.read(self._output.fileno(), min(size - len(content), _PIECE))
            if not piece:
                raise EOFError
            content += piece
        return bytes(content)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise ServiceEnded
