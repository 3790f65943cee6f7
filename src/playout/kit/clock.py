"""The time, in one place, so that it can be passed on rather than asked for."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Now, with its zone: UTC."""
    return datetime.now(UTC)
