"""The lifetime of grants, and with it that of files that a player may have begun to play."""

from datetime import UTC, datetime

DAYS = 2
DAY_SECONDS = 86_400


def grant_end(now: datetime) -> datetime:
    """Return when a grant that is made now ends: at the end of the next day (UTC)."""
    days = int(now.timestamp()) // DAY_SECONDS + DAYS
    return datetime.fromtimestamp(days * DAY_SECONDS, UTC)
