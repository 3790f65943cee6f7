"""A small HTTP client that leaves the machine to the server: raw sockets, kept alive.

Run as a module: a pickled `{"port", "connections", "warmup": [request], "requests": [request]}`
on standard input, requests as the bytes to be sent; the seconds that `requests` took on standard
output. With `"percentile"` it is the percentile of the seconds that each answer took, instead. Each
connection sends the next request once its answer is in; anything but 2xx is an error.
"""

import asyncio
import pickle
import sys
import time
from collections.abc import Iterator
from typing import Any

import uvloop


class Connection(asyncio.Protocol):
    """Sends requests one after another until there are no more."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._transport: Any = None  # uvloop's is none of asyncio's classes
        self._requests: Iterator[bytes] = iter(())
        self._done: asyncio.Future[None] | None = None
        self._sent_at = 0.0
        self.seconds: list[float] = []

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    async def work_off(self, requests: Iterator[bytes]) -> None:
        """Take requests, which other connections share, until they are used up."""
        self._requests, self._done = requests, asyncio.get_running_loop().create_future()
        self._next()
        await self._done

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0 or len(self._received) < head + 4 + self._length(head):
            return
        if not self._received.startswith(b"HTTP/1.1 2"):
            self._fail(bytes(self._received[:500]))
            return
        self._received.clear()
        self.seconds.append(time.perf_counter() - self._sent_at)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(b"the connection was closed")

    def _length(self, head: int) -> int:
        told = self._received[:head].lower()
        at = told.find(b"content-length:")
        if at < 0:
            return 0  # a 204
        return int(told[at + 15 :].partition(b"\r")[0])

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            assert self._done is not None
            self._done.set_result(None)
        else:
            self._sent_at = time.perf_counter()
            self._transport.write(request)

    def _fail(self, answer: bytes) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(RuntimeError(answer.decode(errors="replace")))


async def run(
    port: int,
    connections: int,
    warmup: list[bytes],
    requests: list[bytes],
    percentile: float | None = None,
) -> float:
    """Seconds that the requests took, after the warm-up, or a percentile of them."""
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(connections)
    ]
    await _through(clients, warmup)
    for client in clients:
        client.seconds.clear()
    started = time.perf_counter()
    await _through(clients, requests)
    if percentile is not None:
        seconds = sorted(each for client in clients for each in client.seconds)
        return seconds[int(percentile * (len(seconds) - 1))]
    return time.perf_counter() - started


async def _through(clients: list[Connection], requests: list[bytes]) -> None:
    shared = iter(requests)
    await asyncio.gather(*(client.work_off(shared) for client in clients))


if __name__ == "__main__":
    print(uvloop.run(run(**pickle.load(sys.stdin.buffer))))
