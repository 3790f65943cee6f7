"""The job that counts the days of experiments."""

from typing import Protocol

from sqlalchemy import func, or_, select

from playout.core.experiments.counting import keep_days
from playout.core.experiments.model import Experiment
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.jobs import periodic_job


class Resources(Protocol):
    """The parts of the runtime that the job uses."""

    @property
    def database(self) -> Database: ...


@periodic_job(
    name="experiments.count_days", queue="upkeep", cron="7 * * * *", lock="experiments.count_days"
)
def count_days(resources: Resources) -> None:
    """Count the days that are over of experiments that run, or ended since they were counted."""
    today = utcnow().date()
    through = Experiment.counted_through
    is_uncounted = or_(through.is_(None), through < func.date(Experiment.ended_at))
    query = select(Experiment.id).where(or_(Experiment.ended_at.is_(None), is_uncounted))
    with resources.database.read_session() as session:
        ids = list(session.scalars(query))
    for experiment_id in ids:
        with resources.database.write_session() as session:
            keep_days(session, session.get_one(Experiment, experiment_id), today)
