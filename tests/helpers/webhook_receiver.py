"""A receiver of webhooks on this machine, as well or as badly behaved as a test needs it."""

import contextlib
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """A request as it came, and when (seconds since the epoch)."""

    at: float
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.body)
        return message

    def verified(self, secret: str) -> Any:
        """The message, as the library of the specification lets it through; else it raises."""
        return Webhook(secret).verify(self.body, self.headers)


Answer = Callable[[BaseHTTPRequestHandler], None]
"""What is done with a request once it has been received whole."""


def answer(status: int = 204, body: bytes = b"", **headers: str) -> Answer:
    def answering(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answering


def half_the_time(handler: BaseHTTPRequestHandler) -> None:
    answer(random.choice([204, 500]))(handler)


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until the other side hangs up."""
    handler.close_connection = True
    handler.connection.settimeout(30)
    handler.connection.recv(1)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte a second, for ever."""
    handler.close_connection = True
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(1)


@dataclass
class Receiver:
    """Answers each path as it was told to; everything that came is in `received`."""

    answers: dict[str, Answer] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Received]:
        return [each for each in list(self.received) if each.path == path]

    def wait(self, count: int, path: str = "/", patience: float = 10.0) -> list[Received]:
        """What has come to that path, once it is so much."""
        deadline = time.monotonic() + patience
        while len(came := self.at(path)) < count:
            assert time.monotonic() < deadline, f"{len(came)} of {count} came to {path}"
            time.sleep(0.01)
        return came


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nobody is there any more: that is what is tried here."""


@contextlib.contextmanager
def receiving(answers: dict[str, Answer] | None = None) -> Iterator[Receiver]:
    """A receiver that answers 204 where it was told nothing else."""
    receiver = Receiver(answers or {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            at, length = time.time(), int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(at, self.path, headers, body))
            receiver.answers.get(self.path, answer())(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
