"""A value in memory never outlives what it was computed from."""

from weakref import WeakSet

import pytest

from playout.kit.cache import Cache


class Name(str):
    """A text of which a test can see whether anything still holds it."""


class Switched:
    """Invalidations whose connection a test switches on and off."""

    def __init__(self) -> None:
        self.connected = True
        self.subscribers = []

    def subscribe(self, subscriber) -> None:
        self.subscribers.append(subscriber)

    def publish(self, keys) -> None:
        for subscriber in self.subscribers:
            subscriber(keys)


@pytest.fixture
def invalidations() -> Switched:
    return Switched()


@pytest.fixture
def cache(invalidations) -> Cache[str]:
    return Cache(invalidations, 3)


class TestCache:
    def test_a_value_is_kept(self, cache):
        cache.put("a", "1", cache.generation)
        assert cache.get("a") == "1"
        assert cache.get("b") is None

    def test_a_value_that_was_computed_before_an_invalidation_is_not_kept(
        self, invalidations, cache
    ):
        generation = cache.generation
        invalidations.publish(["a"])
        cache.put("a", "old", generation)
        assert cache.get("a") is None

    def test_not_even_when_the_invalidation_was_of_something_else(self, invalidations, cache):
        generation = cache.generation
        invalidations.publish(["b"])
        cache.put("a", "perhaps old", generation)
        assert cache.get("a") is None

    def test_an_invalidation_drops_what_it_names_and_nothing_else(self, invalidations, cache):
        for key in ("a", "b"):
            cache.put(key, key, cache.generation)
        invalidations.publish(["a", "unknown"])
        assert (cache.get("a"), cache.get("b")) == (None, "b")

    def test_after_a_reconnection_everything_is_dropped(self, invalidations, cache):
        cache.put("a", "1", cache.generation)
        invalidations.publish(None)
        assert cache.get("a") is None

    def test_nothing_is_served_while_invalidations_do_not_arrive(self, invalidations, cache):
        cache.put("a", "1", cache.generation)
        invalidations.connected = False
        assert cache.get("a") is None

    def test_what_was_used_last_stays_when_there_is_no_more_room(self, cache):
        for key in ("a", "b", "c"):
            cache.put(key, key, cache.generation)
        cache.get("a")
        cache.put("d", "d", cache.generation)
        assert [cache.get(key) for key in "abcd"] == ["a", None, "c", "d"]


class TestTags:
    def test_invalidating_a_tag_drops_every_value_that_has_it(self, invalidations, cache):
        cache.put("a", "1", cache.generation, "red")
        cache.put("b", "2", cache.generation, "red")
        cache.put("c", "3", cache.generation, "blue")
        invalidations.publish(["red"])
        assert [cache.get(key) for key in "abc"] == [None, None, "3"]

    def test_a_value_with_another_tag_leaves_the_tag_it_had(self, invalidations, cache):
        cache.put("a", "1", cache.generation, "red")
        cache.put("a", "2", cache.generation, "blue")
        invalidations.publish(["red"])
        assert cache.get("a") == "2"
        invalidations.publish(["blue"])
        assert cache.get("a") is None

    def test_nothing_is_left_of_a_value_that_was_evicted(self, cache):
        seen: WeakSet[Name] = WeakSet()
        for number in range(100):
            key, tag = Name(f"key {number}"), Name(f"tag {number}")
            seen.update((key, tag))
            cache.put(key, "one of many tags", cache.generation, tag)
            cache.put(f"other {number}", "the same tag", cache.generation, "tag")
        del key, tag
        assert len(seen) <= 4

    def test_a_tag_forgets_the_keys_of_evicted_values(self, cache):
        seen: WeakSet[Name] = WeakSet()
        for number in range(100):
            key = Name(f"key {number}")
            seen.add(key)
            cache.put(key, "value", cache.generation, "tag")
        del key
        assert len(seen) == 3
