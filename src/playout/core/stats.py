"""How the installation stands, in figures for those who watch over it: labels, and then a number.

Whoever asks often must not wait, nor keep others waiting: each look is given up after two seconds.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

Look = Callable[[Session], list[tuple[Any, ...]]]

PATIENCE = text("SET LOCAL statement_timeout = '2s'")
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
    """Jobs that wait or run, by queue and state."""
    return _look(session, QUEUES)


def deliveries(session: Session) -> list[tuple[Any, ...]]:
    """Deliveries of webhooks that are kept, by state."""
    return _look(session, DELIVERIES)


def ledger_delay(session: Session) -> list[tuple[Any, ...]]:
    """Seconds that the oldest transaction has been writing for."""
    return _look(session, LEDGER_DELAY)


def _look(session: Session, query: TextClause) -> list[tuple[Any, ...]]:
    session.execute(PATIENCE)
    return [tuple(row) for row in session.execute(query)]
