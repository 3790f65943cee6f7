"""Invalidation: every process drops what it holds in memory when that changes.

A transaction names the keys of what it changes. At its commit PostgreSQL notifies every process.
While a process cannot prove that it receives notifications, it serves nothing from memory.

The proof is a notification that the process sends to itself. `SELECT 1` proves nothing: a pooler in
transaction mode answers it, and drops notifications. A second connection sends the proof, to the
address that transactions use: such a pooler may deliver what a connection sends to itself.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterable

import psycopg
import structlog

from playout.kit.database.connections import answers_within, connection_arguments

CHANNEL = "playout_changes"
HEARTBEAT = 0.4
"""Seconds between two proofs that notifications still arrive."""
STALE_AFTER = 1.0
"""Seconds without a proof after which memory is not trusted."""
PROOF_SECONDS = 5.0
"""Seconds to wait for a proof before both connections are opened anew."""

PAUSE = 0.02
"""Seconds to wait after a notification, so that those that follow it arrive together. To wake up
for each of a hundred notifications a second would take time from the requests that cause them."""

DEAF = (
    "Notifications do not arrive. If a pooler in transaction mode is in between, set"
    " PLAYOUT_DATABASE_DIRECT_URL to the address of PostgreSQL itself."
)

Subscriber = Callable[[Iterable[str] | None], None]
"""Is called with the keys that were invalidated, or with None when any key may have been."""

log = structlog.get_logger(__name__)


class Invalidations:
    """Receives invalidations in a thread of its own and passes them on within this process."""

    def __init__(self, database_url: str, direct_url: str | None = None) -> None:
        """Listen at `direct_url`, and send proofs through `database_url`, as transactions go."""
        self._sender_url, self._listener_url = database_url, direct_url or database_url
        self._proof_channel = f"playout_proof_{secrets.token_hex(8)}"
        self._subscribers: list[Subscriber] = []
        self._proved_at = float("-inf")
        self._problem: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="invalidations", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def connected(self) -> bool:
        """Return whether notifications arrive, so that what is held in memory is current."""
        return time.monotonic() - self._proved_at < STALE_AFTER

    @property
    def problem(self) -> str | None:
        """Return why notifications do not arrive; None while they do."""
        return None if self.connected else self._problem or "Notifications do not arrive."

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.append(subscriber)

    def publish(self, keys: Iterable[str] | None) -> None:
        """Invalidate keys in this process; None invalidates everything.

        The commit itself notifies the other processes.
        """
        for subscriber in self._subscribers:
            subscriber(keys)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                self._problem = str(error).strip()
                log.warning("invalidations.disconnected", error=self._problem)
            self._proved_at = float("-inf")
            self._stop.wait(0.5)

    def _listen(self) -> None:
        with _connected(self._listener_url) as listener, _connected(self._sender_url) as sender:
            for channel in (self._proof_channel, CHANNEL):
                _ask(listener, f"LISTEN {channel}")
            # Notifications that were sent before this moment are lost.
            self.publish(None)
            while not self._stop.is_set():
                asked_at = time.monotonic()
                self._prove(listener, sender)
                self._proved_at = asked_at
                self._receive(listener, HEARTBEAT)
                self._stop.wait(PAUSE)

    def _prove(self, listener: psycopg.Connection, sender: psycopg.Connection) -> None:
        """Wait for a new proof. All notifications sent before it have then been applied."""
        proof, deadline = secrets.token_hex(8), time.monotonic() + PROOF_SECONDS
        _ask(sender, f"SELECT pg_notify('{self._proof_channel}', '{proof}')")
        while proof not in self._receive(listener, max(0.0, deadline - time.monotonic())):
            if time.monotonic() > deadline:
                raise psycopg.OperationalError(DEAF)

    def _receive(self, connection: psycopg.Connection, timeout: float) -> list[str]:
        """Apply the notifications that have come, or the first ones that come within the timeout.

        Return the proofs among them.
        """
        proofs = []
        for notification in connection.notifies(timeout=timeout, stop_after=1):
            if notification.channel == self._proof_channel:
                proofs.append(notification.payload)
            else:
                self.publish(notification.payload.split("\n"))
        return proofs


def _ask(connection: psycopg.Connection, query: str) -> None:
    if not answers_within(connection, query, PROOF_SECONDS):
        raise psycopg.OperationalError("The database does not answer.")


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, **connection_arguments(url))
