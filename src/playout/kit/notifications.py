"""Waking coroutines when something changes, in whatever loop and process it is changed."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playout.kit.invalidation import Changes


class Wakes:
    """Who waits for which key of `Changes`; costs nothing while nobody does."""

    def __init__(self, changes: Changes) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._loops: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        changes.subscribe(self._ring)

    @contextmanager
    def on(self, key: str) -> Iterator[asyncio.Event]:
        """An event that is set when what the key names has changed, or may have.

        Whoever waits clears it first, and looks afterwards.
        """
        event = asyncio.Event()
        with self._lock:
            self._waiting[key].add(event)
            self._loops[event] = asyncio.get_running_loop()
        try:
            yield event
        finally:
            with self._lock:
                del self._loops[event]
                self._waiting[key].discard(event)
                if not self._waiting[key]:
                    del self._waiting[key]

    def _ring(self, keys: Iterable[str] | None) -> None:
        """Called by whichever thread hears of a change."""
        if not self._loops:
            return
        with self._lock:
            named = self._waiting if keys is None else self._waiting.keys() & set(keys)
            for key in named:
                for event in self._waiting[key]:
                    self._loops[event].call_soon_threadsafe(event.set)
