"""Writing events: in batches, each into the partition of its day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.core.analytics.events import Kind
from playout.kit.database.statements import copy_rows

PARTITION = "analytics_events_"
DAY = "%Y%m%d"
PARTITION_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('analytics_events'))")
PARTITIONS = text(
    "SELECT inhrelid::regclass::text FROM pg_inherits"
    " WHERE inhparent = 'analytics_events'::regclass"
)


class Row(NamedTuple):
    """A row of `analytics_events`, in the order of its columns."""

    at: datetime
    subjects: list[str]
    view: int
    visitor: int
    kind: Kind
    country: str
    device: str
    referrer: str
    site: str
    rendition: str | None
    from_ms: int | None
    to_ms: int | None
    ms: int | None


COPY = f"COPY analytics_events ({', '.join(Row._fields)}) FROM STDIN"


def start_of(day: date) -> datetime:
    """Return the moment at which a day (UTC) begins."""
    return datetime.combine(day, time(), UTC)


def create_partition(session: Session, day: date) -> None:
    """Create the partition of a day (UTC), unless it exists."""
    # Two processes that create the same table at once would fail.
    session.execute(PARTITION_LOCK)
    session.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {_name(day)} PARTITION OF analytics_events"
            f" FOR VALUES FROM ('{start_of(day).isoformat()}')"
            f" TO ('{start_of(day + timedelta(1)).isoformat()}')"
        )
    )


def has_partition(session: Session, day: date) -> bool:
    """Return whether the partition of a day (UTC) exists."""
    return session.scalar(text("SELECT to_regclass(:name)"), {"name": _name(day)}) is not None


def days_with_events(session: Session) -> list[date]:
    """Return the days (UTC) that have a partition, in their order."""
    names = (each.removeprefix(PARTITION) for each in session.scalars(PARTITIONS))
    return sorted(datetime.strptime(each, DAY).date() for each in names)  # noqa: DTZ007


def drop_partitions(session: Session, before: date) -> None:
    """Drop the events of all days (UTC) before one."""
    for day in days_with_events(session):
        if day < before:
            session.execute(text(f"DROP TABLE IF EXISTS {_name(day)}"))


def write_rows(session: Session, rows: Iterable[Row]) -> None:
    """Write rows. The partitions of their days must exist."""
    copy_rows(session, COPY, rows)


def _name(day: date) -> str:
    return f"{PARTITION}{day.strftime(DAY)}"
