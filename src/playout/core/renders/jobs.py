"""Jobs that remove renders that have expired, and segments that no film shows any more."""

from playout.core.processing.resources import Resources
from playout.core.renders import queries
from playout.kit.clock import utcnow
from playout.kit.jobs import job, periodic_job
from playout.kit.storage.listing import delete_files

BATCH = 500
"""Films of one transaction."""


@job(name="renders.remove_segments", queue="upkeep")
def remove_segments(resources: Resources, files: list[str]) -> None:
    """Remove the files of segments that no film shows any more."""
    delete_files(resources.storage, files)


@periodic_job(name="renders.remove_expired", queue="upkeep", cron="*/10 * * * *")
def remove_expired(resources: Resources) -> None:
    """Remove renders that have expired, and what shares no longer show."""
    while _remove_some(resources):
        pass
    last = ""
    while True:
        with resources.database.write_session() as session:
            films = queries.films_after(session, last, BATCH)
            digests = queries.delete_outdated_uses(session, films)
            files = queries.delete_unused(session, digests)
        delete_files(resources.storage, files)
        if not films:
            return
        last = films[-1]


def _remove_some(resources: Resources) -> int:
    with resources.database.write_session() as session:
        ended = queries.expired(session, utcnow(), BATCH)
        digests = queries.delete_uses(session, [each.slug for each in ended])
        for render in ended:
            session.delete(render)
        session.flush()
        files = queries.delete_unused(session, digests)
    delete_files(resources.storage, files)
    return len(ended)
