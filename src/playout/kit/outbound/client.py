"""Requests to addresses that callers of Playout chose. They all go through one guarded client.

The client stands on httpcore, which follows no redirects, uses no proxies, keeps no cookies and
sends no credentials. It opens its connections through the address guard, and limits bytes and time.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache

import httpcore2
import httpx2

from playout.kit.errors import TooLarge
from playout.kit.outbound.address_guard import (
    AddressGuard,
    AsyncGuardedBackend,
    GuardedBackend,
    Network,
    OutboundError,
)
from playout.kit.tracing import Tracing

HEADERS = [(b"User-Agent", b"Playout"), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
STEP_TIMEOUTS = {"timeout": {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}}
"""Seconds for one step of a request. The time for the whole request is limited, too."""

FAILURES = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpx2.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class OutboundResponse:
    """The answer to a request. Names of `headers` are lower case; `body` may be cut off."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """A request to somebody else's server. Headers of its own come after those of all requests."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


class OutboundClient:
    """The only way to send a request to others.

    `allowed` are networks that may be reached although they are not public.
    """

    def __init__(self, allowed: Sequence[Network] = (), tracing: Tracing | None = None) -> None:
        self.guard = AddressGuard(allowed)
        self._tracing = tracing or Tracing()

    @contextmanager
    def download(self, url: str, limit: int, timeout: float) -> Iterator[Iterator[bytes]]:
        """Send a GET and open its body, in chunks: at most `limit` bytes within `timeout` seconds.

        Raises `OutboundError` for an address that is not permitted and any status but 200, and
        `TooLarge`.
        """
        target = _target(url)
        backend = GuardedBackend(self.guard, time.monotonic() + timeout)
        with (
            self._tracing.client_span("GET", _attributes(target)),
            _outbound_errors(),
            httpcore2.ConnectionPool(_tls(), network_backend=backend) as pool,
            pool.stream("GET", target, headers=HEADERS, extensions=STEP_TIMEOUTS) as response,
        ):
            if response.status != 200:
                raise OutboundError(f"The address answered with status {response.status}.")
            yield _limited(response.iter_stream(), limit)

    def exchange(self, request: OutboundRequest, limit: int, timeout: float) -> OutboundResponse:
        """Send a request, and return its whole answer, whatever the status.

        It has at most `limit` bytes, within `timeout` seconds. Raises `OutboundError` for an
        address that is not permitted or gives no answer, and `TooLarge`.
        """
        target = _target(request.url)
        backend = GuardedBackend(self.guard, time.monotonic() + timeout)
        own: list[tuple[bytes | str, bytes | str]] = list(request.headers.items())
        with (
            self._tracing.client_span(request.method, _attributes(target)),
            _outbound_errors(),
            httpcore2.ConnectionPool(_tls(), network_backend=backend) as pool,
            pool.stream(
                request.method,
                target,
                headers=[*HEADERS, *own],
                content=request.content,
                extensions=STEP_TIMEOUTS,
            ) as response,
        ):
            body = b"".join(_limited(response.iter_stream(), limit))
            return OutboundResponse(response.status, _names_and_values(response.headers), body)

    @asynccontextmanager
    async def post_client(self, max_connections: int) -> AsyncIterator["PostClient"]:
        """Open a client for many POST requests, which keeps its connections open."""
        async with httpcore2.AsyncConnectionPool(
            _tls(), max_connections=max_connections, network_backend=AsyncGuardedBackend(self.guard)
        ) as pool:
            yield PostClient(pool, self._tracing)


class PostClient:
    """A client for POST requests. It belongs to the event loop in which it was made."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool, tracing: Tracing) -> None:
        self._pool = pool
        self._tracing = tracing

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str], timeout: float, max_body: int
    ) -> OutboundResponse:
        """Return the answer, whatever its status, with the first `max_body` bytes of its body.

        Raises `OutboundError` if the address is not permitted, or gives no answer in `timeout`
        seconds.
        """
        target = _target(url)
        with self._tracing.client_span("POST", _attributes(target)), _outbound_errors():
            async with (
                asyncio.timeout(timeout),
                self._pool.stream(
                    "POST",
                    target,
                    headers=[*HEADERS, *((name, value) for name, value in headers.items())],
                    content=content,
                    extensions=STEP_TIMEOUTS,
                ) as response,
            ):
                body = await _first_bytes(response.aiter_stream(), max_body)
                return OutboundResponse(response.status, _names_and_values(response.headers), body)


@cache
def _tls() -> ssl.SSLContext:
    """Return the one TLS context: to load all root certificates takes as long as many requests."""
    return httpx2.create_ssl_context(trust_env=False)


@contextmanager
def _outbound_errors() -> Iterator[None]:
    """Raise `OutboundError` for errors of the network and the protocol."""
    try:
        yield
    except (TimeoutError, httpcore2.TimeoutException) as error:
        raise OutboundError("The address took too long to answer.") from error
    except FAILURES as error:
        raise OutboundError(f"The address could not be reached: {error}.") from error


def _target(url: str) -> httpcore2.URL:
    """Return the URL without credentials. Raises `OutboundError` unless it is a web address."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise OutboundError("That is not a web address.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise OutboundError("Only http and https addresses can be reached.")
    # A resolver takes a port modulo 65,536.
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise OutboundError("That is not a web address: its port does not exist.")
    return httpcore2.URL(
        scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
    )


def _names_and_values(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _attributes(target: httpcore2.URL) -> dict[str, str]:
    return {"server.address": target.host.decode()}


def _limited(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"The file at that address has more than {limit:,} bytes.")
        yield chunk


async def _first_bytes(chunks: AsyncIterator[bytes], count: int) -> bytes:
    body = b""
    async for chunk in chunks:
        body += chunk
        if len(body) >= count:
            break
    return body[:count]
