"""A server on loopback for outbound requests, and a listener that must receive none."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.asked.append((self.path, dict(self.headers), body, self.client_address))
        status = {"/moved": 302, "/here": 301, "/gone": 410, "/part": 206, "/empty": 204}
        if self.path == "/slow-headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200)
            return
        self.send_response(status.get(self.path, 200))
        if self.path in {"/moved", "/here"}:
            self.send_header("Location", "/ok")
        if self.path == "/drip":
            self.send_header("Connection", "close")
            self.end_headers()
            self._drip(b"x" * 200)
        elif self.path == "/empty":
            self.end_headers()
        else:
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"0123456789")

    do_POST = do_GET

    def _drip(self, told: bytes) -> None:
        self.close_connection = True
        for each in told:
            self.wfile.write(bytes([each]))
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return


@contextmanager
def answering() -> Iterator[ThreadingHTTPServer]:
    """Serve answers by path. `asked` lists the requests: path, headers, body, client address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Listener:
    """A listener on one port of both loopback addresses, which counts connections."""

    def __init__(self) -> None:
        four = socket.create_server(("127.0.0.1", 0))
        self.port = four.getsockname()[1]
        six = socket.create_server(("::1", self.port), family=socket.AF_INET6)
        self.sockets = (four, six)

    def heard(self) -> int:
        """Return the number of connections in the queues of the kernel."""
        count = 0
        for each in self.sockets:
            each.setblocking(False)
            try:
                while True:
                    each.accept()[0].close()
                    count += 1
            except BlockingIOError:
                continue
        return count

    def close(self) -> None:
        for each in self.sockets:
            each.close()
