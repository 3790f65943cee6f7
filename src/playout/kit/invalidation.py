"""What is kept in memory, and how it is dropped in every process when it changes.

A transaction names what it changes; PostgreSQL notifies every process at its commit. While a
process cannot hear (its connection is away), it serves nothing from memory.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import psycopg
import structlog

CHANNEL = "playout_changes"
HEARTBEAT = 0.4
"""Seconds between two proofs that the connection still hears."""
DEAF_AFTER = 1.0
"""Seconds without a proof after which memory is not trusted."""

PAUSE = 0.02
"""Seconds in which what follows a notice is left to gather: to be woken for each of a hundred a
second takes time from the requests that make them."""

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Changes:
    """Listens for changes in a thread of its own and tells the caches of this process."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._caches: list[Callable[[Iterable[str] | None], None]] = []
        self._heard_at = float("-inf")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def hearing(self) -> bool:
        """Whether what this process keeps in memory may be trusted now."""
        return time.monotonic() - self._heard_at < DEAF_AFTER

    def subscribe(self, drop: Callable[[Iterable[str] | None], None]) -> None:
        """Have `drop` called with the keys that changed, or with None for everything."""
        self._caches.append(drop)

    def announce(self, keys: Iterable[str] | None) -> None:
        """Drop in this process; the commit itself tells the others."""
        for drop in self._caches:
            drop(keys)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("changes.disconnected", error=str(error).strip())
            self._heard_at = float("-inf")
            self._stop.wait(0.5)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.announce(None)
            while not self._stop.is_set():
                asked_at = time.monotonic()
                connection.execute("SELECT 1")
                # What came in with the answer is dropped before memory is trusted again.
                self._hear(connection, timeout=0)
                self._heard_at = asked_at
                self._hear(connection, timeout=HEARTBEAT, stop_after=1)
                self._stop.wait(PAUSE)

    def _hear(
        self, connection: psycopg.Connection, timeout: float, stop_after: int | None = None
    ) -> None:
        for notice in connection.notifies(timeout=timeout, stop_after=stop_after):
            self.announce(notice.payload.split("\n"))


class Cache(Generic[T]):
    """The newest `size` values by key; empty while changes are not heard.

    A value is worked out between `generation` and `put`; if anything changed in between it is not
    kept, so that a value read before a commit never outlives it.
    """

    def __init__(self, changes: Changes, size: int) -> None:
        self._changes = changes
        self._size = size
        self._values: OrderedDict[str, T] = OrderedDict()
        self._tagged: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        self.generation = 0
        changes.subscribe(self._drop)

    def get(self, key: str) -> T | None:
        if not self._changes.hearing:
            return None
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
        return value

    def put(self, key: str, value: T, generation: int, tag: str | None = None) -> None:
        """Keep a value; it is dropped when its key changes, or its tag."""
        with self._lock:
            if generation != self.generation:
                return
            self._values[key] = value
            self._values.move_to_end(key)
            if tag is not None:
                self._tagged.setdefault(tag, set()).add(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)

    def _drop(self, keys: Iterable[str] | None) -> None:
        with self._lock:
            self.generation += 1
            if keys is None:
                self._values.clear()
                self._tagged.clear()
            else:
                for key in keys:
                    for held in {key} | self._tagged.pop(key, set()):
                        self._values.pop(held, None)
