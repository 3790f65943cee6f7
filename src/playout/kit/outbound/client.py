"""Requests to addresses that somebody else wrote: one guarded way out for all of them.

It stands on httpcore, which knows no redirects, no proxies, no cookies and no credentials, and
opens its connections through the guard. Bounded in bytes and time.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache

import httpcore2
import httpx2

from playout.kit.errors import TooLarge
from playout.kit.outbound.address_guard import AsyncBackend, Backend, Guard, Network, Refused
from playout.kit.tracing import Tracing

HEADERS = [(b"User-Agent", b"Playout"), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
LIMITS = {"timeout": {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}}
"""Seconds that one step of a request may take, within the time of the whole."""

FAILURES = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpx2.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an address answered; `body` is the beginning of it, and `headers` have small names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outbound:
    """The one way out. `allowed` are networks that may be reached although they are denied."""

    def __init__(self, allowed: Sequence[Network] = (), tracing: Tracing | None = None) -> None:
        self.guard = Guard(allowed)
        self._tracing = tracing or Tracing()

    @contextmanager
    def download(self, url: str, limit: int, timeout: float) -> Iterator[Iterator[bytes]]:
        """The body of a GET, in chunks; at most `limit` bytes within `timeout` seconds.

        Raises `Refused` for an address that is not allowed and any answer but 200, and `TooLarge`.
        """
        target, backend = _target(url), Backend(self.guard, time.monotonic() + timeout)
        with (
            self._tracing.client_span("GET", _attributes(target)),
            _told(),
            httpcore2.ConnectionPool(_tls(), network_backend=backend) as pool,
            pool.stream("GET", target, headers=HEADERS, extensions=LIMITS) as answer,
        ):
            if answer.status != 200:
                raise Refused(f"The address answered with status {answer.status}.")
            yield _bounded(answer.iter_stream(), limit)

    @asynccontextmanager
    async def posting(self, at_once: int) -> AsyncIterator["Post"]:
        """A way to post many things, `at_once` of them together, over connections that are kept."""
        async with httpcore2.AsyncConnectionPool(
            _tls(), max_connections=at_once, network_backend=AsyncBackend(self.guard)
        ) as pool:
            yield Post(pool, self._tracing)


class Post:
    """Sends POST requests; belongs to the event loop in which it was made."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool, tracing: Tracing) -> None:
        self._pool = pool
        self._tracing = tracing

    async def __call__(
        self, url: str, content: bytes, headers: Mapping[str, str], timeout: float, keep: int
    ) -> Reply:
        """The answer, whatever its status, with the first `keep` bytes of its body.

        Raises `Refused` when the address is not allowed, or gives no answer in `timeout` seconds.
        """
        target = _target(url)
        with self._tracing.client_span("POST", _attributes(target)), _told():
            async with (
                asyncio.timeout(timeout),
                self._pool.stream(
                    "POST",
                    target,
                    headers=[*HEADERS, *((name, value) for name, value in headers.items())],
                    content=content,
                    extensions=LIMITS,
                ) as answer,
            ):
                told = {_text(name).lower(): _text(value) for name, value in answer.headers}
                return Reply(answer.status, told, await _beginning(answer.aiter_stream(), keep))


@cache
def _tls() -> ssl.SSLContext:
    """Made once: to read all the roots takes as long as many requests."""
    return httpx2.create_ssl_context(trust_env=False)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the way, in a sentence."""
    try:
        yield
    except (TimeoutError, httpcore2.TimeoutException) as error:
        raise Refused("The address took too long to answer.") from error
    except FAILURES as error:
        raise Refused(f"The address could not be reached: {error}.") from error


def _target(url: str) -> httpcore2.URL:
    """What is asked for, without credentials; raises `Refused` for what is no web address."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise Refused("That is not a web address.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise Refused("Only http and https addresses are reached.")
    # A resolver takes a port modulo 65,536.
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Refused("That is not a web address: there is no such port.")
    return httpcore2.URL(
        scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
    )


def _attributes(target: httpcore2.URL) -> dict[str, str]:
    return {"server.address": target.host.decode()}


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _bounded(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"The file at that address has more than {limit:,} bytes.")
        yield chunk


async def _beginning(chunks: AsyncIterator[bytes], keep: int) -> bytes:
    body = b""
    async for chunk in chunks:
        body += chunk
        if len(body) >= keep:
            break
    return body[:keep]
