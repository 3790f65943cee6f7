"""What follows from an attempt: whether it is over, and when it is tried again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from playout.core.webhooks.model import DeliveryState

JITTER = 0.1
"""How much longer than the schedule says a retry may wait, so that not all come back at once."""
LONGEST = timedelta(days=1)
"""How long a receiver may have us wait."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt at a delivery. `status` is None where there was no answer: `error` says why.

    `retry_after` is what the receiver said, in the words of its header.
    """

    delivery_id: int
    tries: int
    """How many there were before."""
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
class Outcome:
    """Where a delivery stands after an attempt; `next_at` is when it is due where it is pending."""

    state: DeliveryState
    next_at: datetime


def outcome(tried: Tried, retries: Sequence[float], now: datetime) -> Outcome:
    """`retries` are the seconds before each further attempt."""
    if tried.succeeded:
        return Outcome(DeliveryState.DELIVERED, now)
    if tried.status == GONE or tried.tries >= len(retries):
        return Outcome(DeliveryState.FAILED, now)
    scheduled = timedelta(seconds=retries[tried.tries] * (1 + JITTER * random.random()))  # noqa: S311
    return Outcome(DeliveryState.PENDING, now + max(scheduled, asked_to_wait(tried, now)))


def asked_to_wait(tried: Tried, now: datetime) -> timedelta:
    """How long the receiver wants to be left alone (RFC 9110, section 10.2.3); a day at the most.

    What cannot be understood asks for nothing.
    """
    text = (tried.retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), LONGEST.total_seconds()))
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError):
        return timedelta(0)
    return max(timedelta(0), min(wait, LONGEST))
