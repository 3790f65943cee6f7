"""Previews: what a viewer would get of a production, at another time and in another place."""

from dataclasses import dataclass
from datetime import datetime

from playout.core.distributions import productions, queries, service
from playout.core.distributions.campaigns import Campaign, Viewer
from playout.core.distributions.model import Activation
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer for one viewer at one time, with a sentence for each reason against it."""

    at: datetime
    viewer: Viewer
    plays: bool
    """True if the production plays for the viewer through its distributions."""
    matches: bool
    """True if the activation that was asked about admits the viewer."""
    admitted_by: int | None
    """The id of an activation that admits the viewer: the one asked about, if it does."""
    reasons: list[str]


def preview(
    unit: ReadUnit, production_id: int, activation_id: int, viewer: Viewer, at: datetime | None
) -> Preview:
    """Return what the viewer would get at the time `at`; None is now. Raise `NotFound`."""
    video = productions.get(unit, production_id)
    asked = service.get(unit, Activation, video, activation_id)
    at = at or unit.now
    reasons = Campaign.parse(asked.settings).reasons_against(viewer, at)
    admitting = [
        each.id
        for each in queries.all_of(unit, Activation, video)
        if Campaign.parse(each.settings).admits(viewer, at)
    ]
    missing = _missing(video)
    return Preview(
        at=at,
        viewer=viewer,
        plays=bool(admitting) and not missing,
        matches=not reasons,
        admitted_by=_choose(asked.id, admitting),
        reasons=missing + reasons,
    )


def _missing(video: Video) -> list[str]:
    """Return what the production lacks, so that it plays for nobody."""
    missing = []
    if video.is_draft:
        missing.append("The production is not published.")
    if not video.playable:
        missing.append("The production has no final video yet.")
    return missing


def _choose(asked: int, admitting: list[int]) -> int | None:
    if asked in admitting:
        return asked
    return admitting[0] if admitting else None
