"""Waking coroutines, in any event loop, when what they wait for changes in any process."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playout.kit.invalidation import Invalidations


class Notifications:
    """The events to set when a key is invalidated; costs nothing while nobody subscribes."""

    def __init__(self, invalidations: Invalidations) -> None:
        self._events: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._loops: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        invalidations.subscribe(self._notify)

    @contextmanager
    def subscribe(self, key: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set when the key is invalidated, or may have been.

        Clear the event before you read what the key names: a change in between sets it again.
        """
        event = asyncio.Event()
        with self._lock:
            self._events[key].add(event)
            self._loops[event] = asyncio.get_running_loop()
        try:
            yield event
        finally:
            with self._lock:
                del self._loops[event]
                self._events[key].discard(event)
                if not self._events[key]:
                    del self._events[key]

    def _notify(self, keys: Iterable[str] | None) -> None:
        """Set the events of the keys. Any thread that learns of an invalidation calls this."""
        if not self._loops:
            return
        with self._lock:
            named = self._events if keys is None else self._events.keys() & set(keys)
            for key in named:
                for event in self._events[key]:
                    self._loops[event].call_soon_threadsafe(event.set)
