"""The socket that `playout serve` listens on: bound before anything else starts."""

import errno
import socket
from contextlib import closing

from playout.kit.errors import Conflict, Invalid, PlayoutError

BACKLOG = 2048


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
