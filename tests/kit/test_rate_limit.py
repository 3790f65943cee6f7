"""The rate limit, in memory and while Redis is away."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from playout.kit.rate_limit import RateLimit, RateLimitStatus

Clock = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Move the clock forward by some seconds. It does not move by itself."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def ask(limit: RateLimit, times: int, who: str = "a key") -> list[RateLimitStatus]:
    return asyncio.run(_ask(limit, times, who))


async def _ask(limit: RateLimit, times: int, who: str) -> list[RateLimitStatus]:
    return [await limit.hit(who) for _ in range(times)]


class TestInMemory:
    def test_remaining_requests_are_counted_down_to_zero(self, wait: Clock) -> None:
        standings = ask(RateLimit(5, None), 7)
        assert [each.remaining for each in standings] == [4, 3, 2, 1, 0, 0, 0]
        assert [each.allowed for each in standings] == [True] * 5 + [False] * 2

    def test_to_ask_whether_a_request_would_be_allowed_counts_nothing(self, wait: Clock) -> None:
        limit = RateLimit(2, None)
        assert [asyncio.run(limit.allows("a key")) for _ in range(5)] == [True] * 5
        ask(limit, 2)
        assert not asyncio.run(limit.allows("a key"))
        assert asyncio.run(limit.allows("another"))

    def test_each_key_is_counted_by_itself(self, wait: Clock) -> None:
        limit = RateLimit(5, None)
        ask(limit, 6)
        assert ask(limit, 1, "another")[0].remaining == 4

    def test_only_a_refusal_has_retry_after(self, wait: Clock) -> None:
        *allowed, refused = ask(RateLimit(5, None), 6)
        assert not any("Retry-After" in each.headers for each in allowed)
        assert refused.headers["Retry-After"] == str(refused.reset)
        assert refused.headers["RateLimit"] == f'"default";r=0;t={refused.reset}'

    @pytest.mark.parametrize("seed", range(20))
    def test_a_request_after_the_reset_is_always_allowed(self, wait: Clock, seed: int) -> None:
        chance, limit = random.Random(seed), RateLimit(50, None)
        refusals = 0
        for _ in range(40):
            wait(chance.uniform(0, 40))
            last = ask(limit, chance.randint(1, 60))[-1]
            if not last.allowed:
                refusals += 1
                assert 1 <= last.reset <= 60
                wait(last.reset)
                assert ask(limit, 1)[0].allowed
        assert refusals > 0

    @pytest.mark.parametrize("seed", range(5))
    def test_evenly_spread_requests_never_exceed_the_limit_in_any_minute(
        self, wait: Clock, seed: int
    ) -> None:
        chance, limit = random.Random(seed), RateLimit(60, None)
        answered: list[float] = []
        for _ in range(900):
            wait(chance.uniform(0.4, 0.6))
            if ask(limit, 1)[0].allowed:
                answered.append(time.time())
        most = max(sum(at - 60 < each <= at for each in answered) for at in answered)
        assert 55 <= most <= 62


class TestRedisAway:
    def test_without_redis_requests_are_allowed_and_the_limit_holds(self) -> None:
        standings = ask(RateLimit(5, "redis://127.0.0.1:1/0"), 6)
        assert [each.allowed for each in standings] == [True] * 5 + [False]

    @pytest.mark.parametrize("fault", [OSError("gone"), TimeoutError()])
    def test_redis_is_not_tried_again_for_a_while_after_an_error(
        self, monkeypatch: pytest.MonkeyPatch, fault: Exception
    ) -> None:
        tries: list[Any] = []

        async def fail(*arguments: Any) -> None:
            tries.append(arguments)
            raise fault

        monkeypatch.setattr("limits.aio.storage.RedisStorage.acquire_sliding_window_entry", fail)
        ask(RateLimit(5, "redis://127.0.0.1:1/0"), 4)
        assert len(tries) == 1
