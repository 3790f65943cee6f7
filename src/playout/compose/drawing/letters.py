"""Letters as readers count them (UAX #29): one keeps its marks, and an emoji its parts."""

import functools
import re

from uniseg.graphemecluster import grapheme_clusters

_ALONE = re.compile("[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2066-\u2069]*")
"""Characters that never join with their neighbours: most texts of Latin letters have no others."""


def letters_of(text: str) -> list[str]:
    """Return the letters of a text."""
    return list(text) if _ALONE.fullmatch(text) else list(_letters(text))


@functools.lru_cache(maxsize=4096)
def _letters(text: str) -> tuple[str, ...]:
    return tuple(grapheme_clusters(text))
