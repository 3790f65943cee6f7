"""The socket that `playout serve` listens on: bound before anything else starts."""

import errno
import socket
from contextlib import closing

import structlog

from playout.kit.errors import Conflict, Invalid, PlayoutError
from playout.kit.http.public_address import is_loopback
from playout.settings import Settings

BACKLOG = 2048
NO_PUBLIC_URL = (
    "Playout listens beyond this machine, and its links begin with {base_url}: set"
    " PLAYOUT_PUBLIC_URL to the address under which others reach it."
)

log = structlog.get_logger(__name__)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address of this machine.

    Raises `Conflict` if the port is taken, and `Invalid` if it cannot be used otherwise.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise _unusable(host, port, error) from error
    family, _, _, _, address = found[0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Connections of an earlier process that linger do not take the port.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise _unusable(host, port, error) from error
    return bound


def listen(bound: socket.socket) -> None:
    """Accept connections from now on. Raises `Conflict` if another process was faster."""
    host, port = bound.getsockname()[:2]
    try:
        bound.listen(BACKLOG)
    except OSError as error:
        with closing(bound):
            raise _unusable(host, port, error) from error


def warn_without_public_url(bound: socket.socket, settings: Settings) -> None:
    """Log a warning if others can reach the server, but not what its links name."""
    if settings.public_url is None and not is_loopback(bound.getsockname()[0]):
        log.warning("public_url.missing", advice=NO_PUBLIC_URL.format(base_url=settings.base_url))


def _unusable(host: str, port: int, error: Exception) -> PlayoutError:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return Conflict(
            f"Port {port} of {host} is taken: stop the program that listens there,"
            " or choose another port with --port or PLAYOUT_PORT."
        )
    reason = getattr(error, "strerror", None) or "not the name of a host"
    return Invalid(
        f"Playout cannot listen on port {port} of {host} ({reason}):"
        " choose an address of this machine with --host, and a free port with --port."
    )
