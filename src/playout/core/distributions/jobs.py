"""The jobs of distributions, by name."""

from procrastinate import JobContext

from playout.core.distributions import queries
from playout.core.distributions.delivery import made_of, standing
from playout.core.distributions.model import Distribution
from playout.core.distributions.transitions import tell_turned
from playout.core.principal import WORKER
from playout.core.unit import Origin, WriteUnit
from playout.core.videos import queries as videos
from playout.core.videos.model import Video
from playout.kit.jobs import registry


@registry.task(name="distributions.announce", queue="upkeep", pass_context=True)
def announce(context: JobContext, video_id: int) -> None:
    """Tell the ledger which distributions of a video stand otherwise than it told last."""
    runtime = context.additional_context["runtime"]
    with runtime.work.write(WORKER, Origin("jobs", str(video_id))) as unit:
        announce_changes(unit, video_id)


@registry.periodic(cron="* * * * * */10")  # the sixth field is the seconds
@registry.task(
    name="activations.tell", queue="upkeep", queueing_lock="activations.tell", pass_context=True
)
def tell_of_activations(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Tell the ledger which activations have begun or ended."""
    runtime = context.additional_context["runtime"]
    with runtime.work.read(WORKER) as unit:
        turned = queries.turned(unit)
    for video_id in turned:
        with runtime.work.write(WORKER, Origin("jobs", str(video_id))) as unit:
            tell_turned(unit, video_id)


def announce_later(unit: WriteUnit, video: Video) -> None:
    """Defer the announcement of the statuses of a video's distributions, which may have changed."""
    # A video without an id has not been entered yet, and so has no distributions.
    if video.id is not None:
        unit.defer("distributions.announce", video_id=video.id)


def announce_changes(unit: WriteUnit, video_id: int) -> None:
    """Record `distribution.updated` for each whose status has changed since it was last told."""
    video = videos.for_update(unit, video_id)
    distributions = queries.every(unit, Distribution, video) if video else []
    if video is None or not distributions:
        return
    made = made_of(unit, video)
    for each in distributions:
        before, each.announced = each.announced, standing(each, made).status
        if each.announced is not before:
            changes = {"status": [before, each.announced]}
            unit.record("distribution.updated", each.subject(video), changes)
