"""Invalidation: every process drops what it holds in memory when that changes.

A transaction names the keys of what it changes. At its commit PostgreSQL notifies every process.
While a process is not connected it cannot receive notifications, so it serves nothing from memory.
"""

import threading
import time
from collections.abc import Callable, Iterable

import psycopg
import structlog

CHANNEL = "playout_changes"
HEARTBEAT = 0.4
"""Seconds between two proofs that notifications still arrive."""
STALE_AFTER = 1.0
"""Seconds without a proof after which memory is not trusted."""

PAUSE = 0.02
"""Seconds to wait after a notification, so that those that follow it arrive together. To wake up
for each of a hundred notifications a second would take time from the requests that cause them."""

Subscriber = Callable[[Iterable[str] | None], None]
"""Is called with the keys that were invalidated, or with None when any key may have been."""

log = structlog.get_logger(__name__)


class Invalidations:
    """Receives invalidations in a thread of its own and passes them on within this process."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._subscribers: list[Subscriber] = []
        self._proved_at = float("-inf")
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
                log.warning("invalidations.disconnected", error=str(error).strip())
            self._proved_at = float("-inf")
            self._stop.wait(0.5)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            # Notifications that were sent before this moment are lost.
            self.publish(None)
            while not self._stop.is_set():
                asked_at = time.monotonic()
                connection.execute("SELECT 1")
                # Notifications that came with the answer are applied before memory is trusted.
                self._receive(connection, timeout=0)
                self._proved_at = asked_at
                self._receive(connection, timeout=HEARTBEAT, stop_after=1)
                self._stop.wait(PAUSE)

    def _receive(
        self, connection: psycopg.Connection, timeout: float, stop_after: int | None = None
    ) -> None:
        for notification in connection.notifies(timeout=timeout, stop_after=stop_after):
            self.publish(notification.payload.split("\n"))
