"""Jobs that run by the clock, whatever callers do."""

from playout.core.maintenance.garbage_collection import collect_garbage
from playout.core.maintenance.resources import Resources
from playout.core.maintenance.superseded import remove_superseded_renditions
from playout.core.media import queries as media
from playout.core.videos import counts
from playout.kit.clock import utcnow
from playout.kit.http.idempotency import delete_expired_answers
from playout.kit.jobs import periodic_job


@periodic_job(name="upkeep.forget_answers", queue="upkeep", cron="17 * * * *")
def delete_old_answers(resources: Resources) -> None:
    """Delete the answers to idempotency keys that are a day old."""
    with resources.database.write_session() as session:
        delete_expired_answers(session, utcnow())


@periodic_job(name="upkeep.add_up_counts", queue="upkeep", cron="*/2 * * * *")
def add_up_counts(resources: Resources) -> None:
    """Add up the counts of videos, so that they stay quick to read."""
    with resources.database.write_session() as session:
        counts.compact(session)


@periodic_job(
    name="upkeep.sweep_storage",
    queue="upkeep",
    cron="29 3 * * *",
    lock="upkeep.sweep_storage",
)
def collect_storage_garbage(resources: Resources) -> None:
    """Remove from the storage what no row names, and what was deleted long ago."""
    with resources.database.write_session() as session:
        media.delete_ended_replaced(session, utcnow())
    remove_superseded_renditions(resources)
    collect_garbage(resources)
