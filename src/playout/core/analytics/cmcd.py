"""Common Media Client Data (CTA-5004): what a player says of itself in a request for a segment."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_CHARACTERS = 1_000
"""Characters of one request that are read."""
SESSION_LENGTH = 64
LONGEST_BUFFER_MS = 3_600_000
PAIR = re.compile(r'([a-z][a-z0-9-]*)=("(?:[^"\\]|\\.)*"|[^,"]*)')


@dataclass(frozen=True, slots=True)
class Cmcd:
    """A session of a player, and how much it has loaded beyond what it shows; None if unknown."""

    session: str
    buffer_ms: int | None


def read_cmcd(texts: Iterable[str]) -> Cmcd | None:
    """Return what the parameter or the headers of a request say; None if they name no session."""
    said = dict(PAIR.findall(",".join(texts)[:MOST_CHARACTERS]))
    session = said.get("sid", "").strip('"')
    if not session or len(session) > SESSION_LENGTH:
        return None
    digits = said.get("bl", "")
    is_known = digits.isascii() and digits.isdecimal() and len(digits) < SESSION_LENGTH
    return Cmcd(session, min(int(digits), LONGEST_BUFFER_MS) if is_known else None)
