"""Spans of time that numbers are asked for: whole days in a time zone, by day or by hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playout.core.analytics.model import BUCKET
from playout.kit.errors import Invalid

MOST_DAYS = 1100
MOST_DAYS_BY_HOUR = 100
USUAL_DAYS = 30
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)


class Interval(StrEnum):
    """The length of the parts that a span is divided into."""

    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in a time zone, from the first to the last."""

    first: date
    last: date
    zone: ZoneInfo
    interval: Interval = Interval.DAY

    @property
    def start(self) -> datetime:
        """The moment at which the first day begins."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which the last day ends."""
        return _midnight(self.last + timedelta(1), self.zone)

    @property
    def before(self) -> "Span":
        """The same number of days before."""
        days = self.last - self.first + timedelta(1)
        return Span(self.first - days, self.last - days, self.zone, self.interval)

    @property
    def whole_days(self) -> tuple[datetime, datetime]:
        """The days of UTC that lie in the span. They are empty where it contains none."""
        start, end = _floor(self.start + timedelta(1) - timedelta.resolution), _floor(self.end)
        return (start, end) if start < end else (self.end, self.end)

    @property
    def utc_days(self) -> tuple[date, date]:
        """The first and the last day of UTC that lie in the span at least in part."""
        return self.start.date(), (self.end - timedelta.resolution).date()

    def parts(self) -> Iterator[datetime]:
        """Yield when each part begins, in UTC. An hour that a clock repeats is two parts.

        A part ends where the next one begins.
        """
        if self.interval is Interval.DAY:
            for days in range((self.last - self.first).days + 1):
                yield _midnight(self.first + timedelta(days), self.zone)
            return
        at, before = self.start, self.end
        while at < self.end:
            hour = self._hour_of(at)
            if hour != before:
                yield hour
            at, before = at + BUCKET, hour

    def _hour_of(self, at: datetime) -> datetime:
        """Return when the hour of the time zone begins that contains a moment, in UTC.

        In its time zone, Python takes the two hours that a clock repeats for the same.
        """
        local = at.astimezone(self.zone)
        return at.astimezone(UTC) - timedelta(minutes=local.minute, seconds=local.second)


def span(
    first: date | None, last: date | None, zone: str, interval: Interval, now: datetime
) -> Span:
    """Return the span from the first to the last day. Raise `Invalid`.

    Without a last day it ends today, and without a first one it has 30 days.
    """
    found = time_zone(zone)
    last = last or max(now.astimezone(found).date(), first or FIRST_DAY)
    first = first or last - timedelta(USUAL_DAYS - 1)
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise Invalid("The span is empty.", {"from": "It must not be after `to`."})
    most = MOST_DAYS if interval is Interval.DAY else MOST_DAYS_BY_HOUR
    if (last - first).days >= most:
        raise Invalid("The span is too long.", {"from": f"At most {most} days by {interval}."})
    return Span(first, last, found, interval)


def time_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name, such as `Europe/Berlin`. Raise `Invalid` for another one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("Unknown time zone.", {"tz": "Name one as `Europe/Berlin`."}) from error


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _floor(at: datetime) -> datetime:
    return datetime.combine(at.date(), time(), UTC)
