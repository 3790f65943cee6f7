"""What the tests of the HTTP server share: a server in a thread, and plain sockets to it."""

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.runtime import Runtime
from playout.server.limits import ConnectionLimits
from playout.server.server import Server
from playout.settings import Settings
from playout.web import application

HOST = "127.0.0.1"
POST = b"POST /read HTTP/1.1\r\nHost: x\r\n"
STREAM = b"GET /events HTTP/1.0\r\nHost: x\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass(frozen=True)
class Served:
    """A server of this process, over a runtime whose events are its own."""

    runtime: Runtime
    server: uvicorn.Server

    @property
    def port(self) -> int:
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def connect(self) -> "Client":
        return connect(self.port)

    def open_connections(self) -> int:
        return len(self.server.server_state.connections)

    def health_seconds(self) -> float:
        """Ask for health on a new connection; return how many seconds the answer took."""
        began = time.monotonic()
        with self.connect() as client:
            client.send(HEALTH)
            assert client.status() == 200
        return time.monotonic() - began


class Client:
    """A connection, and the bytes that came over it."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.received = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def status(self) -> int:
        """Read the head of an answer, and return its status."""
        return int(self.head().split(b" ", 2)[1])

    def head(self) -> bytes:
        """Read up to the end of the head of an answer, and return the head."""
        while b"\r\n\r\n" not in self.received:
            data = self.socket.recv(65536)
            assert data, f"closed after {self.received!r}"
            self.received += data
        return self.received.partition(b"\r\n\r\n")[0]

    def answer(self) -> tuple[int, bytes]:
        """Read a whole answer that has a length; return its status and body."""
        head = self.head()
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        end = len(head) + 4 + length
        while len(self.received) < end:
            data = self.socket.recv(65536)
            assert data, f"closed after {self.received!r}"
            self.received += data
        body, self.received = self.received[len(head) + 4 : end], self.received[end:]
        return int(head.split(b" ", 2)[1]), body

    def closed_after(self, seconds: float = 30) -> float:
        """Read until the server closes the connection; return how many seconds that took."""
        began = time.monotonic()
        self.socket.settimeout(seconds)
        with contextlib.suppress(ConnectionError):
            while data := self.socket.recv(65536):
                self.received += data
        return time.monotonic() - began


def connect(port: int) -> Client:
    return Client(socket.create_connection((HOST, port), timeout=30))


async def small_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body, stream for some seconds, read only after some seconds, or send a large file."""
    if scope["type"] != "http":
        return
    request = Request(scope, receive)
    if scope["path"] == "/read":
        answer = PlainTextResponse(str(len(await request.body())))
    elif scope["path"] == "/late":
        await asyncio.sleep(2)
        answer = PlainTextResponse(str(len(await request.body())))
    else:
        answer = StreamingResponse(ticks(), media_type="text/event-stream")
    await answer(scope, receive, send)


async def ticks() -> AsyncIterator[str]:
    for number in range(4):
        yield f"data: {number}\n\n"
        await asyncio.sleep(1)


@contextlib.contextmanager
def serving_with(
    runtime: Runtime,
    app: ASGIApp | None = None,
    settings: Settings | None = None,
    **limits: float,
) -> Iterator[Served]:
    """The whole application, or a small one, behind a server with those limits."""
    settings = (settings or runtime.settings).model_copy(update={"host": HOST, "port": 0})
    events = {"draining": threading.Event(), "stopping": threading.Event()}
    runtime = replace(runtime, settings=settings, **events)
    bounds = ConnectionLimits(**{"check_seconds": 0.1, "stop_seconds": 2} | limits)
    server = Server(runtime, app or application(runtime), bounds)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Served(runtime, server)
    finally:
        server.should_exit = True
        thread.join()
