"""Values in memory that are dropped when what they were computed from changes."""

import threading
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from playout.kit.clock import utcnow
from playout.kit.invalidation import Invalidations

Value = TypeVar("Value")


class _Entry(NamedTuple, Generic[Value]):
    value: Value
    tags: tuple[str, ...]
    until: datetime | None


class _Entries(LRUCache[Hashable, _Entry[Value]]):
    """The entries by key, and the keys by tag: a key leaves its tag when its entry leaves."""

    def __init__(self, size: int, size_of: Callable[[Value], int] | None) -> None:
        super().__init__(size, size_of and (lambda entry: size_of(entry.value)))
        self.tagged: dict[str, set[Hashable]] = {}

    def __setitem__(self, key: Hashable, entry: _Entry[Value]) -> None:
        self.pop(key, None)
        super().__setitem__(key, entry)
        for tag in entry.tags:
            self.tagged.setdefault(tag, set()).add(key)

    def __delitem__(self, key: Hashable) -> None:
        """Also called for each entry that is evicted."""
        tags = self[key].tags
        super().__delitem__(key)
        for tag in tags:
            self.tagged[tag].discard(key)
            if not self.tagged[tag]:
                del self.tagged[tag]

    def clear(self) -> None:
        super().clear()
        self.tagged.clear()


class Cache(Generic[Value]):
    """The values that were used last, by key. It is empty while invalidations do not arrive.

    There are `size` of them, or as many as have that size together, if `size_of` tells their sizes.

    A value is computed between reading `generation` and calling `put`. If anything was invalidated
    in between, the value is not kept, so that a value read before a commit never outlives it.
    """

    def __init__(
        self,
        invalidations: Invalidations,
        size: int,
        size_of: Callable[[Value], int] | None = None,
    ) -> None:
        self._invalidations = invalidations
        self._entries: _Entries[Value] = _Entries(size, size_of)
        self._lock = threading.Lock()
        self.generation = 0
        invalidations.subscribe(self._invalidate)

    def get(self, key: Hashable) -> Value | None:
        if not self._invalidations.connected:
            return None
        with self._lock:
            entry = self._entries.get(key)
        if entry is None or (entry.until is not None and entry.until <= utcnow()):
            return None
        return entry.value

    def put(
        self,
        key: Hashable,
        value: Value,
        generation: int,
        *tags: str,
        until: datetime | None = None,
    ) -> None:
        """Keep a value until its key or one of its tags is invalidated, or a time has come."""
        with self._lock:
            if generation == self.generation:
                self._entries[key] = _Entry(value, tags, until)

    def _invalidate(self, keys: Iterable[str] | None) -> None:
        with self._lock:
            self.generation += 1
            if keys is None:
                self._entries.clear()
                return
            for key in keys:
                keys_of_tag: Iterable[Hashable] = self._entries.tagged.get(key, ())
                for each in {key, *keys_of_tag}:
                    self._entries.pop(each, None)
