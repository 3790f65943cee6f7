"""ETags that a request names, and how they compare with that of a resource (RFC 9110)."""

import json
from hashlib import sha256
from typing import Any

WEAK = "W/"
"""The prefix of a weak ETag. Proxies add it to the ETag of an answer that they compress."""


def etag_of(*values: Any) -> str:
    """Return the ETag of a resource: a hash of everything in it that can change, as JSON."""
    return f'"{sha256(json.dumps(values).encode()).hexdigest()[:32]}"'


def if_none_match(header: str, etag: str) -> bool:
    """Return True if an `If-None-Match` contains the ETag, by the weak comparison."""
    tags = _tags(header)
    return bool({"*", etag, WEAK + etag} & tags)


def if_match(header: str, etag: str) -> bool:
    """Return True if an `If-Match` contains the ETag, by the strong comparison.

    A weak ETag never matches. What was counted meanwhile is no change that a write could undo.
    """
    return bool({"*", etag} & {_uncounted(tag) for tag in _tags(header)})


def is_weak_in(header: str, etag: str) -> bool:
    """Return True if a header contains the ETag as a weak one."""
    return WEAK + etag in {_uncounted(tag) for tag in _tags(header)}


def with_counts(etag: str, *counts: int) -> str:
    """Return the ETag of a resource that also shows what is counted. Zeros leave it as it is."""
    if not any(counts):
        return etag
    return f'{etag[:-1]}+{".".join(map(str, counts))}"'


def _uncounted(tag: str) -> str:
    """Return the ETag that `with_counts` was given."""
    before, plus, _ = tag.partition("+")
    return f'{before}"' if plus else tag


def _tags(header: str) -> set[str]:
    """Return the ETags of a list. The ETags of Playout have no commas."""
    return {tag.strip() for tag in header.split(",")}
