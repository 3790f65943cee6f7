"""Jobs that count the days that are over, and forget what is old."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from playout.core.analytics.counting import COUNT_DAY, COUNT_SECONDS_OF_DAY
from playout.core.analytics.model import COUNTS, REPORTED_VIEWS, ROLLED_DAYS, SECONDS
from playout.core.analytics.totals import changed_since, recently_played, update_totals
from playout.core.analytics.visitors import destroy_salts
from playout.core.analytics.writing import days_with_events, drop_partitions, start_of
from playout.core.principal import WORKER
from playout.core.unit import Origin, Work
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.jobs import periodic_job
from playout.settings import Settings

TOTAL = ""
"""The dimension of counts that are not divided. Those of whole days are kept for ever."""
LATELY = timedelta(minutes=10)
"""The time before a run in which it looks for events, should the runs before it have failed."""
VIDEOS_AT_ONCE = 500
ORIGIN = Origin("jobs")
LIMITS = ("SET LOCAL statement_timeout = '30min'", "SET LOCAL transaction_timeout = '60min'")
"""A day with millions of events takes minutes to count."""


class Resources(Protocol):
    """The parts of the runtime that the jobs of analytics use."""

    @property
    def database(self) -> Database: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def work(self) -> Work: ...


@periodic_job(name="analytics.roll_up", queue="upkeep", cron="3 * * * *", lock="analytics.roll_up")
def roll_up(resources: Resources) -> None:
    """Count the days that are over, destroy their salts, and delete what is too old."""
    today = utcnow().date()
    with resources.database.write_session() as session:
        destroy_salts(session, today)
        session.execute(delete(REPORTED_VIEWS).where(REPORTED_VIEWS.c.day < today))
        uncounted = [each for each in days_with_events(session) if each < today]
        uncounted = [each for each in uncounted if not _is_counted(session, each)]
    for day in uncounted:
        with resources.database.write_session() as session:
            count_day(session, day)
    with resources.database.write_session() as session:
        delete_old(session, today, resources.settings)
    with resources.database.read_session() as session:
        subjects = recently_played(session)
    _update_totals(resources, subjects)


@periodic_job(
    name="analytics.update_totals", queue="upkeep", cron="* * * * *", lock="analytics.roll_up"
)
def update_videos(resources: Resources) -> None:
    """Write the totals of the videos that were watched lately into their rows."""
    with resources.database.read_session() as session:
        subjects = changed_since(session, utcnow() - LATELY)
    _update_totals(resources, subjects)


def _update_totals(resources: Resources, subjects: Sequence[str]) -> None:
    for start in range(0, len(subjects), VIDEOS_AT_ONCE):
        with resources.work.write(WORKER, ORIGIN) as unit:
            update_totals(unit, subjects[start : start + VIDEOS_AT_ONCE], utcnow().date())


def count_day(session: Session, day: date) -> None:
    """Count the events of a day (UTC) that is over. It counts no day twice."""
    for limit in LIMITS:
        session.execute(text(limit))
    marked = session.scalars(
        insert(ROLLED_DAYS).values(day=day).on_conflict_do_nothing().returning(ROLLED_DAYS.c.day)
    )
    if not marked.all():
        return
    span = {"start": start_of(day), "end": start_of(day + timedelta(1))}
    session.execute(text(COUNT_DAY), span)
    session.execute(text(COUNT_SECONDS_OF_DAY), span)


def delete_old(session: Session, today: date, settings: Settings) -> None:
    """Delete events and counts that are older than the settings say."""
    drop_partitions(session, today - timedelta(settings.analytics_event_days))
    end = start_of(today - timedelta(settings.analytics_days))
    is_total = COUNTS.c.whole_day & (COUNTS.c.dimension == TOTAL)
    session.execute(delete(COUNTS).where(COUNTS.c.at < end, ~is_total))
    session.execute(delete(SECONDS).where(SECONDS.c.at < end))


def _is_counted(session: Session, day: date) -> bool:
    return session.scalar(select(ROLLED_DAYS.c.day).where(ROLLED_DAYS.c.day == day)) is not None
