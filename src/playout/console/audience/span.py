"""The days that numbers are asked for, as the address of a page says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from playout.console.formats import human_days
from playout.console.reader import reader
from playout.core.analytics.spans import Interval, Span, span
from playout.kit.errors import Invalid

LAST_DAYS = (7, 28, 90)
USUAL = 28
ZONE_LENGTH = 64
MOST_DAYS_BY_HOUR = 8
"""Days up to which a chart can show hours."""
MOST_PARTS = 200
"""Parts of a chart. More of them are put together by weeks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A span that was asked for, and the query of its address."""

    span: Span
    query: Mapping[str, str]
    """The parameters of the address that say which days, in which zone."""
    last_days: int | None
    """The number of days, if they are the last ones."""

    @property
    def may_be_hourly(self) -> bool:
        return (self.span.last - self.span.first).days < MOST_DAYS_BY_HOUR

    def address(self, **others: str) -> str:
        """Return the query of an address that asks for the same, with other parameters."""
        return urlencode({**self.query, **others})

    def days(self) -> str:
        """Return the days as people write them: `31 Oct – 27 Nov 2026`."""
        return human_days(self.span.first, self.span.last)


def asked(query: Mapping[str, str], now: datetime) -> Asked:
    """Return what a query asks for. Raise `Invalid`."""
    zone = query.get("tz", "").strip()[:ZONE_LENGTH] or reader().zone.key
    first, last = _day(query, "from"), _day(query, "to")
    interval = Interval.HOUR if query.get("interval") == Interval.HOUR else Interval.DAY
    kept = {name: query[name] for name in ("tz", "interval", "measure") if query.get(name)}
    if first is None and last is None:
        days = _last_days(query)
        today = span(None, None, zone, Interval.DAY, now)
        whole = Span(today.last - timedelta(days - 1), today.last, today.zone, interval)
        found = Asked(whole, {"days": str(days), **kept}, days)
    else:
        chosen = span(first, last, zone, Interval.DAY, now)
        whole = Span(chosen.first, chosen.last, chosen.zone, interval)
        dates = {"from": chosen.first.isoformat(), "to": chosen.last.isoformat()}
        found = Asked(whole, {**dates, **kept}, None)
    if interval is Interval.HOUR and not found.may_be_hourly:
        return asked({**query, "interval": Interval.DAY}, now)
    return found


def usual(now: datetime) -> Asked:
    """Return what is shown to whoever asks for nothing."""
    return asked({}, now)


def weeks(parts: Sequence[datetime]) -> int:
    """Return how many of the parts of a span are one part of its chart."""
    return 1 if len(parts) <= MOST_PARTS else 7


def _last_days(query: Mapping[str, str]) -> int:
    text = query.get("days", "")
    return int(text) if text in {str(each) for each in LAST_DAYS} else USUAL


def _day(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problem = "Write a day: 2026-11-20."
        raise Invalid(f"{name}: {problem}", {name: problem}) from None
