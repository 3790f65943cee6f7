"""Reads server-sent events from a real server in this process."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import uvicorn

from playout.runtime import Runtime
from playout.web import application

STREAM = "/api/v1/events/stream/"


@contextmanager
def served(runtime: Runtime) -> Iterator[str]:
    """The web application on a port of loopback, over this runtime."""
    config = uvicorn.Config(
        application(runtime), port=0, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Reader:
    """An open stream, read by a thread: messages and comments as they come, and its end."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.messages: list[dict[str, Any]] = []
        self.comments = 0
        self.retry = 0
        self.ended_at: float | None = None
        self._client = httpx2.Client(timeout=30)
        self._answer = self._client.send(
            self._client.build_request("GET", url, headers=headers), stream=True
        )
        self.status = self._answer.status_code
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    @property
    def types(self) -> list[str]:
        return [each["data"]["type"] for each in self.messages]

    @property
    def headers(self) -> httpx2.Headers:
        return self._answer.headers

    def until(self, true: Callable[["Reader"], Any], seconds: float = 5) -> float:
        """Wait for something to be true of it; after how many seconds it was."""
        began = time.monotonic()
        while not true(self):
            assert time.monotonic() - began < seconds, (self.messages, self.ended_at)
            time.sleep(0.005)
        return time.monotonic() - began

    def close(self) -> None:
        # Closing alone would not wake the thread that reads.
        with suppress(OSError):
            self._answer.extensions["network_stream"].get_extra_info("socket").shutdown(2)
        self._thread.join()
        self._client.close()

    def _read(self) -> None:
        message: dict[str, Any] = {}
        try:
            for line in self._answer.iter_lines():
                name, _, value = line.partition(": ")
                if not line and "data" in message:
                    self.messages.append(message)
                if not line:
                    message = {}
                elif not name:
                    self.comments += 1
                elif name == "retry":
                    self.retry = int(value)
                else:
                    message[name] = json.loads(value) if name == "data" else value
        except httpx2.HTTPError:
            pass
        self.ended_at = time.monotonic()
