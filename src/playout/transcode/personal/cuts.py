"""The beginnings of the segments of a personal film: the same times in every rendition.

A segment is touched if something may be drawn over it. Such segments are short, because a viewer
waits for a whole one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, gcd

TOUCHED_SECONDS = Fraction(1, 2)
"""The longest touched segment."""
SHARED_SECONDS = Fraction(2)
"""The longest segment that all viewers have alike."""
SHORTEST_SECONDS = Fraction(1, 4)
"""The least distance between two cuts: each one costs a key frame."""
LAST_SECONDS = Fraction(1, 2)
"""The shortest last segment; players may never reach the end of a shorter one."""
_SLACK = Fraction(1, 1000)
"""A time such as 0.1 is a little more or less than what was meant."""


Time = float | Fraction


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment of the film, in every rendition. Its times are seconds."""

    start: Fraction
    end: Fraction
    is_touched: bool
    """True if something may be drawn over it."""


def cuts_for(
    seconds: Fraction,
    ranges: Iterable[tuple[float, float]],
    rates: Sequence[Fraction],
    scenes: Iterable[tuple[float, float]] = (),
) -> list[Cut]:
    """Return the segments of a film of that length, in order.

    `ranges` are the times at which something may be drawn, and `rates` the frame rates of the
    renditions: a cut lies between two frames of each. `scenes` begin and end segments, too: where
    a drawing begins or ends close to one, the drawing's cut moves.
    """
    grid = _common_rate(rates)
    total = max(1, round(seconds * grid))
    touched = _clipped(ranges, grid, total)
    edges = _edges(touched, _clipped(scenes, grid, total), grid, total)
    cuts: list[Cut] = []
    for start, end in pairwise([*edges, total]):
        is_touched = any(a < end and start < b for a, b in touched)
        longest = TOUCHED_SECONDS if is_touched else SHARED_SECONDS
        pieces = ceil((end - start) / (longest * grid))
        if end == total:
            pieces = min(pieces, max(floor((end - start) / (LAST_SECONDS * grid)), 1))
        times = [Fraction(each) / grid for each in split(start, end, pieces)]
        cuts += [Cut(a, b, is_touched) for a, b in pairwise(times)]
    return cuts


def touched_by(cuts: Sequence[Cut], ranges: Iterable[tuple[float, float]]) -> set[int]:
    """Return the numbers of the segments that the ranges reach into."""
    return {
        number
        for start, end in ranges
        for number, cut in enumerate(cuts)
        if start < cut.end - _SLACK and cut.start + _SLACK < end
    }


def segments_in(
    segments: Iterable[tuple[Fraction, Fraction]], ranges: Sequence[tuple[Time, Time]]
) -> set[int]:
    """Return the numbers of the segments that lie in one of the ranges: their middles do."""
    return {
        number
        for number, (start, end) in enumerate(segments)
        if any(first <= (start + end) / 2 < last for first, last in ranges)
    }


def scene_edges(cuts: Sequence[Cut], scenes: Iterable[tuple[float, float]]) -> list[Fraction]:
    """Return the seconds at which scenes begin or end, as far as a segment does."""
    edges: set[Fraction] = set()
    for scene in scenes:
        numbers = segments_in(((cut.start, cut.end) for cut in cuts), [scene])
        if numbers:
            edges |= {cuts[min(numbers)].start, cuts[max(numbers)].end}
    return sorted(edges - {cuts[0].start, cuts[-1].end})


def split(start: int, end: int, pieces: int) -> list[int]:
    """Return the edges of pieces that are as equal as whole numbers allow."""
    length = end - start
    pieces = min(pieces, length)
    return [start + length * number // pieces for number in range(pieces + 1)]


def _common_rate(rates: Sequence[Fraction]) -> Fraction:
    """Return how often in a second the frames of all renditions begin together."""
    common = rates[0]
    for rate in rates[1:]:
        numerator = gcd(common.numerator * rate.denominator, rate.numerator * common.denominator)
        common = Fraction(numerator, common.denominator * rate.denominator)
    return common


def _clipped(
    ranges: Iterable[tuple[float, float]], grid: Fraction, total: int
) -> list[tuple[int, int]]:
    clipped = []
    for start, end in ranges:
        first = max(floor(Fraction(start) * grid + _SLACK), 0)
        last = min(ceil(Fraction(end) * grid - _SLACK), total)
        if first < last:
            clipped.append((first, last))
    return clipped


def _edges(
    touched: Sequence[tuple[int, int]],
    scenes: Sequence[tuple[int, int]],
    grid: Fraction,
    total: int,
) -> list[int]:
    """Return where segments begin because a scene or a drawing begins or ends."""
    shortest, last = (max(ceil(each * grid), 1) for each in (SHORTEST_SECONDS, LAST_SECONDS))
    fixed = [0]
    for edge in sorted(each for scene in scenes for each in scene):
        if fixed[-1] + shortest <= edge <= total - last:
            fixed.append(edge)
    drawn = sorted({each for pair in touched for each in pair})
    edges: list[int] = []
    for start, end in pairwise([*fixed, total]):
        latest = end - (last if end == total else shortest)
        edges.append(start)
        for edge in drawn:
            moved = min(max(edge, edges[-1] + shortest), latest)
            if edges[-1] < edge < end and moved >= edges[-1] + shortest:
                edges.append(moved)
    return edges
