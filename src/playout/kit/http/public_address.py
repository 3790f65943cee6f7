"""The public address of an installation, and the one that the answer to a request begins with."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?", re.ASCII)
PATH = re.compile(r"(/[a-z0-9_~-][a-z0-9._~-]*)*", re.ASCII | re.IGNORECASE)
"""Folders whose names mean the same in a URL, in a template and to a proxy; none is `..`."""
EXAMPLE = "write an address such as https://videos.example.com"


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """The address under which visitors reach an installation, without a slash at its end.

    A request may come to another host that `allowed_hosts` names: a host at any port, or at one.
    """

    base_url: str
    allowed_hosts: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """The path that comes before all paths of Playout, such as `/video`; "" for none."""
        return urlsplit(self.base_url).path

    def for_request(self, scheme: str, host: str) -> str:
        """Return what absolute addresses in the answer to a request to that host begin with."""
        if self.allowed_hosts and self._allows(host):
            return f"{scheme}://{host.lower()}{self.prefix}"
        return self.base_url

    def local_part(self, url: str) -> str | None:
        """Return what follows the base of an address of this installation; None for any other."""
        if url.startswith(f"{self.base_url}/"):
            return url.removeprefix(self.base_url)
        parts = split_url(url)
        is_own = parts.scheme in DEFAULT_PORTS and self._allows(parts.netloc)
        if not is_own or not parts.path.startswith(f"{self.prefix}/"):
            return None
        return parts._replace(scheme="", netloc="").geturl().removeprefix(self.prefix)

    def _allows(self, host: str) -> bool:
        host = host.lower()
        return host in self.allowed_hosts or re.sub(r":\d+$", "", host) in self.allowed_hosts


def local_url(host: str, port: int) -> str:
    """Return the address at which this machine reaches a server that listens on a host and port."""
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        address = ip_address("::1" if address.version == 6 else "127.0.0.1")
    return f"http://{_bracketed(str(address))}:{port}"


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a server that listens on a host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def parse_public_url(text: str) -> str:
    """Return a public address in its shortest form. Raise `ValueError` with the reason."""
    try:
        parts, port = urlsplit(text), urlsplit(text).port
    except ValueError:
        raise ValueError(f"it is not a URL: {EXAMPLE}") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"it needs http:// or https://, and a host: {EXAMPLE}")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError(f"it may have no user, no query and no fragment: {EXAMPLE}")
    path = parts.path.rstrip("/")
    if not PATH.fullmatch(path):
        raise ValueError("its path may have letters, digits, '.', '_', '~' and '-' between slashes")
    shown_port = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{_host(parts.hostname)}{shown_port}{path}"


def parse_allowed_host(text: str) -> str:
    """Return a host, with or without a port, as requests name it. Raise `ValueError`."""
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        raise ValueError(f"{text} is not a host") from None
    if "@" in text or parts.netloc != text or not parts.hostname:
        raise ValueError(f"{text} is not a host: write videos.example.com, or one with a port")
    return _host(parts.hostname) + (f":{port}" if port is not None else "")


def _host(name: str) -> str:
    """Return a host as it stands in a URL. Raise `ValueError` if it is no host."""
    try:
        return _bracketed(str(IPv6Address(name)))
    except ValueError:
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{name} is not a host; write an international name as xn--…"
            ) from None
        return name


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL; empty ones for a text that is no URL."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
