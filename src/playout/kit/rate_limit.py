"""Rate limits: so many requests a minute for each key, over all processes that share a Redis."""

import math
import time
from dataclasses import dataclass
from typing import Any

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

WINDOW = 60
PATIENCE = 1.0
"""Seconds that a request waits for Redis, which answers in less than one of their thousandths."""
REST = 5.0
"""Seconds without Redis, once it did not answer."""

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
    if it had been asked evenly. With Redis a key's minute begins with its first request, so that
    its first minute is counted exactly; in memory minutes are those of the clock.

    In memory the count is this process's own; with Redis all processes share it. While Redis is
    away each process counts for itself, and tries Redis again every few seconds: a limit is there
    to keep the service up, not to take it down.
    """

    def __init__(self, per_minute: int, redis_url: str | None) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        self._failures: tuple[type[Exception], ...] = ()
        if redis_url:
            self._shared, self._failures = _over_redis(redis_url)
        self._away = False
        self._try_at = 0.0

    @property
    def redis(self) -> str:
        """`none`, `ok` or `away`: whether all processes count together, as this one knows."""
        return "none" if self._shared is None else "away" if self._away else "ok"

    async def hit(self, who: str) -> Standing:
        """Count a request of that key, if it is allowed."""
        if self._shared is None or time.monotonic() < self._try_at:
            return await self._hit(self._own, who)
        if self._away:
            self._rest()  # one request finds out whether it is back; the others do not wait for it
        try:
            standing = await self._hit(self._shared, who)
        except self._failures as error:
            self._lost(error)
            return await self._hit(self._own, who)
        if self._away:
            self._away, self._try_at = False, 0.0
            log.info("limits.shared_again")
        return standing

    async def _hit(self, window: SlidingWindowCounterRateLimiter, who: str) -> Standing:
        allowed = await window.hit(self._item, who)
        stats = await window.get_window_stats(self._item, who)
        left = stats.reset_time - time.time()
        # A window that has begun in this very moment is told as one that ends in it.
        reset = WINDOW if allowed and left <= 0 else max(1, math.ceil(left))
        return Standing(allowed, self._item.amount, max(0, stats.remaining), reset)

    def _lost(self, error: Exception) -> None:
        self._rest()
        if not self._away:
            self._away = True
            log.warning("limits.redis_away", error=str(error))

    def _rest(self) -> None:
        self._try_at = time.monotonic() + REST


def _over_redis(
    url: str,
) -> tuple[SlidingWindowCounterRateLimiter, tuple[type[Exception], ...]]:
    """What counts there, and what it raises while Redis is away."""
    # It takes a while to import, and most installations have no use for it.
    from redis.exceptions import RedisError  # noqa: PLC0415

    patience: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    storage = RedisStorage(f"async+{url}", implementation="redispy", **patience)
    return SlidingWindowCounterRateLimiter(storage), (RedisError, OSError)
