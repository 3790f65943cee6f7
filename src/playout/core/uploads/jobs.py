"""The jobs of uploads: joining what came in, and sweeping what never did."""

from uuid import UUID

from procrastinate import JobContext, RetryStrategy

from playout.core.media.model import Asset
from playout.core.unit import WriteUnit
from playout.core.uploads import queries
from playout.core.uploads.joining import join
from playout.core.uploads.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, StorageFull, Unavailable
from playout.kit.jobs import registry
from playout.kit.storage.multipart import Parts

ATTEMPTS = 10
SWEPT_AT_ONCE = 100


@registry.task(
    name="uploads.join",
    queue="uploads",
    pass_context=True,
    retry=RetryStrategy(
        max_attempts=ATTEMPTS,
        exponential_wait=2,
        retry_exceptions=[NotFound, StorageFull, Unavailable],
    ),
)
def join_parts(context: JobContext, asset_id: str) -> None:
    """Make one file of a whole upload, and have it made playable."""
    last_try = context.job.attempts >= ATTEMPTS
    join(context.additional_context["runtime"], UUID(asset_id), last_try)


@registry.periodic(cron="41 * * * *")
@registry.task(
    name="uploads.sweep", queue="upkeep", queueing_lock="uploads.sweep", pass_context=True
)
def sweep(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove the uploads whose time is over."""
    while sweep_some(context.additional_context["runtime"]):
        pass


def start_join(unit: WriteUnit, asset: Asset) -> None:
    """Defer the joining of the parts of an asset that waits, if it has no source yet."""
    if not asset.has_source:
        unit.defer("uploads.join", asset_id=str(asset.id))


def sweep_some(resources: Resources) -> bool:
    """Remove some expired uploads, their parts first; False when there are none left."""
    with resources.database.reading() as session:
        uploads = queries.expired(session, utcnow(), SWEPT_AT_ONCE)
    for upload in uploads:
        Parts(resources.storage).delete_all(upload.folder)
    with resources.database.writing() as session:
        queries.forget(session, uploads)
    return bool(uploads)
