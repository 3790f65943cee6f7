"""Rate limits: so many requests a minute for each key, over all processes that share a Redis."""

import math
import time
from dataclasses import dataclass

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

WINDOW = 60

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a key stands after a request: what it may still ask, and in how many seconds more."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The `RateLimit` fields of the IETF draft, their older spelling, and `Retry-After`."""
        fields = {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(int(time.time()) + self.reset),
        }
        return fields if self.allowed else {**fields, "Retry-After": str(self.reset)}


class RateLimit:
    """Counts requests in a window that slides with the clock.

    What was asked in the minute before counts for the part of it that is still in the window, as
    if it had been asked evenly; in a first minute the count is exact.

    In memory the count is this process's own; with Redis all processes share it. While Redis is
    away nobody is refused: a limit is there to keep the service up, not to take it down.
    """

    def __init__(self, per_minute: int, redis_url: str | None) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        storage = (
            RedisStorage(f"async+{redis_url}", implementation="redispy")
            if redis_url
            else MemoryStorage()
        )
        self._window = SlidingWindowCounterRateLimiter(storage)

    async def hit(self, who: str) -> Standing:
        """Count a request of that key, if it is allowed."""
        try:
            allowed = await self._window.hit(self._item, who)
            stats = await self._window.get_window_stats(self._item, who)
        except Exception as error:
            log.warning("limits.unavailable", error=str(error))
            return Standing(True, self._item.amount, self._item.amount, WINDOW)
        reset = max(1, math.ceil(stats.reset_time - time.time()))
        return Standing(allowed, self._item.amount, max(0, stats.remaining), reset)
