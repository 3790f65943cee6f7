"""The time line of activations: what it shows, and where each of them stands on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from playout.console.campaigns import targeting
from playout.console.reader import reader
from playout.console.texts import translated
from playout.core.distributions.campaigns import Campaign
from playout.core.distributions.model import Activation
from playout.core.distributions.schedule import ActivationStatus, Schedule

SIGNS = {
    ActivationStatus.LIVE: "is",
    ActivationStatus.SCHEDULED: "coming",
    ActivationStatus.ENDED: "off",
}
WORDS = {
    ActivationStatus.LIVE: "Live",
    ActivationStatus.SCHEDULED: "Scheduled",
    ActivationStatus.ENDED: "Ended",
}
YEARS = range(1970, 9000)
"""Years that a time line can begin in."""
SHORTEST = 2.5
"""The width of the shortest bar in per cent, so that a pointer can hold it."""


class Scale(NamedTuple):
    """The days that a time line shows, those between two marks, and those before today."""

    name: str
    days: int
    step: int
    before: int


SCALES = {
    "week": Scale("Week", 7, 1, 0),
    "weeks": Scale("6 weeks", 42, 7, 14),
    "quarter": Scale("Quarter", 91, 7, 28),
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a time line shows, from a Monday on."""

    first: date
    scale: Scale

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.first + timedelta(days=self.scale.days))

    def percent(self, at: datetime) -> float:
        """Return where a time stands, between 0 and 100."""
        share = (at - self.start) / (self.end - self.start)
        return round(min(max(share, 0), 1) * 100, 3)

    def overlaps(self, schedule: Schedule) -> bool:
        begins_in_time = schedule.start is None or schedule.start < self.end
        return begins_in_time and (schedule.end is None or schedule.end > self.start)


def midnight(day: date) -> datetime:
    """Return when a day begins where the reader is."""
    return datetime.combine(day, time.min, reader().zone).astimezone(UTC)


def values(
    query: Mapping[str, str], activations: Sequence[Activation], now: datetime
) -> dict[str, Any]:
    """Return what the time line shows: as the address says, or else around today.

    If nothing runs around today, it shows when the last campaign began.
    """
    key = query.get("scale", "weeks")
    scale = SCALES.get(key, SCALES["weeks"])
    schedules = [Schedule.parse(each.settings) for each in activations]
    first = _day(query.get("from", ""))
    window = Window(
        first or _monday(now.astimezone(reader().zone).date() - timedelta(days=scale.before)), scale
    )
    if first is None and not any(window.overlaps(each) for each in schedules):
        starts = [each.start.astimezone(reader().zone).date() for each in schedules if each.start]
        if starts and max(starts).year in YEARS:
            window = Window(_monday(max(starts) - timedelta(days=scale.before)), scale)
    day = window.first
    return {
        "window": window,
        "key": key if key in SCALES else "weeks",
        "scales": SCALES,
        "earlier": day - timedelta(days=max(scale.days // 2 // 7 * 7, 7)),
        "later": day + timedelta(days=max(scale.days // 2 // 7 * 7, 7)),
        "is_moved": first is not None,
        "marks": [
            {"day": each, "x": window.percent(midnight(each))}
            for each in (day + timedelta(days=n) for n in range(0, scale.days, scale.step))
        ],
        "weekends": [
            {
                "x": window.percent(midnight(each)),
                "until": each + timedelta(days=2),
                "day": each,
            }
            for each in (day + timedelta(days=5 + n) for n in range(0, scale.days, 7))
        ],
        "weekend_width": round(200 / scale.days, 3),
        "now": now,
        "now_x": window.percent(now) if window.start <= now < window.end else None,
        "bars": sorted(
            (_bar(each, window, now) for each in activations),
            key=lambda bar: (bar["start"] or datetime.min.replace(tzinfo=UTC), bar["id"]),
        ),
    }


def described(activation: Activation, now: datetime) -> dict[str, Any]:
    """Return an activation as every page shows it: state, times, and where."""
    campaign = Campaign.parse(activation.settings)
    status = campaign.schedule.status(now)
    return {
        "id": activation.id,
        "name": activation.name,
        "etag": activation.etag,
        "status": str(status),
        "sign": SIGNS[status],
        "word": translated(WORDS[status]),
        "where": targeting.where(campaign),
        "start": campaign.schedule.start,
        "end": campaign.schedule.end,
        "updated_by": activation.updated_by,
        "updated_at": activation.updated_at,
    }


def _bar(activation: Activation, window: Window, now: datetime) -> dict[str, Any]:
    shown = described(activation, now)
    start, end = shown["start"], shown["end"]
    left = window.percent(start) if start else 0
    right = window.percent(end) if end else 100
    width = max(right - left, SHORTEST)
    return {
        **shown,
        "x": min(left, 100 - width),
        "width": round(width, 3),
        "is_shown": window.overlaps(Schedule(start, end)),
        "is_before": bool(end and end <= window.start),
    }


def _day(text: str) -> date | None:
    """Return the Monday of the week of a day; None for a text that is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return _monday(day) if day.year in YEARS else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
