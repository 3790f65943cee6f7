"""The text form of moments."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from playout.kit.clock import rfc3339

MOMENT = datetime(2026, 3, 5, 9, 30, 0, 123_456, UTC)


class TestRfc3339:
    @pytest.mark.parametrize(
        ("timespec", "text"),
        [
            ("seconds", "2026-03-05T09:30:00Z"),
            ("milliseconds", "2026-03-05T09:30:00.123Z"),
            ("microseconds", "2026-03-05T09:30:00.123456Z"),
        ],
    )
    def test_precision_is_as_asked_for(self, timespec, text):
        assert rfc3339(MOMENT, timespec) == text

    def test_another_time_zone_becomes_utc(self):
        moment = MOMENT.astimezone(timezone(timedelta(hours=-3)))
        assert rfc3339(moment, "seconds") == "2026-03-05T09:30:00Z"
