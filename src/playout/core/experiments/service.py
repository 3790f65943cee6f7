"""Use cases of experiments: list, create, stop, decide, and what came of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from playout.core.analytics.subjects import variant_subject
from playout.core.experiments import counting, queries
from playout.core.experiments.model import (
    Experiment,
    Goal,
    Look,
    PageLook,
    Variant,
)
from playout.core.experiments.statistics import (
    MISMATCH,
    Counted,
    Difference,
    difference,
    ratio_p_value,
)
from playout.core.ledger.model import FieldChanges, differences
from playout.core.permissions import Permission
from playout.core.publications import queries as publications
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Conflict, Invalid, require_found

NOUN = "experiment"


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an experiment so far. `differences` are those from the first variant."""

    counted: dict[str, Counted]
    differences: dict[str, Difference | None]
    ratio_p_value: float

    @property
    def is_mismatched(self) -> bool:
        """Return whether visitors were not divided as asked: then no difference means anything."""
        return self.ratio_p_value < MISMATCH


def page(unit: ReadUnit, video_id: int, offset: int, limit: int) -> tuple[list[Experiment], int]:
    """Return a page of the experiments of a video, newest first, and how many it has."""
    videos.get(unit, video_id)
    return queries.page(unit, video_id, offset, limit)


def get(unit: ReadUnit, video_id: int, experiment_id: int) -> Experiment:
    """Return an experiment of a video. Raise `NotFound`."""
    videos.get(unit, video_id)
    return require_found(queries.by_id(unit, video_id, experiment_id), NOUN)


def subject_of(unit: ReadUnit, video_id: int, experiment_id: int, key: str) -> str:
    """Return what the events of a variant are counted for. Raise `NotFound`."""
    experiment = get(unit, video_id, experiment_id)
    require_found(experiment.look(key), "variant")
    return variant_subject(experiment.id, key)


def create(
    unit: WriteUnit, video_id: int, name: str, goal: Goal, variants: Sequence[Variant]
) -> Experiment:
    """Begin an experiment. Raise `NotFound`, `Invalid`, and `Conflict` while another one runs."""
    video = _video_for_update(unit, video_id)
    keys = [each["key"] for each in variants]
    if len(set(keys)) < len(keys):
        raise Invalid("variants: Each needs a name of its own.", {"variants": "Not unique."})
    for each in variants:
        check_look(each["look"])
    if queries.running(unit.session, video_id) is not None:
        raise Conflict("Another experiment runs on this page. Decide or stop it first.")
    made = Experiment(video=video, name=name, goal=goal)
    experiment = unit.stamp(made)
    experiment.variants = list(variants)
    unit.session.add(experiment)
    unit.session.flush()
    unit.record("experiment.created", experiment, differences({}, experiment.audit_state()))
    unit.invalidate(video)
    return experiment


def stop(unit: WriteUnit, video_id: int, experiment_id: int) -> None:
    """End an experiment without a winner; one that has ended stays as it is. Raise `NotFound`."""
    experiment = _for_update(unit, video_id, experiment_id)[1]
    if experiment.ended_at is None:
        unit.record("experiment.stopped", experiment, _end(unit, experiment, None))


def decide(unit: WriteUnit, video_id: int, experiment_id: int, winner: str) -> Experiment:
    """End an experiment, and write the values of the winner into its video.

    Raise `NotFound`, `Invalid` for an unknown variant, and `Conflict` when it has ended.
    """
    video, experiment = _for_update(unit, video_id, experiment_id)
    look = experiment.look(winner)
    if look is None:
        raise Invalid("winner: There is no such variant.", {"winner": "There is none."})
    if experiment.ended_at is not None:
        raise Conflict("The experiment has ended.")
    unit.record("experiment.decided", experiment, _end(unit, experiment, winner))
    _keep(unit, video, look)
    return experiment


def result(unit: ReadUnit, experiment: Experiment) -> Result:
    """Return what came of an experiment so far."""
    counted = counting.counted(unit.session, experiment, unit.now)
    first, *others = counted
    found = {key: difference(counted[first], counted[key], len(others)) for key in others}
    units = [each.units for each in counted.values()]
    weights = [each["weight"] for each in experiment.variants]
    return Result(counted, {first: None, **found}, ratio_p_value(units, weights))


def check_look(look: Look) -> None:
    """Raise `Invalid` for a call to action without its text or its address."""
    check_web_addresses(look)
    if ("cta_label" in look) != ("cta_url" in look):
        problem = "A call to action needs both cta_label and cta_url."
        raise Invalid(problem, {"cta_label": problem})


def _end(unit: WriteUnit, experiment: Experiment, winner: str | None) -> FieldChanges:
    """End an experiment. Return what that changes."""
    before = experiment.audit_state()
    experiment.end(unit.now, winner)
    return differences(before, experiment.audit_state())


def _keep(unit: WriteUnit, video: Video, look: Look) -> None:
    """Write a look into a video: its title, and what only its page shows."""
    kept = unit.session.get(PageLook, video.id) or PageLook(video_id=video.id, look={})
    before = {**kept.look, "title": video.title}
    kept.look = {**kept.look, **{name: each for name, each in look.items() if name != "title"}}
    unit.session.add(kept)
    if "title" in look:
        video.title = look["title"]
        publication = publications.of_video(unit, video)
        if publication is not None and publication.title is not None:
            publication.title = look["title"]
            unit.touch(publication)
    changes = differences(before, {**kept.look, "title": video.title})
    if changes:
        unit.record("video.updated", video, changes)


def _video_for_update(unit: WriteUnit, video_id: int) -> Video:
    videos.get(unit, video_id)
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = require_found(video_queries.for_update(unit, video_id), "video")
    access.check_may_change(unit, video)
    return video


def _for_update(unit: WriteUnit, video_id: int, experiment_id: int) -> tuple[Video, Experiment]:
    video = _video_for_update(unit, video_id)
    experiment = require_found(queries.for_update(unit, video_id, experiment_id), NOUN)
    unit.check_if_match(experiment.etag)
    return video, experiment
