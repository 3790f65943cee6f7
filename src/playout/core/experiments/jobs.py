"""The job that counts the days of experiments."""

from typing import Protocol

from playout.core.experiments import queries
from playout.core.experiments.counting import keep_days
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.jobs import periodic_job

AT_ONCE = 20
"""Experiments of one transaction."""


class Resources(Protocol):
    """The parts of the runtime that the job uses."""

    @property
    def database(self) -> Database: ...


@periodic_job(
    name="experiments.count_days", queue="upkeep", cron="7 * * * *", lock="experiments.count_days"
)
def count_days(resources: Resources) -> None:
    """Count the days that are over, of all experiments that were shown on them."""
    today = utcnow().date()
    while True:
        with resources.database.write_session() as session:
            found = queries.uncounted(session, today, AT_ONCE)
            for experiment in found:
                keep_days(session, experiment, today)
        if not found:
            return
