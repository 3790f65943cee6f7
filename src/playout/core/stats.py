"""Numbers of the whole installation, for monitoring: rows of labels, each followed by a number.

Monitoring asks often, so that it must neither wait nor keep others waiting: each query is cancelled
after two seconds.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from playout.kit.database.statements import time_limit

StatQuery = Callable[[Session], list[tuple[Any, ...]]]

MOST_SECONDS = 2
QUEUES = text(
    "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') GROUP BY 1, 2"
)
DELIVERIES = text("SELECT state, count(*) FROM webhook_deliveries GROUP BY 1")
LEDGER_DELAY = text(
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)"
    " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
)


def queues(session: Session) -> list[tuple[Any, ...]]:
    """Return the jobs that wait or run, by queue and state."""
    return _rows(session, QUEUES)


def deliveries(session: Session) -> list[tuple[Any, ...]]:
    """Return the deliveries of webhooks, by state."""
    return _rows(session, DELIVERIES)


def ledger_delay(session: Session) -> list[tuple[Any, ...]]:
    """Return the age of the oldest transaction that writes, in seconds."""
    return _rows(session, LEDGER_DELAY)


def _rows(session: Session, query: TextClause) -> list[tuple[Any, ...]]:
    with time_limit(session, MOST_SECONDS):
        return [tuple(row) for row in session.execute(query)]
