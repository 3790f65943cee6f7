"""Sends one file as the body of a request, and waits for the answer.

Run as a module: a pickled `{"port", "head", "file"}` on standard input, `head` as the bytes before
the body; the seconds from the first byte to the answer on standard output.
"""

import pickle
import socket
import sys
import time
from pathlib import Path


def run(port: int, head: bytes, file: str) -> float:
    with socket.create_connection(("127.0.0.1", port)) as connection, Path(file).open("rb") as body:
        started = time.perf_counter()
        connection.sendall(head)
        connection.sendfile(body)
        answer = connection.recv(65536)
        took = time.perf_counter() - started
    if not answer.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(answer.decode(errors="replace"))
    return took


if __name__ == "__main__":
    print(run(**pickle.load(sys.stdin.buffer)))
