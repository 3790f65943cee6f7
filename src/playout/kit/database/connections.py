"""Connections to PostgreSQL: their arguments, and questions that wait for a limited time."""

import select
import time
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import ExecStatus

CONNECT_SECONDS = 4
"""Seconds that opening a connection may take."""

_ARGUMENTS: dict[str, Any] = {
    "application_name": "playout",
    "connect_timeout": CONNECT_SECONDS,
    # A machine that fails sends no reset. Without these, the kernel waits for it for 15 minutes.
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def connection_arguments(url: str) -> dict[str, Any]:
    """Return the arguments that every connection gets, without those that the URL sets.

    None of them is a startup parameter that a pooler refuses.
    """
    own = conninfo_to_dict(url)
    return {name: value for name, value in _ARGUMENTS.items() if name not in own}


def is_closed(connection: psycopg.Connection) -> bool:
    """Return whether the server has closed a connection that nobody uses, without asking it.

    A server sends nothing on such a connection until it closes it.
    """
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def answers_within(connection: psycopg.Connection, query: str, seconds: float) -> bool:
    """Run a query outside a transaction. Return True if it succeeds within so many seconds.

    Close the connection otherwise: an answer may still come. Without this limit, a server that
    hangs keeps its client waiting for as long as its machine answers on the network.
    """
    deadline = time.monotonic() + seconds
    pgconn = connection.pgconn
    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN)
    succeeded = False
    try:
        pgconn.send_query(query.encode())
        while True:
            while pgconn.is_busy():
                if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                    return False
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                return succeeded
            succeeded = result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
    except psycopg.Error:
        return False
