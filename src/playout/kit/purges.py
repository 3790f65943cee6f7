"""Purges: a cache in front of Playout hears which answers it must drop."""

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
MOST_WAITING = 10_000
"""Tags that wait for a receiver that does not answer. With more, everything is dropped."""

log = structlog.get_logger(__name__)


class Purges:
    """Sends the tags of each invalidation to one address, in a thread of its own.

    A request that fails is sent again until it succeeds, with what came meanwhile. If invalidations
    may have been missed, as at the start, everything is purged.
    """

    def __init__(self, url: str, invalidations: Invalidations) -> None:
        self._url = url
        self._waiting: dict[str, None] = {}
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
            while tags := self._taken():
                try:
                    self._send(client, tags)
                except httpx2.HTTPError as error:
                    log.warning("purges.failed", url=self._url, error=repr(error))
                    if self._stopping:
                        return
                    with self._changed:
                        self._waiting = dict.fromkeys((*tags, *self._waiting))
                    time.sleep(RETRY_AFTER)

    def _taken(self) -> tuple[str, ...]:
        """Wait for tags, and return them all; none when it is time to end."""
        with self._changed:
            while not self._waiting and not self._stopping:
                self._changed.wait()
            tags, self._waiting = tuple(self._waiting), {}
            return tags

    def _send(self, client: httpx2.Client, tags: tuple[str, ...]) -> None:
        for start in range(0, len(tags), TAGS_AT_ONCE):
            some = tags[start : start + TAGS_AT_ONCE]
            headers = {"Surrogate-Key": " ".join(some)}
            client.post(self._url, json={"tags": some}, headers=headers).raise_for_status()


def _tags(keys: Iterable[str] | None) -> Iterable[str]:
    return (EVERYTHING,) if keys is None else map(cache_tag, keys)
