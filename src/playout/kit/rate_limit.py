"""The rate limit: requests per minute of each key, over all processes that share a Redis."""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

WINDOW_SECONDS = 60
REDIS_TIMEOUT = 1.0
"""Seconds that a request waits for Redis, which usually answers in less than a millisecond."""
REDIS_RETRY_AFTER = 5.0
"""Seconds until Redis is tried again after it did not answer."""

Result = TypeVar("Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """The rate limit of a key after a request.

    `remaining` is the number of requests that the key may still send, and `reset` the number of
    seconds until it may send more.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The `RateLimit` headers of the IETF draft, their older form, and `Retry-After`."""
        fields = {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(int(time.time()) + self.reset),
        }
        return fields if self.allowed else {**fields, "Retry-After": str(self.reset)}


class RateLimit:
    """A counter of requests in a sliding window of a minute.

    Requests of the previous minute count in proportion to the part of that minute that is still in
    the window, as if they were spread evenly. With Redis, the minute of a key begins with its first
    request, so its first minute is counted exactly. In memory, minutes are those of the clock.

    In memory each process counts alone; with Redis all processes share one count. While Redis does
    not answer, each process counts alone and tries Redis again every few seconds: a limit protects
    the service, and must not take it down.
    """

    def __init__(self, per_minute: int, redis_url: str | None) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        self._failures: tuple[type[Exception], ...] = ()
        if redis_url:
            self._shared, self._failures = _redis_limiter(redis_url)
        self._away = False
        self._retry_at = 0.0

    @property
    def redis(self) -> str:
        """The state of Redis as this process knows it: `none`, `ok` or `away`."""
        return "none" if self._shared is None else "away" if self._away else "ok"

    async def hit(self, key: str) -> RateLimitStatus:
        """Count a request of a key if it is allowed."""
        return await self._ask(self._hit, key)

    async def allows(self, key: str) -> bool:
        """Return whether a request of a key would be allowed, and count nothing."""
        return await self._ask(self._test, key)

    async def _ask(
        self,
        question: Callable[[SlidingWindowCounterRateLimiter, str], Awaitable[Result]],
        key: str,
    ) -> Result:
        """Ask Redis about a key, or this process alone if Redis does not answer."""
        if self._shared is None or time.monotonic() < self._retry_at:
            return await question(self._own, key)
        if self._away:
            self._postpone_retry()  # so that one request tries Redis and the others do not wait
        try:
            answer = await question(self._shared, key)
        except self._failures as error:
            self._redis_failed(error)
            return await question(self._own, key)
        if self._away:
            self._away, self._retry_at = False, 0.0
            log.info("limits.redis_back")
        return answer

    async def _test(self, limiter: SlidingWindowCounterRateLimiter, key: str) -> bool:
        return await limiter.test(self._item, key)

    async def _hit(self, limiter: SlidingWindowCounterRateLimiter, key: str) -> RateLimitStatus:
        allowed = await limiter.hit(self._item, key)
        stats = await limiter.get_window_stats(self._item, key)
        left = stats.reset_time - time.time()
        # The library reports a window that has just begun as one that ends now.
        reset = WINDOW_SECONDS if allowed and left <= 0 else max(1, math.ceil(left))
        return RateLimitStatus(allowed, self._item.amount, max(0, stats.remaining), reset)

    def _redis_failed(self, error: Exception) -> None:
        self._postpone_retry()
        if not self._away:
            self._away = True
            log.warning("limits.redis_away", error=str(error))

    def _postpone_retry(self) -> None:
        self._retry_at = time.monotonic() + REDIS_RETRY_AFTER


def _redis_limiter(
    url: str,
) -> tuple[SlidingWindowCounterRateLimiter, tuple[type[Exception], ...]]:
    """Return a limiter that counts in Redis, and the exceptions it raises while Redis is away."""
    # redis takes long to import, and most installations do not use it.
    from redis.exceptions import RedisError  # noqa: PLC0415

    timeouts: dict[str, Any] = {
        "socket_timeout": REDIS_TIMEOUT,
        "socket_connect_timeout": REDIS_TIMEOUT,
    }
    storage = RedisStorage(f"async+{url}", implementation="redispy", **timeouts)
    return SlidingWindowCounterRateLimiter(storage), (RedisError, OSError)
