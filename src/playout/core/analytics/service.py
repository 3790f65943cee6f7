"""Answers to questions about what viewers did. The callers have asked who may know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from playout.core.analytics import live
from playout.core.analytics.reading import Numbers, Reader
from playout.core.analytics.spans import Span
from playout.core.unit import ReadUnit

MOST_VALUES = 100
"""Values of a dimension that are told, those with the most views."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that viewers did in a span, and in as many days before."""

    span: Span
    totals: Numbers
    before: Numbers
    series: Mapping[datetime, Numbers]
    divided: Mapping[str, list[tuple[str, Numbers]]]
    """The numbers by country, device, referrer, site and rendition."""
    retention: list[tuple[int, int]]
    """Of each second how many pages saw it, and how often it was played. Empty for a project."""


def report(unit: ReadUnit, subject: str, span: Span) -> Report:
    """Return what viewers did with a subject."""
    return _report(Reader(unit.session, subject), span)


def compared(unit: ReadUnit, subject: str, span: Span) -> tuple[Report, Mapping[datetime, Numbers]]:
    """Return what viewers did with a subject, and the numbers of each part of the days before."""
    reader = Reader(unit.session, subject)
    return _report(reader, span), reader.series(span.before)


def _report(reader: Reader, span: Span) -> Report:
    divided = {
        dimension: sorted(values.items(), key=_most_views)[:MOST_VALUES]
        for dimension, values in reader.divided(span).items()
    }
    return Report(
        span,
        reader.totals(span),
        reader.totals(span.before),
        reader.series(span),
        divided,
        reader.retention(span),
    )


def watching(unit: ReadUnit, subject: str) -> int:
    """Return how many pages play something of a subject at this moment."""
    return live.watching(unit.session, subject, unit.now)


def _most_views(item: tuple[str, Numbers]) -> tuple[int, int, str]:
    value, numbers = item
    return -numbers["views"], -numbers["watched_ms"], value
