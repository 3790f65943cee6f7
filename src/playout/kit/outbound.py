"""Requests to addresses that somebody else wrote: one guarded client for all of them.

A name is resolved once, every address it has is checked against an explicit list, and the
connection goes to the address that was checked. No redirects, no proxy variables, bounded in bytes
and time. An operator can allow networks.
"""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpx2

from playout.kit.errors import Invalid, TooLarge
from playout.kit.settings import Network

Address = IPv4Address | IPv6Address

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
        "::/96",
        "::1/128",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ]
)
CONNECT_TIMEOUT = 10.0


class Refused(Invalid):
    """The address may not be reached, or did not give what was asked for."""


class Outbound:
    """The one way out. `allowed` are networks that may be reached although they are denied."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    @contextmanager
    def download(self, url: str, limit: int, timeout: float) -> Iterator[Iterator[bytes]]:
        """The body of a GET, in chunks; at most `limit` bytes within `timeout` seconds.

        Raises `Refused` for an address that is not allowed and any answer but 200, and `TooLarge`.
        """
        host, address = self._resolve(url)
        try:
            target = httpx2.URL(url).copy_with(host=str(address), username=None, password=None)
            with (
                httpx2.Client(
                    trust_env=False,
                    follow_redirects=False,
                    timeout=httpx2.Timeout(30, connect=CONNECT_TIMEOUT),
                ) as client,
                client.stream(
                    "GET",
                    target,
                    headers={"Host": _host_header(url), "Accept-Encoding": "identity"},
                    extensions={"sni_hostname": host},
                ) as answer,
            ):
                if answer.status_code != 200:
                    raise Refused(f"The address answered with status {answer.status_code}.")
                yield _bounded(answer.iter_raw(), limit, time.monotonic() + timeout)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Refused(f"The address could not be fetched: {error}.") from error

    def _resolve(self, url: str) -> tuple[str, Address]:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise Refused("That is not a web address.") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("Only http and https addresses are fetched.")
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise Refused("The host of the address is not known.") from error
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        for address in addresses:
            if not self._permitted(address):
                raise Refused("The address lies in a network that may not be reached.")
        return parts.hostname, addresses[0]

    def _permitted(self, address: Address) -> bool:
        if any(address in network for network in self._allowed):
            return True
        return address.is_global and not any(address in network for network in DENIED)


def _host_header(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _bounded(chunks: Iterator[bytes], limit: int, deadline: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"The file at that address has more than {limit:,} bytes.")
        if time.monotonic() > deadline:
            raise Refused("The address took too long to answer.")
        yield chunk
