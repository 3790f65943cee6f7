"""The numbers of the audience as files of comma-separated values."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from playout.console.audience.measures import MEASURES, QUALITY
from playout.console.audience.span import asked
from playout.console.audience.subjects import Find
from playout.console.visit import Download, Outcome, Visit
from playout.core.analytics import service
from playout.core.analytics.reading import Numbers
from playout.core.analytics.service import Report
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.text import spreadsheet_text

EXPORTS = {
    "time": "By day or hour",
    "country": "By country",
    "referrer": "By referrer",
    "device": "By device",
    "site": "By embedding site",
    "rendition": "By rendition",
    "retention": "By second of the film",
}
"""The contents that a file can have, and their names in the menu."""
COLUMNS = ("views", "plays", "completes", "cta_clicks", "failures", "visitors")
DERIVED: Mapping[str, str] = {
    "average": "average_seconds",
    "completion": "completion_rate",
    "clicks": "cta_rate",
    "start": "start_seconds",
    "waiting": "rebuffering_ratio",
    "failures": "failure_rate",
}
"""The measures that are counted from others, and their columns."""


def export(find: Find, visit: Visit) -> Outcome:
    """Return the numbers of the days that the address asks for as a file."""
    name = visit.query.get("of", "")
    if name not in EXPORTS:
        raise NotFound("There is no such file.")
    chosen = asked(visit.query, utcnow())
    with visit.read() as unit:
        watched = find(unit, visit)
        if watched is None:
            raise NotFound("There is no project yet.")
        report = service.report(unit, watched.subject, chosen.span)
    out = io.StringIO()
    csv.writer(out).writerows(_rows(name, report))
    days = f"{chosen.span.first}-{chosen.span.last}"
    subject = watched.subject.replace(":", "-").lower()
    return Download(f"{subject}-{name}-{days}.csv", "text/csv", out.getvalue())


def _rows(name: str, report: Report) -> Iterator[Sequence[object]]:
    if name == "retention":
        yield ["second", "viewers", "plays"]
        yield from ([second, *each] for second, each in enumerate(report.retention))
        return
    measures = {**MEASURES, **QUALITY}
    yield [name, *COLUMNS, "watched_seconds", *DERIVED.values()]
    for value, numbers in _divided(name, report):
        whole = [numbers[each] for each in COLUMNS]
        ratios = [_short(measures[each].of(numbers)) for each in DERIVED]
        yield [value, *whole, numbers["watched_ms"] / 1000, *ratios]


def _divided(name: str, report: Report) -> Iterator[tuple[str, Numbers]]:
    if name == "time":
        for at, numbers in report.series.items():
            yield at.astimezone(report.span.zone).isoformat(), numbers
        return
    for value, numbers in report.divided.get(name, []):
        yield spreadsheet_text(value), numbers


def _short(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)
