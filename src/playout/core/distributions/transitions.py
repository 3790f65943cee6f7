"""Campaigns that begin and end. What viewers see follows from the clock; this only tells of it."""

from playout.core.distributions import queries
from playout.core.distributions.model import Activation
from playout.core.distributions.schedule import ActivationStatus
from playout.core.unit import WriteUnit
from playout.core.videos import queries as videos
from playout.core.videos.model import Video

EVENTS = {
    ActivationStatus.LIVE: "activation.started",
    ActivationStatus.ENDED: "activation.ended",
}


def tell(unit: WriteUnit, activation: Activation, video: Video) -> None:
    """Record that it has begun or is over, if that was not told yet."""
    before = activation.announced
    activation.note(unit.now)
    event = EVENTS.get(activation.announced)
    if activation.announced is not before and event is not None:
        changes = {"status": [before, activation.announced]}
        unit.record(event, activation.subject(video), changes)


def tell_turned(unit: WriteUnit, video_id: int) -> None:
    """As `tell` does, for all of a production whose time has come."""
    video = videos.for_update(unit, video_id)
    if video is None:
        return
    for each in queries.every(unit, Activation, video):
        if each.turns_at is not None and each.turns_at <= unit.now:
            tell(unit, each, video)
