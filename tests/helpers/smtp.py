"""A mail server on loopback that keeps what it is sent."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def receiving() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the messages that have arrived."""
    messages: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.answer("220 test")
            for line in self.rfile:
                verb = line.split()[0].upper()
                if verb == b"DATA":
                    self.answer("354 go on")
                    self.take()
                self.answer("221 bye" if verb == b"QUIT" else "250 fine")
                if verb == b"QUIT":
                    return

        def take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.decode())
            messages.append("".join(lines))

        def answer(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", messages
        server.shutdown()
