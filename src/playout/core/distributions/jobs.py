"""The jobs of distributions, by name."""

from procrastinate import JobContext

from playout.core.distributions import queries
from playout.core.distributions.delivery import packaging_status, production_media
from playout.core.distributions.model import Distribution
from playout.core.distributions.transitions import record_due_transitions
from playout.core.principal import WORKER
from playout.core.unit import Origin, WriteUnit
from playout.core.videos import queries as videos
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
        due = queries.due_for_transition(unit)
    for video_id in due:
        with runtime.work.write(WORKER, Origin("jobs", str(video_id))) as unit:
            record_due_transitions(unit, video_id)


def announce_changes(unit: WriteUnit, video_id: int) -> None:
    """Record `distribution.updated` for each whose status has changed since it was last told."""
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
