"""A ledger that was brought from another cluster, whose transactions have other numbers."""

from sqlalchemy import text

from playout.kit.db import Database

AHEAD = "xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
FOUND = text(f"SELECT EXISTS (SELECT FROM ledger WHERE {AHEAD})")  # noqa: S608  our own text
STEPS = (
    "SET LOCAL statement_timeout = 0",
    "LOCK TABLE ledger",
    "ALTER TABLE ledger DISABLE TRIGGER ledger_is_append_only",
    f"UPDATE ledger SET xid = 0 WHERE {AHEAD}",  # noqa: S608
    "ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only",
)


def settle(database: Database) -> None:
    """Put rows of transactions that this cluster has not come to before all others.

    They could not be followed before it does, and what happens now would stand before them.
    """
    with database.reading() as session:
        if not session.scalar(FOUND):
            return
    with database.writing() as session:
        for step in STEPS:
            session.execute(text(step))
