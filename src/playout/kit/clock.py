"""The clock, and how moments are written."""

from datetime import UTC, datetime
from typing import Literal

Timespec = Literal["seconds", "milliseconds", "microseconds"]


def utcnow() -> datetime:
    """Return the current time, with its time zone (UTC)."""
    return datetime.now(UTC)


def rfc3339(moment: datetime, timespec: Timespec) -> str:
    """Return a moment as RFC 3339 in UTC, such as `2026-03-05T09:30:00Z`.

    `moment` must have a time zone. `timespec` is the precision; what is finer is cut off.
    """
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
