"""The tags by which shared caches, such as Varnish or a CDN, drop what they keep of an answer."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

EVERYTHING = "playout"
"""The tag of every answer that a shared cache may keep."""
MAX_AGE = 300
"""Seconds that a cache which hears of changes may keep an answer: those that it missed end then."""


@lru_cache(maxsize=20_000)
def cache_tag(key: str) -> str:
    """Return the tag for the key of an invalidation. It tells nobody what the key names."""
    return sha256(key.encode()).hexdigest()[:12]


def cache_tag_headers(keys: Iterable[str], *, is_purged: bool) -> dict[str, str]:
    """Return the headers of an answer that changes when one of the keys is invalidated.

    `is_purged` tells whether shared caches hear of every change: only then they may keep the answer
    for longer than a moment. They hear of none that a mere time makes.
    """
    tags = [EVERYTHING, *(cache_tag(key) for key in keys)]
    headers = {"Surrogate-Key": " ".join(tags), "Cache-Tag": ",".join(tags)}
    return headers | {"Surrogate-Control": f"max-age={MAX_AGE}"} if is_purged else headers
