"""The schedule of an activation follows from its settings."""

from datetime import UTC, datetime, timedelta

import pytest

from playout.core.distributions.schedule import Schedule
from playout.kit.errors import Invalid


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def day_end(*parts: int) -> datetime:
    return utc(*parts) + timedelta(days=1, microseconds=-1)


STARTS = [
    ("2024-12-01", utc(2024, 12, 1)),
    ("2024-02-29", utc(2024, 2, 29)),
    ("2024-12-01T09:30", utc(2024, 12, 1, 9, 30)),
    ("2024-12-01 09:30:15", utc(2024, 12, 1, 9, 30, 15)),
    ("2024-12-01T09:30:15Z", utc(2024, 12, 1, 9, 30, 15)),
    ("2024-12-01t09:30:15z", utc(2024, 12, 1, 9, 30, 15)),
    ("2024-12-01T09:30:15.250+02:00", utc(2024, 12, 1, 7, 30, 15, 250_000)),
    ("2024-12-31T23:30:00-0100", utc(2025, 1, 1, 0, 30)),
    (None, None),
]
NO_DATES = [
    "",
    "soon",
    "2024-12",
    "2024-13-01",
    "2023-02-29",
    "20241201",
    "2024-W01-1",
    "2024-12-01T",
    "2024-12-01T25:00",
    "2024-12-01T10:00:00+99:00",
    "0000-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "٢٠٢٤-12-01",
    " 2024-12-01",
    1733011200,
    True,
    ["2024-12-01"],
    {},
]


class TestSchedule:
    @pytest.mark.parametrize(("text", "moment"), STARTS)
    def test_it_starts_at_midnight_or_at_the_time_that_is_named(self, text, moment):
        assert Schedule.parse({"startDate": text}).start == moment

    def test_an_end_date_without_a_time_lasts_until_the_end_of_that_day(self):
        schedule = Schedule.parse({"endDate": "2024-12-31"})
        assert schedule.end == day_end(2024, 12, 31)
        assert schedule.status(utc(2024, 12, 31, 23, 59, 59)) == "live"
        assert schedule.status(utc(2025, 1, 1)) == "ended"

    def test_the_last_day_of_the_calendar_can_be_named(self):
        schedule = Schedule.parse({"endDate": "9999-12-31"})
        assert schedule.status(utc(2100, 1, 1)) == "live"

    @pytest.mark.parametrize("name", ["startDate", "endDate"])
    @pytest.mark.parametrize("value", NO_DATES)
    def test_anything_but_a_date_is_refused_with_the_name_of_the_field(self, name, value):
        with pytest.raises(Invalid, match=f"^settings.{name}: "):
            Schedule.parse({name: value})

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2024-12-31", "2024-12-01"),
            ("2024-12-01T10:00", "2024-12-01T09:59"),
            ("2024-12-02", "2024-12-01T23:59:59Z"),
            ("2024-12-01T00:30:00-01:00", "2024-12-01T00:30:00Z"),
        ],
    )
    def test_an_end_before_the_start_is_refused(self, start, end):
        with pytest.raises(Invalid, match="ends before it starts"):
            Schedule.parse({"startDate": start, "endDate": end})

    def test_one_day_is_a_schedule(self):
        schedule = Schedule.parse({"startDate": "2024-12-24", "endDate": "2024-12-24"})
        assert schedule.status(utc(2024, 12, 23, 23)) == "scheduled"
        assert schedule.status(utc(2024, 12, 24)) == "live"
        assert schedule.status(utc(2024, 12, 24, 23, 59)) == "live"
        assert schedule.status(utc(2024, 12, 25)) == "ended"

    def test_without_dates_it_is_live_for_ever(self):
        assert Schedule.parse({}).status(utc(1990, 1, 1)) == "live"
        assert Schedule.parse({"startDate": None}).status(utc(2090, 1, 1)) == "live"
