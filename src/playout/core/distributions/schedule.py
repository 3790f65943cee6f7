"""The times at which an activation begins and ends, which stand in its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from playout.kit.errors import Invalid

START, END = "startDate", "endDate"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


class ActivationStatus(StrEnum):
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The time from `start` to `end`, both included; None where that side is open."""

    start: datetime | None
    end: datetime | None

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> "Schedule":
        """Return the schedule of an activation with these settings.

        A date without a time starts at midnight and ends at the end of that day. Without a zone,
        it is in UTC. Raise `Invalid` for anything that is not a date of ISO 8601, and for an end
        before the start.
        """
        schedule = cls(
            _moment(settings, START, time.min),
            _moment(settings, END, time.max),
        )
        if schedule.start and schedule.end and schedule.end < schedule.start:
            raise _invalid(END, "It ends before it starts.")
        return schedule

    def status(self, now: datetime) -> ActivationStatus:
        if self.start is not None and now < self.start:
            return ActivationStatus.SCHEDULED
        if self.end is not None and now > self.end:
            return ActivationStatus.ENDED
        return ActivationStatus.LIVE

    def next_transition(self, now: datetime) -> datetime | None:
        """Return the time of the next change of the status; None when there is none."""
        if self.start is not None and now < self.start:
            return self.start
        return self.end if self.end is not None and now <= self.end else None


def _moment(settings: Mapping[str, Any], name: str, of_day: time) -> datetime | None:
    text = settings.get(name)
    if text is None:
        return None
    moment = parse_moment(text, of_day) if isinstance(text, str) else None
    if moment is None:
        raise _invalid(name, "It must be a date or date-time of ISO 8601, like 2024-12-31.")
    return moment


def parse_moment(text: str, of_day: time = time.min) -> datetime | None:
    """Return the moment that ISO 8601 spells, in UTC; None for any other text.

    A date without a time is `of_day` on that day. Without a zone, it is in UTC.
    """
    text = text.upper()
    try:
        if DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), of_day, UTC)
        if not DATE_TIME.fullmatch(text):
            return None
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February; a zone beyond the year 1 or 9999
        return None


def _invalid(name: str, message: str) -> Invalid:
    field = f"settings.{name}"
    return Invalid(f"{field}: {message}", {field: message})
