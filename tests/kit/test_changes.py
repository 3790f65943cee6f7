"""What is kept in memory never outlives what it was worked out from."""

import threading
import time

import psycopg
import pytest

from playout.kit.invalidation import CHANNEL, Cache, Changes

PATIENCE = 10.0


class Hearing:
    """Changes of which a test says itself whether they are heard."""

    def __init__(self) -> None:
        self.hearing = True
        self.caches = []

    def subscribe(self, drop) -> None:
        self.caches.append(drop)

    def announce(self, keys) -> None:
        for drop in self.caches:
            drop(keys)


@pytest.fixture
def changes() -> Hearing:
    return Hearing()


@pytest.fixture
def cache(changes) -> Cache[str]:
    return Cache(changes, 3)


class TestCache:
    def test_a_value_is_kept(self, cache):
        cache.put("a", "1", cache.generation)
        assert cache.get("a") == "1"
        assert cache.get("b") is None

    def test_a_value_that_was_worked_out_before_a_change_is_not_kept(self, changes, cache):
        generation = cache.generation
        changes.announce(["a"])
        cache.put("a", "old", generation)
        assert cache.get("a") is None

    def test_not_even_when_the_change_was_of_something_else(self, changes, cache):
        generation = cache.generation
        changes.announce(["b"])
        cache.put("a", "perhaps old", generation)
        assert cache.get("a") is None

    def test_a_change_drops_what_it_names_and_nothing_else(self, changes, cache):
        for key in ("a", "b"):
            cache.put(key, key, cache.generation)
        changes.announce(["a", "unknown"])
        assert (cache.get("a"), cache.get("b")) == (None, "b")

    def test_after_silence_everything_is_dropped(self, changes, cache):
        cache.put("a", "1", cache.generation)
        changes.announce(None)
        assert cache.get("a") is None

    def test_nothing_is_served_while_deaf(self, changes, cache):
        cache.put("a", "1", cache.generation)
        changes.hearing = False
        assert cache.get("a") is None

    def test_what_was_used_last_stays_when_there_is_no_more_room(self, cache):
        for key in ("a", "b", "c"):
            cache.put(key, key, cache.generation)
        cache.get("a")
        cache.put("d", "d", cache.generation)
        assert [cache.get(key) for key in "abcd"] == ["a", None, "c", "d"]


@pytest.fixture
def listening(runtime):
    """Changes over the real database, heard by a connection of their own."""
    changes = Changes(runtime.database.url)
    changes.start()
    until(lambda: changes.hearing)
    yield changes
    changes.stop()


class TestListening:
    def test_what_another_process_changed_is_heard_within_a_second(self, runtime, listening):
        heard = threading.Event()
        listening.subscribe(lambda keys: heard.set() if keys and "x" in keys else None)
        notify(runtime.database.url, "w\nx\ny")
        assert heard.wait(1.0)

    def test_a_hundred_changes_are_all_heard(self, runtime, listening):
        heard = set()
        listening.subscribe(lambda keys: heard.update(keys or ()))
        notify(runtime.database.url, *(f"k{number}" for number in range(100)))
        until(lambda: len(heard) >= 100)

    def test_a_change_that_is_rolled_back_is_not_heard(self, runtime, listening):
        heard = []
        listening.subscribe(lambda keys: heard.extend(keys or ()))
        with psycopg.connect(runtime.database.url) as connection:
            connection.execute("SELECT pg_notify(%s, 'rolled back')", [CHANNEL])
            connection.rollback()
        notify(runtime.database.url, "later")
        until(lambda: "later" in heard)
        assert "rolled back" not in heard

    def test_when_the_connection_is_lost_memory_is_not_trusted_and_then_empty(
        self, runtime, listening
    ):
        cache: Cache[str] = Cache(listening, 3)
        cache.put("a", "old", cache.generation)
        generation = cache.generation
        kill_listeners(runtime.database.url)
        until(lambda: not listening.hearing)
        assert cache.get("a") is None
        until(lambda: listening.hearing)
        assert cache.get("a") is None
        cache.put("a", "read while deaf", generation)
        assert cache.get("a") is None

    def test_it_is_deaf_before_it_starts_and_after_it_stops(self, runtime):
        changes = Changes(runtime.database.url)
        assert not changes.hearing
        changes.start()
        until(lambda: changes.hearing)
        changes.stop()
        assert not changes.hearing


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
