"""One connection of the HTTP server: uvicorn's, with limits of size and time.

uvicorn has no such limits. Its parser (httptools) joins the pieces of an endless header, in time
that grows with the square of the length, and a request that stops halfway is waited for for ever.
"""

import asyncio
import threading
from typing import Any

import structlog
from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from playout.server.limits import ConnectionLimits

JOINED_BYTES = 16 * 1024
"""Bytes that wait for what follows, at the most. A larger piece is sent by itself."""
RETRY_AFTER = 5
"""Seconds after which a client that was answered 503 is told to try again."""
SENTENCES = {
    400: "The request is not valid HTTP.",
    408: "The request did not arrive in time. Send it again.",
    414: "The address of the request is too long.",
    431: "The headers of the request are too large.",
}
BUSY = "The server has too many connections. Try again in a few seconds."
STALLED = "The bytes of the upload stopped arriving. Resume the upload."
STOPPING = "The server is stopping. Try again in a few seconds."

log = structlog.get_logger(__name__)


class Connection(HttpToolsProtocol):
    """A connection that closes when its client sends too much, or too slowly."""

    def __init__(
        self,
        limits: ConnectionLimits,
        connections: "dict[Connection, None]",
        draining: threading.Event,
        **by_uvicorn: Any,
    ) -> None:
        super().__init__(**by_uvicorn)
        self._limits = limits
        self._connections = connections
        self._draining = draining
        self._socket: asyncio.Transport = None  # type: ignore[assignment]  # until it is connected
        self._writer: _JoiningTransport = None  # type: ignore[assignment]  # until then, too
        self._unparsed = 0
        """Bytes received since the parser last completed a head, a message or a piece of body."""
        self._parsed = False
        """True if the parser has completed one of these in the data that it has now."""
        self._head_since: float | None = None
        """Time since which the server waits for a head: a request line and its headers."""
        self._in_body = False
        self._keep_alive = False
        """True if the client allows the connection to be kept after this request."""
        self._body_since, self._body_bytes = 0.0, 0
        """Start of the time over which the rate of a body is measured, and its bytes since then."""
        self._discarded = 0
        self._closes_at: float | None = None
        """Time at which the connection closes, if it only discards what it receives."""

    @property
    def idle(self) -> bool:
        """Return whether no request waits for its answer."""
        return self.closing or self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._socket = transport
        self._writer = self.transport = _JoiningTransport(self, transport, self.loop)
        self._head_since = self.loop.time()
        self._connections[self] = None
        if len(self._connections) > self._limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._closes_at is not None:
            self._discarded += len(data)
            if self._discarded > self._limits.linger_bytes:
                self._socket.abort()
            return
        if self._head_since is None and not self._in_body:
            self._head_since = self.loop.time()
        self._unparsed += len(data)
        self._parsed = False
        super().data_received(data)
        if self._parsed:
            self._unparsed = 0
        elif self._unparsed > self._limits.head_bytes:
            self._refuse(431)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self._limits.url_bytes:
            self._refuse_and_stop_parsing(414)

    def on_headers_complete(self) -> None:
        most = self._limits.head_bytes
        if self._unparsed > most and self._head_size() > most:
            self._refuse_and_stop_parsing(431)
        super().on_headers_complete()
        self._head_since, self._in_body, self._parsed = None, True, True
        self._body_since, self._body_bytes = self.loop.time(), 0
        # If the answer begins before the whole request is here, the connection ends with it.
        self._keep_alive, self.cycle.keep_alive = self.cycle.keep_alive, False

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._parsed = True
        self._body_bytes += len(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body, self._parsed = False, True
        if not self.cycle.response_started:
            self.cycle.keep_alive = self._keep_alive and not self._draining.is_set()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        self._refuse(400)

    def shutdown(self) -> None:
        """Close the connection, at once or after the answer that is in progress."""
        if self.idle:
            self._writer.flush()
            self._socket.close()
        else:
            self.cycle.keep_alive = False

    def abort(self) -> None:
        """Close the connection at once, whatever the system has still to send."""
        self._connections.pop(self, None)
        self._writer.flush()
        self._socket.abort()

    def check(self, now: float) -> None:
        """Close the connection if its time has run out."""
        if self._closes_at is not None:
            if now >= self._closes_at:
                self._socket.abort()
            return
        if self._draining.is_set() and self.cycle is not None:
            self.cycle.keep_alive = False
        if self._in_body:
            self._check_body(now)
        elif self._head_since is not None and self.idle:
            self._check_head(now, self._head_since)

    def cut_off(self) -> None:
        """Answer 503 if a request waits for its answer, and the answer has not begun."""
        if not self.idle and not self.cycle.response_started:
            self._refuse(503, STOPPING)

    def close_after_answer(self) -> None:
        """Close the connection; if its client is still sending, give it time to read the answer.

        A close while bytes are unread resets the connection. The client then loses the answer, and
        a proxy reports 502. So this closes only the server's side, and discards what arrives until
        the client closes its own side, within the limits of `linger_seconds` and `linger_bytes`.
        """
        self._writer.flush()
        if not self._in_body and self._head_since is None:
            self._socket.close()
        elif not self.closing:
            self._linger()

    @property
    def closing(self) -> bool:
        """Return whether the application may write no more."""
        return self._closes_at is not None or self._socket.is_closing()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _make_room(self) -> None:
        """Close the oldest idle connection, or refuse this one if all others are in use."""
        oldest = next(each for each in self._connections if each.idle)
        if oldest is self:
            self._refuse(503, BUSY)
        else:
            oldest.abort()

    def _check_head(self, now: float, since: float) -> None:
        if now - since < self._limits.head_seconds:
            return
        if self._unparsed:
            self._refuse(408)
        else:
            self._socket.close()  # there is no request that could be answered

    def _check_body(self, now: float) -> None:
        # A client that waits for the server is not slow.
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._body_since, self._body_bytes = now, 0
        elif now - self._body_since >= self._limits.body_seconds:
            if self._body_bytes < self._limits.body_rate * self._limits.body_seconds:
                # A client of tus resumes an upload after 5xx, but gives it up after 408.
                tus = any(name == b"tus-resumable" for name, _ in self.headers)
                self._refuse(503, STALLED) if tus else self._refuse(408)
            self._body_since, self._body_bytes = now, 0

    def _refuse_and_stop_parsing(self, status: int) -> None:
        self._refuse(status)
        raise HttpParserError(SENTENCES[status])

    def _refuse(self, status: int, sentence: str = "") -> None:
        """Answer the request that is coming in, instead of the application, and close."""
        if self.closing:
            return
        log.info("request.refused", status=status)
        if not self.idle:
            if self.cycle.response_started or self.pipeline or self._head_since is not None:
                self._socket.abort()  # another answer has begun, or comes first
                return
            self.cycle.disconnected = True  # so the application can store what it has received
            self.cycle.message_event.set()
        self.transport.write(self._answer(status, sentence or SENTENCES[status]))
        self._linger()

    def _answer(self, status: int, sentence: str) -> bytes:
        body = f"{sentence}\n".encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        if status == 503:
            headers.append((b"retry-after", b"%d" % RETRY_AFTER))
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])

    def _linger(self) -> None:
        self._closes_at = self.loop.time() + self._limits.linger_seconds
        self._writer.flush()
        self.flow.resume_reading()
        if self._socket.can_write_eof():
            self._socket.write_eof()


class _JoiningTransport(asyncio.Transport):
    """The transport that uvicorn writes to. Its `close` waits until the answer can be read.

    uvicorn writes the head of an answer and its body one by one, and each write is a system call,
    the most expensive part of a small answer. So what is written waits for what follows at once.
    """

    def __init__(
        self, connection: Connection, socket: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__()
        self._connection = connection
        self._socket = socket
        self._loop = loop
        self._waiting: bytes | bytearray | memoryview | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._socket.writelines((waiting, data))
        elif len(data) > JOINED_BYTES:
            self._socket.write(data)
        else:
            self._waiting = data
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Send what waits."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not self._socket.is_closing():
            self._socket.write(waiting)

    def close(self) -> None:
        self._connection.close_after_answer()

    def is_closing(self) -> bool:
        return self._connection.closing
