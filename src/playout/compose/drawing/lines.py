"""Lines: where a text may break (UAX #14), and how it is broken to fit a width."""

import functools
from collections.abc import Callable, Iterable, Iterator

from uniseg.linebreak import line_break_units

from playout.compose.drawing.letters import letters_of

Measure = Callable[[str], float]
"""A function that returns the width of a line."""

ELLIPSIS = "…"


def broken(text: str, width: float, measure: Measure) -> list[str]:
    """Return the lines of a text that are no wider than `width`, if a letter is not.

    A word that is too wide for a line is broken between letters, and never within one: a letter
    keeps its marks, and an emoji its parts.
    """
    return [line for part in text.split("\n") for line in _lines(part, width, measure)]


def shortened(text: str, width: float, measure: Measure, *, force: bool = False) -> str:
    """Return a line, with an ellipsis at its end if it is too wide, or if `force`."""
    if not force and measure(text) <= width:
        return text
    letters = letters_of(text.rstrip())
    kept = _most(len(letters), lambda count: measure(_cut(letters, count)) <= width)
    return _cut(letters, kept)


def _cut(letters: list[str], count: int) -> str:
    return "".join(letters[:count]).rstrip() + ELLIPSIS


def _lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    units = [piece for unit in _units(text) for piece in _pieces(unit, width, measure)]
    # The width of a line is that of its letters together: they join, and they kern.
    for line in _filled(units, lambda line: measure(line.rstrip()) <= width):
        yield line.rstrip()
    if not text:
        yield ""


@functools.lru_cache(maxsize=256)
def _units(text: str) -> list[str]:
    """Return a text in parts between which it may break."""
    return list(line_break_units(text))


def _pieces(unit: str, width: float, measure: Measure) -> Iterable[str]:
    """Return a word, or the parts of it that fit a line."""
    if measure(unit.rstrip()) <= width:
        return [unit]
    return _filled(letters_of(unit), lambda part: measure(part) <= width)


def _filled(parts: list[str], fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield strings of as many parts as fit, or of one that does not."""
    at = 0
    while at < len(parts):
        count = max(1, _most(len(parts) - at, _joined_fits(parts, at, fits)))
        yield "".join(parts[at : at + count])
        at += count


def _joined_fits(parts: list[str], at: int, fits: Callable[[str], bool]) -> Callable[[int], bool]:
    return lambda count: fits("".join(parts[at : at + count]))


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to `count` for which `fits`, trying few of them."""
    low, high = 0, 1
    while high <= count and fits(high):
        low, high = high, high * 2
    high = min(high, count + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
