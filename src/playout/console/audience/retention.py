"""The retention of a film: how many saw each part of it, and how many saw it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from playout.console.audience.charts import Chart, chart
from playout.console.audience.measures import Kind, percent
from playout.core.media.model import Chapter
from playout.pages.formats import human_time

MOST_PARTS = 100
LABELS = 5
EARLY_SECONDS = 5
OFTEN = 0.05
"""Part of the viewers who have to see something again, for it to be told."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A part of a film."""

    time: str
    chapter: str
    watching: str
    again: str
    label: str


@dataclass(frozen=True, slots=True)
class Retention:
    """The curve of a film, its numbers, and what can be read in it."""

    chart: Chart
    moments: list[Moment]
    leave_early: str
    """The part of the viewers who leave in the first seconds; "" if there are none."""
    returned_to: str
    """The time that viewers return to most; "" if they return to none."""
    returned_chapter: str


def retention(
    seconds: Sequence[tuple[int, int]], duration_ms: int | None, chapters: Sequence[Chapter]
) -> Retention | None:
    """Return the curve of the seconds that were seen; None if nobody saw any."""
    whole = max(len(seconds), round((duration_ms or 0) / 1000), 1)
    viewers = [each for each, _ in seconds] + [0] * (whole - len(seconds))
    again = [plays - each for each, plays in seconds] + [0] * (whole - len(seconds))
    most = max(viewers)
    if not most:
        return None
    count = min(whole, MOST_PARTS)
    edges = [whole * each // count for each in range(count + 1)]
    spans = list(pairwise(edges))
    watching = [_average(viewers, *each) / most for each in spans]
    repeated = [_average(again, *each) / most for each in spans]
    labelled = {round(each * (count - 1) / (LABELS - 1)) for each in range(min(LABELS, count))}
    moments = [
        Moment(
            human_time(first * 1000),
            _chapter_at(chapters, first),
            percent(watching[index]),
            percent(repeated[index]),
            human_time(first * 1000) if index in labelled else "",
        )
        for index, (first, _) in enumerate(spans)
    ]
    left = 1 - viewers[min(EARLY_SECONDS, whole - 1)] / viewers[0] if viewers[0] else 0
    first, last = _returned_to(again)
    is_told = again[first] >= OFTEN * most
    return Retention(
        chart(Kind.SHARE, watching, top=1.0),
        moments,
        percent(left) if left > 0 and whole > 2 * EARLY_SECONDS else "",
        f"{human_time(first * 1000)} – {human_time(last * 1000)}" if is_told else "",
        _chapter_at(chapters, first) if is_told else "",
    )


def _average(numbers: Sequence[int], first: int, end: int) -> float:
    return sum(numbers[first:end]) / (end - first)


def _returned_to(again: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last second around the one that is seen again most, of those that
    are seen again at least half as often."""
    top = max(range(len(again)), key=again.__getitem__)
    first = last = top
    while first > 0 and again[first - 1] * 2 > again[top]:
        first -= 1
    while last + 1 < len(again) and again[last + 1] * 2 > again[top]:
        last += 1
    return first, last + 1


def _chapter_at(chapters: Sequence[Chapter], second: int) -> str:
    begun = [each["title"] for each in chapters if each["start"] <= second]
    return begun[-1] if begun else ""
