"""The jobs of processing."""

from uuid import UUID

from procrastinate import JobContext, RetryStrategy

from playout.core.processing import posters
from playout.core.processing.ingest import IngestJob
from playout.core.processing.ladder import LadderJob
from playout.core.processing.pictures import PicturesJob
from playout.kit.errors import Unavailable
from playout.kit.jobs import registry
from playout.transcode.errors import WorkCancelled

ATTEMPTS = 10
RETRY = RetryStrategy(
    max_attempts=ATTEMPTS, exponential_wait=2, retry_exceptions=[Unavailable, WorkCancelled]
)


@registry.task(name="videos.ingest", queue="media", pass_context=True, retry=RETRY)
def ingest(context: JobContext, asset_id: str) -> None:
    """Make a source playable and promote it."""
    left = ATTEMPTS - context.job.attempts
    IngestJob(context.additional_context["runtime"], UUID(asset_id), left).run()


@registry.task(name="videos.ladder", queue="ladder", pass_context=True, retry=RETRY)
def climb(context: JobContext, asset_id: str) -> None:
    """Make the renditions of what plays already."""
    left = ATTEMPTS - context.job.attempts
    LadderJob(context.additional_context["runtime"], UUID(asset_id), left).run()


@registry.task(name="videos.pictures", queue="pictures", pass_context=True, retry=RETRY)
def take_pictures(context: JobContext, asset_id: str) -> None:
    """Make posters, storyboard and preview of what plays already."""
    left = ATTEMPTS - context.job.attempts
    PicturesJob(context.additional_context["runtime"], UUID(asset_id), left).run()


@registry.task(name="videos.poster", queue="media", pass_context=True, retry=RETRY)
def draw_poster(context: JobContext, video_id: int, claim: str, seconds: float) -> None:
    """Make the poster that was asked for."""
    posters.draw(context.additional_context["runtime"], video_id, UUID(claim), seconds)
