"""Every process learns of every invalidation, or knows that it may have missed one."""

import threading
import time

import psycopg
import pytest

from playout.kit.cache import Cache
from playout.kit.invalidation import CHANNEL, Invalidations

PATIENCE = 10.0


@pytest.fixture
def listening(runtime):
    """Invalidations over the real database, which arrive at a connection of their own."""
    invalidations = Invalidations(runtime.database.url)
    invalidations.start()
    until(lambda: invalidations.connected)
    yield invalidations
    invalidations.stop()


class TestListening:
    def test_an_invalidation_of_another_process_arrives_within_a_second(self, runtime, listening):
        received = threading.Event()
        listening.subscribe(lambda keys: received.set() if keys and "x" in keys else None)
        notify(runtime.database.url, "w\nx\ny")
        assert received.wait(1.0)

    def test_a_hundred_invalidations_all_arrive(self, runtime, listening):
        received = set()
        listening.subscribe(lambda keys: received.update(keys or ()))
        notify(runtime.database.url, *(f"k{number}" for number in range(100)))
        until(lambda: len(received) >= 100)

    def test_an_invalidation_that_is_rolled_back_does_not_arrive(self, runtime, listening):
        received = []
        listening.subscribe(lambda keys: received.extend(keys or ()))
        with psycopg.connect(runtime.database.url) as connection:
            connection.execute("SELECT pg_notify(%s, 'rolled back')", [CHANNEL])
            connection.rollback()
        notify(runtime.database.url, "later")
        until(lambda: "later" in received)
        assert "rolled back" not in received

    def test_when_the_connection_is_lost_memory_is_not_trusted_and_then_empty(
        self, runtime, listening
    ):
        cache: Cache[str] = Cache(listening, 3)
        cache.put("a", "old", cache.generation)
        generation = cache.generation
        kill_listeners(runtime.database.url)
        until(lambda: not listening.connected)
        assert cache.get("a") is None
        until(lambda: listening.connected)
        assert cache.get("a") is None
        cache.put("a", "read while disconnected", generation)
        assert cache.get("a") is None

    def test_it_is_not_connected_before_it_starts_and_after_it_stops(self, runtime):
        invalidations = Invalidations(runtime.database.url)
        assert not invalidations.connected
        invalidations.start()
        until(lambda: invalidations.connected)
        invalidations.stop()
        assert not invalidations.connected


def notify(url: str, *payloads: str) -> None:
    with psycopg.connect(url) as connection:
        for payload in payloads:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def kill_listeners(url: str) -> None:
    """End every connection that listens, as a restart of the database would."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND query IN ('SELECT 1', %s)",
            [f"LISTEN {CHANNEL}"],
        )


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
