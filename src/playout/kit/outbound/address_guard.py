"""Connections to public addresses only, and to networks that the operator allows.

The name of a host is resolved once. All of its addresses are checked, and the connection is made to
one of them. The check is made where the socket is opened: no way of writing a URL, and no second
answer of a name server, gets around it.
"""

import asyncio
import socket
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore2

from playout.kit.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Options = Iterable[httpcore2.SOCKET_OPTION] | None
CONNECT_FAILURES = (httpcore2.ConnectError, httpcore2.ConnectTimeout)

# `is_global` alone permits multicast addresses, translated ones, and those inside of providers.
DENIED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        # Everything outside 2000::/3, the only part of IPv6 that is assigned to the public: among
        # others loopback, IPv4 in IPv6 (mapped, translated, NAT64), local and multicast addresses.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ]
)


class OutboundError(Invalid):
    """A request that was not permitted, or did not get the answer that it needs."""


class AddressGuard:
    """The addresses that may be reached: the public ones, and the networks in `allowed`."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def check(self, resolved: Iterable[tuple[Any, ...]]) -> list[str]:
        """Return the addresses in an answer of `getaddrinfo`.

        Raises `OutboundError` unless all of them may be reached.
        """
        # Without the zone: only link-local addresses have one.
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in resolved]
        if not all(self._permits(address) for address in addresses):
            raise OutboundError("The address lies in a network that may not be reached.")
        return [str(address) for address in addresses]

    def _permits(self, address: Address) -> bool:
        if any(address in network for network in self._allowed):
            return True
        return address.is_global and not any(address in network for network in DENIED)


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens guarded connections that end at `deadline`, a value of `time.monotonic`."""

    def __init__(self, guard: AddressGuard, deadline: float) -> None:
        self._guard, self._deadline = guard, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options = None,
    ) -> httpcore2.NetworkStream:
        try:
            resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise _unknown_host() from error
        failure: Exception = _unknown_host()
        for address in self._guard.check(resolved):
            left = remaining_seconds(self._deadline, timeout)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, left, local_address, socket_options
                )
            except CONNECT_FAILURES as error:
                failure = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure


class AsyncGuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens guarded connections. The caller limits the time."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options = None,
    ) -> httpcore2.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            resolved = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise _unknown_host() from error
        failure: Exception = _unknown_host()
        for address in self._guard.check(resolved):
            try:
                return await httpcore2.AnyIOBackend().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except CONNECT_FAILURES as error:
                failure = error
        raise failure


class DeadlineStream(httpcore2.NetworkStream):
    """A stream that fails at the deadline, however slowly its bytes arrive."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining_seconds(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, remaining_seconds(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = remaining_seconds(self._deadline, timeout)
        return DeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def remaining_seconds(deadline: float, timeout: float | None) -> float:
    """Return the seconds until the deadline, at most `timeout`. Raises when no time is left."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is up")
    return left if timeout is None else min(left, timeout)


def _unknown_host() -> OutboundError:
    return OutboundError("The host of the address is not known.")
