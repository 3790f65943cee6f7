"""The jobs of uploads: join the parts of a complete one, and remove expired ones."""

from uuid import UUID

from procrastinate import RetryStrategy

from playout.core.media.model import Asset
from playout.core.unit import WriteUnit
from playout.core.uploads import queries
from playout.core.uploads.joining import join
from playout.core.uploads.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, StorageFull, Unavailable
from playout.kit.jobs import Attempt, job, periodic_job
from playout.kit.storage.multipart import MultipartStore

BATCH = 100
"""Expired uploads that are removed in one transaction."""
RETRY = RetryStrategy(
    max_attempts=10, exponential_wait=2, retry_exceptions=[NotFound, StorageFull, Unavailable]
)


@job(name="uploads.join", queue="uploads", retry=RETRY, pass_attempt=True)
def join_parts(resources: Resources, attempt: Attempt, asset_id: UUID) -> None:
    """Join the parts of a complete upload into the source of its asset."""
    join(resources, asset_id, last_try=attempt.left <= 0)


def start_join(unit: WriteUnit, asset: Asset) -> None:
    """Defer the joining of the parts of an asset that waits, if it has no source yet."""
    if not asset.has_source:
        unit.defer(join_parts, asset.id)


@periodic_job(name="uploads.sweep", queue="upkeep", cron="41 * * * *")
def remove_expired(resources: Resources) -> None:
    """Remove the uploads that have expired."""
    while remove_some_expired(resources):
        pass


def remove_some_expired(resources: Resources) -> bool:
    """Remove some expired uploads, their parts first. Return False if there are none left."""
    with resources.database.read_session() as session:
        uploads = queries.expired(session, utcnow(), BATCH)
    for upload in uploads:
        MultipartStore(resources.storage).delete_all(upload.folder)
    with resources.database.write_session() as session:
        queries.remove(session, uploads)
    return bool(uploads)
