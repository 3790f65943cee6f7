"""The directions of writing in one text (UAX #9), made explicit so that each line keeps them.

Skia lays each line out by itself. It would find the direction of a line in its own letters, and
not in those of the whole text.
"""

import unicodedata
from collections.abc import Iterable

_LTR, _RTL, _FIRST_STRONG, _END = "\u2066", "\u2067", "\u2068", "\u2069"
_OPENING = {_LTR, _RTL, _FIRST_STRONG}


def runs_to_the_left(text: str) -> bool:
    """Return whether the first letter of a text belongs to a script that runs to the left."""
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character == _END)
        # What is isolated has a direction of its own.
        if depth == 0 and (found := _strong(character)) is not None:
            return found
    return _first_strong(text)


def with_explicit_isolates(text: str) -> str:
    """Return a text whose isolates name their direction instead of having it found."""
    result = list(text)
    for at, character in enumerate(result):
        if character == _FIRST_STRONG:
            result[at] = _RTL if _first_strong(_isolated(text, at + 1)) else _LTR
    return "".join(result)


def line_by_line(lines: Iterable[str], *, leftwards: bool) -> list[str]:
    """Return the lines of a text, each with the directions that hold where it begins.

    An isolate that begins in one line and ends in a later one is closed and opened again.
    """
    opened: list[str] = []
    result = []
    for line in lines:
        before = "".join(opened)
        for character in line:
            if character in _OPENING:
                opened.append(character)
            elif character == _END and opened:
                opened.pop()
        direction = _RTL if leftwards else _LTR
        result.append(f"{direction}{before}{line}{_END * (len(opened) + 1)}")
    return result


def _isolated(text: str, start: int) -> str:
    depth = 1
    for at in range(start, len(text)):
        depth += (text[at] in _OPENING) - (text[at] == _END)
        if depth == 0:
            return text[start:at]
    return text[start:]


def _first_strong(text: str) -> bool:
    return next((found for each in text if (found := _strong(each)) is not None), False)


def _strong(character: str) -> bool | None:
    """Return True for a letter that runs to the left, False for others, None if it is no letter."""
    direction = unicodedata.bidirectional(character)
    return direction in {"R", "AL"} if direction in {"L", "R", "AL"} else None
