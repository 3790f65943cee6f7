"""Purges: a cache in front of Playout hears which answers it must drop."""

import heapq
import threading
import time
from collections.abc import Iterable

import httpx2
import structlog

from playout.kit.cache_tags import EVERYTHING, cache_tag
from playout.kit.invalidation import Invalidations

TAGS_AT_ONCE = 100
"""Tags in one request: they are in a header as well, for which caches have little space."""
SECONDS = 5.0
"""Seconds that the receiver has to answer."""
RETRY_AFTER = 0.5
"""Seconds until a purge that failed is sent again."""
SENT_AGAIN_AFTER = (0.4, 1.3)
"""Seconds after which each purge is sent once more. A cache that has dropped an answer may get the
old one once more, from a process that has not heard of the change yet. After the last of these
times every process has heard of it, or trusts its memory no more."""
MOST_WAITING = 10_000
"""Tags that wait for a receiver that does not answer. With more, everything is dropped."""

log = structlog.get_logger(__name__)


class Purges:
    """Sends the tags of each invalidation to one address, in a thread of its own.

    A request that fails is sent again until it succeeds, with what came meanwhile. One that
    succeeds is sent twice more. If invalidations may have been missed, as at the start, everything
    is purged.
    """

    def __init__(self, url: str, invalidations: Invalidations) -> None:
        self._url = url
        self._waiting: dict[str, None] = {}
        self._again: list[tuple[float, tuple[str, ...]]] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="purges", daemon=True)
        invalidations.subscribe(self._add)

    def start(self) -> None:
        self._add(None)
        self._thread.start()

    def stop(self) -> None:
        """Send what still waits, if the receiver answers, and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(SECONDS)

    def _add(self, keys: Iterable[str] | None) -> None:
        with self._changed:
            self._waiting |= dict.fromkeys(_tags(keys))
            if len(self._waiting) > MOST_WAITING:
                self._waiting = dict.fromkeys(_tags(None))
            self._changed.notify()

    def _run(self) -> None:
        with httpx2.Client(timeout=SECONDS) as client:
            while taken := self._taken():
                new, tags = taken
                try:
                    self._send(client, tags)
                except httpx2.HTTPError as error:
                    log.warning("purges.failed", url=self._url, error=repr(error))
                    if self._stopping:
                        return
                    with self._changed:
                        self._waiting = dict.fromkeys((*tags, *self._waiting))
                    time.sleep(RETRY_AFTER)
                else:
                    for after in SENT_AGAIN_AFTER if new else ():
                        heapq.heappush(self._again, (time.monotonic() + after, new))

    def _taken(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Wait for tags; return the new ones, and all that are to be sent; None at the end."""
        with self._changed:
            while not (self._waiting or self._stopping or self._is_due()):
                seconds = self._again[0][0] - time.monotonic() if self._again else None
                self._changed.wait(seconds)
            new, self._waiting = tuple(self._waiting), {}
            old: dict[str, None] = {}
            while self._is_due():
                old |= dict.fromkeys(heapq.heappop(self._again)[1])
            tags = tuple(old | dict.fromkeys(new))
            return (new, tags) if tags else None

    def _is_due(self) -> bool:
        """Return whether something is to be sent again: at the end, all of it."""
        now = float("inf") if self._stopping else time.monotonic()
        return bool(self._again) and self._again[0][0] <= now

    def _send(self, client: httpx2.Client, tags: tuple[str, ...]) -> None:
        for start in range(0, len(tags), TAGS_AT_ONCE):
            some = tags[start : start + TAGS_AT_ONCE]
            headers = {"Surrogate-Key": " ".join(some)}
            client.post(self._url, json={"tags": some}, headers=headers).raise_for_status()


def _tags(keys: Iterable[str] | None) -> Iterable[str]:
    return (EVERYTHING,) if keys is None else map(cache_tag, keys)
