"""The number of viewers at this moment."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

SILENCE = timedelta(seconds=30)
"""Time after which a player that tells nothing is taken for one that does not play. Players tell
every ten seconds what was watched."""
WATCHING = text(
    "SELECT count(DISTINCT view) FROM analytics_events"
    " WHERE at >= :since AND at <= :now AND subjects @> ARRAY[CAST(:subject AS text)]"
    " AND kind IN ('play', 'start', 'watch', 'loaded')"
)


def watching(session: Session, subject: str, now: datetime) -> int:
    """Return how many pages play something of a subject."""
    values = {"subject": subject, "since": now - SILENCE, "now": now}
    return session.scalar(WATCHING, values) or 0
