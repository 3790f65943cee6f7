"""Lists of where viewers are and what they use, the most frequent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playout.console.audience.measures import Kind, percent, written
from playout.console.texts import translated
from playout.core.analytics.reading import Numbers

FIRST = 7
"""Values that are shown at once. The others are behind "Show all"."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to divide views: its heading, and the names of some values."""

    heading: str
    unknown: str
    """The name of what is not known; "" if it is left out."""
    names: Mapping[str, str]
    nothing: str
    """A sentence for a list without values."""


DIMENSIONS = {
    "country": Dimension(
        "Countries",
        "Not known",
        {},
        "Countries are known behind a proxy that tells them, or with a country database.",
    ),
    "referrer": Dimension(
        "Where they came from", "Straight to the page", {}, "Nobody has come yet."
    ),
    "device": Dimension(
        "Devices",
        "Not known",
        {"phone": "Phone", "tablet": "Tablet", "tv": "TV", "computer": "Computer"},
        "Nobody has come yet.",
    ),
    "site": Dimension(
        "Embedded on",
        "",
        {},
        "No other site has shown it. Copy the embed snippet of a video into a page.",
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A value, how many views have it, and which part of all that is."""

    value: str
    name: str
    views: str
    share: str
    width: float
    """Percent of the width of the first one."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A list of values."""

    key: str
    heading: str
    items: list[Item]
    more: list[Item]
    hint: str


def rank(key: str, values: Sequence[tuple[str, Numbers]]) -> Rank:
    """Return the values of a dimension by their views."""
    dimension = DIMENSIONS[key]
    whole = sum(numbers["views"] for _, numbers in values)
    shown = [
        (value, _named(dimension, value), numbers["views"])
        for value, numbers in values
        if numbers["views"] and (value or dimension.unknown)
    ]
    most = max((views for _, _, views in shown), default=1)
    items = [
        Item(
            value,
            name,
            written(Kind.COUNT, views),
            percent(views / whole),
            round(100 * views / most, 1),
        )
        for value, name, views in shown
    ]
    is_told = any(value for value, _, _ in shown) or key == "referrer"
    hint = "" if items and is_told else dimension.nothing
    return Rank(key, dimension.heading, items[:FIRST], items[FIRST:], hint)


def _named(dimension: Dimension, value: str) -> str:
    return translated(dimension.names.get(value, "" if value else dimension.unknown)) or value


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendition, and the part of the watched time that it was watched in, in percent."""

    name: str
    share: str
    start: float
    width: float


def renditions(values: Sequence[tuple[str, Numbers]]) -> list[Rendition]:
    """Return the renditions that were watched, the largest first."""
    whole = sum(numbers["watched_ms"] for _, numbers in values)
    found, start = [], 0.0
    for name, numbers in sorted(values, key=_height, reverse=True):
        share = numbers["watched_ms"] / whole if whole else 0
        if share:
            found.append(Rendition(name, percent(share), round(start, 2), round(100 * share, 2)))
            start += 100 * share
    return found


def _height(item: tuple[str, Numbers]) -> int:
    digits = "".join(each for each in item[0] if each.isdigit())
    return int(digits or 0)
