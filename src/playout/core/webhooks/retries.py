"""The consequence of an attempt: the delivery ends, or it is retried later."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from playout.core.webhooks.model import DeliveryState

JITTER = 0.1
"""Share by which a retry may wait longer than scheduled, so that not all come at once."""
MAX_RETRY_AFTER = timedelta(days=1)
"""Longest wait that a receiver may ask for."""
GONE = 410


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The result of one attempt. `status` is None without an answer; `error` then says why.

    `retry_after` is the header of that name, exactly as the receiver sent it.
    """

    delivery_id: int
    tries: int
    """The number of earlier attempts."""
    at: datetime
    duration_ms: int
    status: int | None = None
    answer: bytes = b""
    error: str | None = None
    retry_after: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class NextState:
    """The state of a delivery after an attempt; a pending one is due at `next_at`."""

    state: DeliveryState
    next_at: datetime


def next_state(result: AttemptResult, retries: Sequence[float], now: datetime) -> NextState:
    """Return the next state; `retries` are the seconds before each further attempt."""
    if result.succeeded:
        return NextState(DeliveryState.DELIVERED, now)
    if result.status == GONE or result.tries >= len(retries):
        return NextState(DeliveryState.FAILED, now)
    seconds = retries[result.tries] * (1 + JITTER * random.random())  # noqa: S311  no secret
    wait = max(timedelta(seconds=seconds), retry_after(result, now))
    return NextState(DeliveryState.PENDING, now + wait)


def retry_after(result: AttemptResult, now: datetime) -> timedelta:
    """Return how long the receiver asks us to wait (RFC 9110, section 10.2.3), up to a day.

    A header that cannot be understood asks for nothing.
    """
    text = (result.retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), MAX_RETRY_AFTER.total_seconds()))
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError):
        return timedelta(0)
    return max(timedelta(0), min(wait, MAX_RETRY_AFTER))
