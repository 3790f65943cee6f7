"""The limits of the HTTP server, and the number of files that its process may open."""

import resource
from dataclasses import dataclass

FILES = 65_536
"""Open files that one process asks for, at the most."""
RESERVED_FILES = 512
"""Files that connections leave to the database, the storage and the jobs."""
CONNECTIONS = 10_000
"""Connections of one process, at the most. All of them together need some 60 MB while idle."""
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of what one connection may cost the server. Times are in seconds."""

    url_bytes: int = 8 * 1024
    head_bytes: int = 32 * 1024
    """Length of the request line and the headers together; and of trailers and chunk extensions."""
    head_seconds: float = 10
    """Time from the first byte of a request, or from connecting, to the end of its headers."""
    body_rate: int = 1024
    """Bytes a second that a request body must bring, on average over `body_seconds`."""
    body_seconds: float = 30
    keep_alive_seconds: int = 30
    """Time that a connection may wait for its next request."""
    linger_seconds: float = 10
    """Time for which unread bytes are discarded after an answer that did not wait for them."""
    linger_bytes: int = 32 * MIB
    connections: int = CONNECTIONS
    """Connections of this process. Beyond them a new connection takes the place of an idle one."""
    check_seconds: float = 1
    """Time between two checks of all connections."""
    stop_seconds: int = 10
    """Time that requests in progress have to end when the server stops."""


def raise_file_limit() -> int:
    """Raise the limit of open files as far as the system allows; return how many may be open.

    A connection is an open file. Many systems start a process with a soft limit of 1,024, for the
    sake of programs that use `select`, and with a far higher hard limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files


def connections_for(files: int) -> int:
    """Return how many connections a process may have that may open so many files."""
    return min(CONNECTIONS, max(files - RESERVED_FILES, files // 2))
