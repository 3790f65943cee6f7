"""Use cases of experiments on the pages of a video: list, create, stop, decide, and the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playout.core.experiments import changes, counting, queries
from playout.core.experiments.model import (
    Experiment,
    Goal,
    Look,
    PageKind,
    Variant,
    page_of_video,
)
from playout.core.experiments.statistics import (
    MISMATCH,
    Counted,
    Difference,
    difference,
    ratio_p_value,
)
from playout.core.permissions import Permission
from playout.core.publications import queries as publications
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.kit.errors import require_found

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
    return queries.page(unit, queries.of_video(video_id), offset, limit)


def get(unit: ReadUnit, video_id: int, experiment_id: int) -> Experiment:
    """Return an experiment of a video. Raise `NotFound`."""
    videos.get(unit, video_id)
    return require_found(queries.by_id(unit, queries.of_video(video_id), experiment_id), NOUN)


def create(
    unit: WriteUnit,
    video_id: int,
    name: str,
    goal: Goal,
    variants: Sequence[Variant],
    *,
    kind: PageKind = PageKind.WATCH,
) -> Experiment:
    """Begin an experiment on the watch page of a video, or on the pages of its guest links.

    Raise `NotFound`, `Invalid`, and `Conflict` while another one runs there.
    """
    video = _video_for_update(unit, video_id)
    page = page_of_video(kind, video.id)
    made = Experiment(page=page, video=video, name=name, goal=goal, variants=list(variants))
    changes.begin(unit, made)
    unit.invalidate(video)
    return made


def stop(unit: WriteUnit, video_id: int, experiment_id: int) -> None:
    """End an experiment without a winner; one that has ended stays as it is. Raise `NotFound`."""
    changes.stop(unit, _for_update(unit, video_id, experiment_id)[1])


def decide(unit: WriteUnit, video_id: int, experiment_id: int, winner: str) -> Experiment:
    """End an experiment, and keep the values of the winner: its title in the video, if it has one.

    Pages of guest links keep their title for themselves. Raise `NotFound`, `Invalid` for an
    unknown variant, and `Conflict` when it has ended.
    """
    video, experiment = _for_update(unit, video_id, experiment_id)
    look = changes.decide(unit, experiment, winner)
    _keep(unit, video, experiment, look)
    return experiment


def page_look(unit: ReadUnit, video_id: int, kind: PageKind) -> Look:
    """Return the look that a page of a video keeps. Raise `NotFound`."""
    videos.get(unit, video_id)
    return queries.page_look(unit.session, page_of_video(kind, video_id))


def clear_page_look(unit: WriteUnit, video_id: int, kind: PageKind) -> None:
    """Show a page of a video without the look that it keeps. Its title stays. Raise `NotFound`."""
    video = _video_for_update(unit, video_id)
    changed = changes.replace_look(unit, page_of_video(kind, video_id), {})
    if changed:
        unit.record("video.updated", video, changed)


def subject_of(unit: ReadUnit, video_id: int, experiment_id: int, key: str) -> str:
    """Return what the events of a variant are counted for. Raise `NotFound`."""
    return get(unit, video_id, experiment_id).subject_of(key)


def result(unit: ReadUnit, experiment: Experiment) -> Result:
    """Return what came of an experiment so far."""
    counted = counting.counted(unit.session, experiment, unit.now)
    first, *others = counted
    found = {key: difference(counted[first], counted[key], len(others)) for key in others}
    visitors = [each.visitors for each in counted.values()]
    weights = [each["weight"] for each in experiment.variants]
    return Result(counted, {first: None, **found}, ratio_p_value(visitors, weights))


def _keep(unit: WriteUnit, video: Video, experiment: Experiment, look: Look) -> None:
    kept, title = dict(look), look.get("title")
    changed: dict[str, Sequence[Any]] = {}
    if experiment.kind is PageKind.WATCH and title is not None:
        del kept["title"]
        if video.title != title:
            changed = {"title": [video.title, title]}
            video.title = title
        publication = publications.of_video(unit, video)
        if publication is not None and publication.title is not None:
            publication.title = title
            unit.touch(publication)
    changed |= changes.replace_look(
        unit, experiment.page, {**queries.page_look(unit.session, experiment.page), **kept}
    )
    if changed:
        unit.record("video.updated", video, changed)


def _video_for_update(unit: WriteUnit, video_id: int) -> Video:
    videos.get(unit, video_id)
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = require_found(video_queries.for_update(unit, video_id), "video")
    access.check_may_change(unit, video)
    return video


def _for_update(unit: WriteUnit, video_id: int, experiment_id: int) -> tuple[Video, Experiment]:
    video = _video_for_update(unit, video_id)
    owner = queries.of_video(video_id)
    experiment = require_found(queries.for_update(unit, owner, experiment_id), NOUN)
    unit.check_if_match(experiment.etag)
    return video, experiment
