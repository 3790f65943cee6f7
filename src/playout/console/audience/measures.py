"""The measures of what viewers did: how each is counted, written, and compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from playout.console.formats import human_number
from playout.console.texts import translated
from playout.core.analytics.reading import Numbers
from playout.pages.formats import human_time

ALIKE = 0.005
"""Part of a number by which it may differ from another that counts as the same."""


class Kind(StrEnum):
    """The kind of a number: how many, how long, or which part of a whole."""

    COUNT = "count"
    CLOCK = "clock"
    SECONDS = "seconds"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that is shown. `of` returns None where there is nothing to measure."""

    label: str
    kind: Kind
    of: Callable[[Numbers], float | None]
    less_is_good: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of a number from the one before: its direction, and whether that is good."""

    sign: str
    is_good: bool | None
    words: str


def _ratio(part: str, whole: str, scale: float = 1) -> Callable[[Numbers], float | None]:
    return lambda numbers: numbers[part] / numbers[whole] * scale if numbers[whole] else None


def _waiting(numbers: Numbers) -> float | None:
    played = numbers["watched_ms"] + numbers["waited_ms"]
    return numbers["waited_ms"] / played if played else None


MEASURES: Mapping[str, Measure] = {
    "views": Measure("Views", Kind.COUNT, lambda numbers: numbers["views"]),
    "visitors": Measure("Visitors, per day", Kind.COUNT, lambda numbers: numbers["visitors"]),
    "average": Measure("Watched on average", Kind.CLOCK, _ratio("watched_ms", "plays", 0.001)),
    "completion": Measure("Watched to the end", Kind.SHARE, _ratio("completes", "plays")),
    "clicks": Measure("Button pressed", Kind.SHARE, _ratio("cta_clicks", "views")),
}
"""The measures that a chart can show, by their names in addresses."""
QUALITY: Mapping[str, Measure] = {
    "start": Measure("Starts in", Kind.SECONDS, _ratio("start_ms", "starts", 0.001), True),
    "waiting": Measure("Time spent waiting", Kind.SHARE, _waiting, True),
    "failures": Measure("Failed", Kind.SHARE, _ratio("failures", "views"), True),
}


def written(kind: Kind, value: float | None) -> str:
    """Return a number as people read it; a dash for none."""
    if value is None:
        return "–"
    if kind is Kind.COUNT:
        return human_number(round(value))
    if kind is Kind.CLOCK:
        return human_time(round(value * 1000))
    if kind is Kind.SECONDS:
        return f"{human_number(value, 1)} s"
    return percent(value)


def percent(share: float) -> str:
    """Return a part of a whole: small ones with a decimal."""
    value = share * 100
    digits = 1 if 0 < value < 10 and f"{value:.1f}"[-1] != "0" else 0
    return f"{human_number(value, digits)} %"


def change(measure: Measure, now: float | None, before: float | None) -> Change | None:
    """Return how a number differs from the one before; None where either is missing."""
    if now is None or before is None or not before:
        return None
    rises, difference = now > before, abs(now - before)
    is_alike = written(measure.kind, now) == written(measure.kind, before)
    if is_alike or difference < ALIKE * before or _reads_as_nothing(measure.kind, difference):
        return Change("same", None, translated("same"))
    if measure.kind is Kind.COUNT:
        words = percent(difference / before)
    elif measure.kind is Kind.SHARE:
        words = translated("{part} pt", part=percent(difference).removesuffix(" %"))
    else:
        words = written(measure.kind, difference)
    return Change("up" if rises else "down", rises is not measure.less_is_good, words)


def _reads_as_nothing(kind: Kind, difference: float) -> bool:
    return kind in {Kind.CLOCK, Kind.SECONDS} and written(kind, difference) == written(kind, 0)
