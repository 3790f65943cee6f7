"""The events of campaigns that begin and end.

Whether a campaign runs follows from the clock. Only its events need a ticker.
"""

from playout.core.distributions import queries
from playout.core.distributions.model import Activation
from playout.core.distributions.schedule import ActivationStatus
from playout.core.unit import WriteUnit
from playout.core.videos import queries as videos

EVENTS = {
    ActivationStatus.LIVE: "activation.started",
    ActivationStatus.ENDED: "activation.ended",
}


def record_transition(unit: WriteUnit, activation: Activation) -> None:
    """Record that a campaign has begun or ended, unless that was recorded before."""
    before = activation.announced
    activation.mark_announced(unit.now)
    if activation.announced is not before:
        _record(unit, activation, before, activation.announced)


def record_due_transitions(unit: WriteUnit, video_id: int) -> None:
    """Record the transitions of every activation of a production that are due.

    A campaign that began and ended while Playout was down has both events.
    """
    video = videos.lock_if_free(unit, video_id)
    if video is None:
        return
    for each in queries.all_of(unit, Activation, video):
        if each.turns_at is None or each.turns_at > unit.now:
            continue
        has_ended = each.status(unit.now) is ActivationStatus.ENDED
        if has_ended and each.announced is ActivationStatus.SCHEDULED:
            _record(unit, each, each.announced, ActivationStatus.LIVE)
            each.announced = ActivationStatus.LIVE
        record_transition(unit, each)


def _record(
    unit: WriteUnit, activation: Activation, before: ActivationStatus, after: ActivationStatus
) -> None:
    event = EVENTS.get(after)
    if event is not None:
        # Time has passed; nobody has changed the activation.
        unit.record(event, activation.subject, {"status": [before, after]})
