"""Previews: what a viewer would get of a production, at another time and in another place."""

from dataclasses import dataclass
from datetime import datetime

from playout.core.distributions import productions, queries
from playout.core.distributions.campaigns import Campaign, Viewer
from playout.core.distributions.model import Activation
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video
from playout.kit.errors import require_found


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


@dataclass(frozen=True, slots=True)
class ProductionPreview:
    """The answer of a whole production for one viewer at one time."""

    at: datetime
    viewer: Viewer
    plays: bool
    """True if the production plays for the viewer through its distributions."""
    missing: list[str]
    """A sentence for each thing that the production lacks, so that it plays for nobody."""
    answers: list[tuple[Activation, list[str]]]
    """Its activations, oldest first, with a sentence for each reason against the viewer."""


def preview_production(
    unit: ReadUnit, production_id: int, viewer: Viewer, at: datetime | None
) -> ProductionPreview:
    """Return what the viewer would get at the time `at`; None is now. Raise `NotFound`.

    A production without activations plays for everybody.
    """
    video = productions.get(unit, production_id)
    at = at or unit.now
    answers = [
        (each, Campaign.parse(each.settings).reasons_against(viewer, at))
        for each in queries.all_of(unit, Activation, video)
    ]
    missing = _missing(video)
    is_admitted = not answers or any(not reasons for _, reasons in answers)
    return ProductionPreview(at, viewer, is_admitted and not missing, missing, answers)


def preview(
    unit: ReadUnit, production_id: int, activation_id: int, viewer: Viewer, at: datetime | None
) -> Preview:
    """Return what the viewer would get at the time `at`; None is now. Raise `NotFound`."""
    whole = preview_production(unit, production_id, viewer, at)
    reasons_by_id = {activation.id: reasons for activation, reasons in whole.answers}
    asked = require_found(reasons_by_id.get(activation_id), Activation.noun())
    admitting = [id for id, reasons in reasons_by_id.items() if not reasons]
    return Preview(
        at=whole.at,
        viewer=viewer,
        plays=whole.plays,
        matches=not asked,
        admitted_by=_choose(activation_id, admitting),
        reasons=whole.missing + asked,
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
