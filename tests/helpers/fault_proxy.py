"""A proxy in front of a server of S3 that spoils chosen requests, and hands on all others."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Fault = Callable[["Exchange"], None]


@dataclass
class Spoilt:
    """A fault that the next `times` requests of that kind meet, and how many have met it."""

    method: str
    part_of_path: str
    fault: Fault
    times: int
    met: int = 0

    def meets(self, method: str, path: str) -> bool:
        wanted = self.met < self.times and method == self.method and self.part_of_path in path
        self.met += wanted
        return wanted


@dataclass
class FaultProxy:
    """Listens at `url`; `seen` are the methods and paths that were asked for."""

    target: tuple[str, int]
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    _spoilt: list[Spoilt] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def spoils(
        self, method: str, part_of_path: str, fault: Fault, times: int = 1_000_000
    ) -> Iterator[Spoilt]:
        """Meanwhile, some or all requests of that kind are spoilt; at least one has to be."""
        spoilt = Spoilt(method, part_of_path, fault, times)
        self._spoilt.append(spoilt)
        try:
            yield spoilt
        finally:
            self._spoilt.remove(spoilt)
        assert spoilt.met, f"nobody asked for {method} {part_of_path}: {self.seen}"

    def fault_for(self, method: str, path: str) -> Fault:
        with self._lock:
            self.seen.append((method, path))
            met = (each.fault for each in self._spoilt if each.meets(method, path))
            return next(met, hand_on)


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer. The connection ends with it, so that it can be cut anywhere."""

    protocol_version = "HTTP/1.1"
    proxy: FaultProxy

    def _exchange(self) -> None:
        self.close_connection = True
        with suppress(ConnectionError):  # who has asked may be gone
            self.proxy.fault_for(self.command, self.path)(self)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _exchange

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """What the server behind answers: status, headers, body."""
        behind = HTTPConnection(*self.proxy.target, timeout=10)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        told = answer.status, answer.getheaders(), answer.read()
        behind.close()
        return told

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"connection", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """End the connection as a machine does that goes down."""
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass


def hand_on(exchange: Exchange) -> None:
    exchange.answer(*exchange.asked(exchange.body()))


def status(code: int) -> Fault:
    """Answer that without the server's having heard of it."""

    def fault(exchange: Exchange) -> None:
        exchange.body()
        exchange.answer(code, [("Content-Length", "0")], b"")

    return fault


def cut_answer(exchange: Exchange) -> None:
    """Cut the answer's body in the middle of what it was said to have."""
    code, headers, body = exchange.asked(exchange.body())
    exchange.answer(code, headers, body[: len(body) // 2])
    exchange.cut()


def cut_request(exchange: Exchange) -> None:
    """Let half of the request's body through, and cut both connections."""
    head, body = f"{exchange.requestline}\r\n{exchange.headers}".encode(), exchange.body()
    with socket.create_connection(exchange.proxy.target, timeout=10) as behind:
        behind.sendall(head + body[: len(body) // 2])
    exchange.cut()


def lose_answer(exchange: Exchange) -> None:
    """Have the server do it all, and cut the connection before its answer."""
    exchange.asked(exchange.body())
    exchange.cut()


@contextmanager
def proxy_before(target: tuple[str, int]) -> Iterator[FaultProxy]:
    proxy = FaultProxy(target)
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Bound", (Exchange,), {"proxy": proxy}), bind_and_activate=True
    )
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
