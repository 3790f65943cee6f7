"""The address of the client, when trusted proxies stand between it and this process."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

SCHEMES = frozenset({"http", "https"})
MASKED_PREFIXES = {4: 24, 6: 48}
IPV6_PREFIX = 64
"""Bits of an IPv6 address that name a customer of a provider, who may use all addresses below."""


class TrustedProxies:
    """A middleware that takes the client's address and the scheme from headers of trusted proxies.

    A proxy appends to `X-Forwarded-For` the address that it was called from. Only what a trusted
    proxy appended is believed, so the client is the right-most address that is not trusted. Anybody
    may have written what is to the left of it. `X-Forwarded-Proto` counts by the same rule.

    It removes `country_header` from every request that does not come from a trusted proxy.
    """

    def __init__(
        self, app: ASGIApp, trusted: Sequence[Network], country_header: str | None = None
    ) -> None:
        self.app = app
        self._trusted = tuple(trusted)
        self._country_header = country_header.lower().encode() if country_header else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            client = scope.get("client")
            peer = _parse(client[0]) if client and self._trusted else None
            if peer is not None and self._trusts(peer):
                self._apply_headers(scope, peer)
            elif self._country_header is not None:
                scope["headers"] = [
                    each for each in scope["headers"] if each[0] != self._country_header
                ]
        await self.app(scope, receive, send)

    def _apply_headers(self, scope: Scope, peer: Address) -> None:
        schemes = list(_values(scope, b"x-forwarded-proto"))
        if schemes and schemes[-1].lower() in SCHEMES:
            scope["scheme"] = schemes[-1].lower()
        client = peer
        for value in reversed(list(_values(scope, b"x-forwarded-for"))):
            address = _parse(value)
            if address is None:
                break  # a name, `unknown`, or nonsense: what is to the left is not known
            client = address
            if not self._trusts(address):
                break
        if client != peer:
            scope["client"] = (str(client), 0)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def client_address(scope: Scope) -> str:
    """Return the client's address, "" if it is unknown."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def client_network(scope: Scope) -> str:
    """Return the network that limits count for a client: an IPv4 address, or an IPv6 /64.

    To count single IPv6 addresses would limit nobody: every home has 2^64 of them.
    """
    address = _parse(client_address(scope))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return client_address(scope) if address is None else str(address)


def masked_address(scope: Scope) -> str:
    """Return the part of the client's address that is in logs of visitors: a /24, or a /48.

    It tells where a flood comes from, and not who the visitor is.
    """
    return _masked(client_address(scope))


@lru_cache(maxsize=4096)
def _masked(text: str) -> str:
    """Return the network of an address. Viewers load many files, and a proxy sends for them all."""
    address = _parse(text)
    if address is None:
        return ""
    prefix = MASKED_PREFIXES[address.version]
    return str(ip_network((address, prefix), strict=False))


def _values(scope: Scope, name: bytes) -> Iterator[str]:
    """Yield the values of a header that may come several times, each with several values."""
    for key, value in scope["headers"]:
        if key == name:
            yield from (each.strip() for each in value.decode("latin-1").split(","))


def _parse(text: str) -> Address | None:
    """Return the address in `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` or `[2001:db8::1]:443`."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
