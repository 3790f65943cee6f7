"""The job that removes recipients who have expired, with their personal data."""

from datetime import timedelta

from playout.core.principal import WORKER
from playout.core.recipients import queries
from playout.core.recipients.resources import Resources
from playout.core.recipients.service import recipients_removed
from playout.core.unit import Origin
from playout.kit.jobs import periodic_job

BATCH = 2_000
"""Recipients of one transaction."""
IMPORT_DAYS = 30
"""Days for which an import can be read of which no recipient is left."""


@periodic_job(name="recipients.remove_expired", queue="upkeep", cron="*/10 * * * *")
def remove_expired(resources: Resources) -> None:
    """Remove recipients who have expired, and imports of which none is left."""
    while _remove_some(resources):
        pass
    with resources.work.write(WORKER, Origin("jobs")) as unit:
        queries.delete_old_imports(unit.session, unit.now - timedelta(days=IMPORT_DAYS))


def _remove_some(resources: Resources) -> int:
    with resources.work.write(WORKER, Origin("jobs")) as unit:
        codes = queries.delete_expired(unit.session, unit.now, BATCH)
        recipients_removed(unit, codes)
    return len(codes)
