"""The job of distributions: it records transitions that no request caused."""

from playout.core.distributions import queries
from playout.core.distributions.delivery import packaging_status, production_media
from playout.core.distributions.model import Distribution
from playout.core.distributions.resources import Resources
from playout.core.principal import WORKER
from playout.core.unit import Origin, WriteUnit
from playout.core.videos import queries as videos
from playout.core.videos.model import Video
from playout.kit.jobs import job


@job(name="distributions.announce", queue="upkeep")
def announce(resources: Resources, video_id: int) -> None:
    """Record the statuses of a video's distributions, where they have changed."""
    with resources.work.write(WORKER, Origin("jobs", str(video_id))) as unit:
        record_statuses(unit, video_id)


def announce_later(unit: WriteUnit, video: Video) -> None:
    """Defer `announce`, because the statuses of a video's distributions may have changed."""
    # A video without an id has not been inserted yet, and so has no distributions.
    if video.id is not None:
        unit.defer(announce, video.id)


def record_statuses(unit: WriteUnit, video_id: int) -> None:
    """Record `distribution.updated` for each distribution whose status has changed."""
    video = videos.for_update(unit, video_id)
    distributions = queries.all_of(unit, Distribution, video) if video else []
    if video is None or not distributions:
        return
    media = production_media(unit, video)
    for each in distributions:
        before, each.announced = each.announced, packaging_status(each, media).status
        if each.announced is not before:
            changes = {"status": [before, each.announced]}
            unit.record("distribution.updated", each.subject, changes)
