"""The next state after an attempt, without a clock and without a network."""

from datetime import UTC, datetime, timedelta

import pytest

from playout.core.webhooks.model import DeliveryState
from playout.core.webhooks.retries import JITTER, AttemptResult, next_state, retry_after
from playout.settings import Settings

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = 1, 60, 3600
PROMISED = (
    *(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR),
    *(10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
)


def result(status: int | None, tries: int = 0, **more: str) -> AttemptResult:
    return AttemptResult(1, tries, NOW, 10, status, **more)


class TestNextState:
    def test_the_schedule_is_the_promised_one(self):
        assert Settings.model_fields["webhook_retries"].default == PROMISED

    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_any_2xx_is_a_delivery(self, status):
        assert next_state(result(status), PROMISED, NOW).state is DeliveryState.DELIVERED

    @pytest.mark.parametrize("status", [None, 101, 301, 307, 400, 404, 429, 500, 503])
    def test_all_else_is_tried_again(self, status):
        assert next_state(result(status), PROMISED, NOW).state is DeliveryState.PENDING

    @pytest.mark.parametrize("number", range(len(PROMISED)))
    def test_each_retry_waits_as_long_as_promised_and_a_little_more(self, number):
        waits = {
            (next_state(result(500, number), PROMISED, NOW).next_at - NOW).total_seconds()
            for _ in range(20)
        }
        assert len(waits) > 1, "all would come back at once"
        assert PROMISED[number] <= min(waits) <= max(waits) <= PROMISED[number] * (1 + JITTER)

    def test_the_tenth_failure_is_the_last(self):
        assert next_state(result(500, 9), PROMISED, NOW).state is DeliveryState.FAILED

    def test_gone_is_never_tried_again(self):
        assert next_state(result(410), PROMISED, NOW).state is DeliveryState.FAILED

    def test_a_receiver_that_asks_for_more_time_has_it(self):
        asked = result(503, retry_after="3600")
        assert next_state(asked, PROMISED, NOW).next_at == NOW + timedelta(hours=1)

    def test_one_that_asks_for_less_has_what_the_schedule_says(self):
        asked = result(503, tries=1, retry_after="1")
        assert next_state(asked, PROMISED, NOW).next_at >= NOW + timedelta(minutes=5)


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("120", 120),
            (" 120 ", 120),
            ("Wed, 01 Jul 2026 12:02:00 GMT", 120),
            ("Wed, 01 Jul 2026 11:00:00 GMT", 0),
            ("99999999999", 86_400),
            ("Sat, 01 Jul 2996 12:00:00 GMT", 86_400),
            ("-5", 0),
            ("soon", 0),
            ("", 0),
            (None, 0),
            ("٣", 0),
            ("Wed, 01 Jul 2026 12:02:00", 0),
        ],
    )
    def test_is_read_in_seconds_or_as_a_date_and_a_day_is_the_most(self, said, seconds):
        wait = retry_after(result(503, retry_after=said), NOW)
        assert wait == timedelta(seconds=seconds)
