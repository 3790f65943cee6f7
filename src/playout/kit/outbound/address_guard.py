"""Connections that go nowhere but to public addresses, and to networks the operator allows.

A name is resolved once, every address it has is checked, and the connection goes to an address
that was checked: the check stands where the socket is opened, so that no way of writing a URL and
no second answer of a name server gets around it.
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
Unreachable = (httpcore2.ConnectError, httpcore2.ConnectTimeout)

# `is_global` alone lets through multicast, translated and provider-internal addresses.
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
        # All that is not 2000::/3, the only part of IPv6 handed out to the public: loopback, what
        # stands for IPv4 (mapped, translated, NAT64), local and multicast addresses.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ]
)


class Refused(Invalid):
    """The address may not be reached, or did not give what was asked for."""


class Guard:
    """Knows which addresses may be reached. `allowed` are networks that may although denied."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def check(self, found: Iterable[tuple[Any, ...]]) -> list[str]:
        """The addresses in an answer of `getaddrinfo`; raises `Refused` unless all may be used."""
        # Without its zone: what is reached through one is link-local, or was meant to look so.
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not all(self._permits(address) for address in addresses):
            raise Refused("The address lies in a network that may not be reached.")
        return [str(address) for address in addresses]

    def _permits(self, address: Address) -> bool:
        if any(address in network for network in self._allowed):
            return True
        return address.is_global and not any(address in network for network in DENIED)


class Backend(httpcore2.NetworkBackend):
    """Opens guarded connections, which end at `deadline` (of `time.monotonic`)."""

    def __init__(self, guard: Guard, deadline: float) -> None:
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
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise _unknown() from error
        failure: Exception = _unknown()
        for address in self._guard.check(found):
            left = remaining(self._deadline, timeout)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, left, local_address, socket_options
                )
            except Unreachable as error:
                failure = error
            else:
                return Timed(stream, self._deadline)
        raise failure


class AsyncBackend(httpcore2.AsyncNetworkBackend):
    """Opens guarded connections; whoever asks limits the time."""

    def __init__(self, guard: Guard) -> None:
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
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise _unknown() from error
        failure: Exception = _unknown()
        for address in self._guard.check(found):
            try:
                return await httpcore2.AnyIOBackend().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except Unreachable as error:
                failure = error
        raise failure


class Timed(httpcore2.NetworkStream):
    """A stream on which nothing is waited for beyond the deadline, however slowly it drips."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, remaining(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = remaining(self._deadline, timeout)
        return Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def remaining(deadline: float, timeout: float | None) -> float:
    """Seconds until the deadline, `timeout` at the most. Raises where none is left."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is up")
    return left if timeout is None else min(left, timeout)


def _unknown() -> Refused:
    return Refused("The host of the address is not known.")
