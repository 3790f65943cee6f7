"""Repair of a ledger that was restored into another cluster, whose transactions count anew."""

from sqlalchemy import text

from playout.kit.database.engine import Database

FUTURE = "xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
ANY = text(f"SELECT EXISTS (SELECT FROM ledger WHERE {FUTURE})")  # noqa: S608  our own text
STEPS = (
    "SET LOCAL statement_timeout = 0",
    "LOCK TABLE ledger",
    "ALTER TABLE ledger DISABLE TRIGGER ledger_is_append_only",
    f"UPDATE ledger SET xid = 0 WHERE {FUTURE}",  # noqa: S608
    "ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only",
)


def move_future_events_to_start(database: Database) -> None:
    """Move the events of transactions that this cluster has not reached before all others.

    Without that, nobody could read them until the cluster gets there, and new events would come
    before them.
    """
    with database.read_session() as session:
        if not session.scalar(ANY):
            return
    with database.write_session() as session:
        for step in STEPS:
            session.execute(text(step))
