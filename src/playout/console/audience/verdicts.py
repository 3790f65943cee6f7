"""The result of an experiment, in plain words and as bars."""

from collections.abc import Iterator
from typing import NamedTuple

from playout.console.formats import human_number
from playout.console.texts import translated
from playout.core.experiments.model import Experiment, Goal
from playout.core.experiments.service import Result
from playout.core.experiments.statistics import Difference

GOALS = {
    Goal.PLAY: "Start the film",
    Goal.COMPLETE: "Watch it to the end",
    Goal.CTA: "Follow the button",
}
LEAST_WIDTH = 0.02
"""The least that a whole bar stands for on each side: two points."""


class Arm(NamedTuple):
    """A variant, and what its visitors did."""

    key: str
    visitors: int
    successes: int
    rate: str
    verdict: str
    sign: str
    """`better`, `worse`, `open`, or "" for the variant that others are compared with."""
    interval: str
    bar: tuple[float, float, float] | None
    """The beginning of the interval, its width, and the estimate, of a bar that is 100 wide."""


def arms(result: Result) -> Iterator[Arm]:
    """Yield each variant with its verdict. The first one is what the others are compared with."""
    found = [each for each in result.differences.values() if each is not None]
    reach = max([LEAST_WIDTH, *(max(abs(each.low), abs(each.high)) for each in found)])
    for number, (key, counted) in enumerate(result.counted.items()):
        difference = result.differences[key]
        sign, verdict = (
            _verdict(difference)
            if number
            else ("", translated("What the others are compared with"))
        )
        if result.is_mismatched and number:
            sign = "open"
            verdict = translated("Means nothing, because visitors were not divided as asked")
        yield Arm(
            key,
            counted.visitors,
            counted.successes,
            "–" if counted.rate is None else f"{human_number(100 * counted.rate, 1)} %",
            verdict,
            sign,
            _interval(difference),
            _bar(difference, reach),
        )


def summary(experiment: Experiment, result: Result) -> str:
    """Return the whole result in a sentence."""
    if result.is_mismatched:
        return translated(
            "Visitors were not divided as asked, so that no difference means anything. "
            "Something between the visitors and the page is wrong: look for it before you decide."
        )
    if experiment.winner is not None:
        return translated("Decided: the page keeps {name}.", name=experiment.winner)
    if experiment.ended_at is not None:
        return translated("Stopped, without a winner.")
    found = {key: each for key, each in result.differences.items() if each is not None}
    better = [key for key, each in found.items() if each.low > 0]
    if better:
        best = max(better, key=lambda key: found[key].estimate)
        return translated("{name} does better. You can decide now.", name=best)
    if found and len(found) + 1 == len(result.counted) and all(e.high < 0 for e in found.values()):
        return translated("The page does best as it is. You can stop now.")
    return translated(
        "Too early to say. Look again as often as you like: that makes no result less certain."
    )


def _verdict(difference: Difference | None) -> tuple[str, str]:
    if difference is None:
        return "open", translated("Too early to say: too few have seen it")
    if difference.low > 0:
        return "better", translated("Does better")
    if difference.high < 0:
        return "worse", translated("Does worse")
    return "open", translated("Too early to say")


def _interval(difference: Difference | None) -> str:
    """Return the interval in percentage points: `between -0.8 and +4.1 points`."""
    if difference is None:
        return ""
    low, high = _points(difference.low), _points(difference.high)
    return translated("between {low} and {high} points", low=low, high=high)


def _points(value: float) -> str:
    points = human_number(100 * value, 1).replace("-", "−")
    return f"+{points}" if value >= 0 else points


def _bar(difference: Difference | None, reach: float) -> tuple[float, float, float] | None:
    if difference is None:
        return None
    start = _place(difference.low, reach)
    return start, _place(difference.high, reach) - start, _place(difference.estimate, reach)


def _place(value: float, reach: float) -> float:
    return round(50 + 50 * value / reach, 2)
