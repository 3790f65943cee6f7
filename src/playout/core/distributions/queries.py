"""Every query about productions and their child resources.

Those about productions are confined to what the caller may see. Those about child resources take
a production that the caller may see.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from playout.core.distributions.model import Activation, Child, Distribution
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.core.videos.queries import WITHOUT_SCRIPT, visible


def productions(
    unit: ReadUnit, limit: int, before: int | None = None, project_id: int | None = None
) -> list[Video]:
    """Return productions, newest first; `before` is the last id of the page before."""
    query = visible(unit.principal)
    if project_id is not None:
        query = query.where(Video.project_id == project_id)
    if before is not None:
        query = query.where(Video.id < before)
    return list(unit.session.scalars(query.order_by(Video.id.desc()).limit(limit)))


def productions_for_update(unit: WriteUnit, ids: Collection[int]) -> dict[int, Video]:
    """Return productions, locked in the order of their ids, so that two batches cannot deadlock."""
    query = visible(unit.principal).where(Video.id.in_(ids)).order_by(Video.id)
    return {video.id: video for video in unit.session.scalars(query.with_for_update())}


def page(
    unit: ReadUnit, kind: type[Child], video: Video, limit: int, before: int | None = None
) -> list[Child]:
    """Return the child resources of one kind, newest first."""
    query = _of(kind, video)
    if before is not None:
        query = query.where(kind.id < before)
    return list(unit.session.scalars(query.order_by(kind.id.desc()).limit(limit)))


def by_ids(
    unit: ReadUnit, kind: type[Child], video: Video, ids: Collection[int]
) -> dict[int, Child]:
    rows = unit.session.scalars(_of(kind, video).where(kind.id.in_(ids)))
    return {child.id: child for child in rows}


def all_of(unit: ReadUnit, kind: type[Child], video: Video) -> list[Child]:
    """Return every child resource of one kind, oldest first."""
    return list(unit.session.scalars(_of(kind, video).order_by(kind.id)))


def counts_of(
    unit: ReadUnit, kind: type[Child], videos: Collection[Video]
) -> dict[int, dict[str, int]]:
    """Return how many child resources of one kind each video has, by the status in their last
    event. A video without any is left out."""
    query = select(kind.video_id, kind.announced, func.count())
    query = query.where(kind.video_id.in_({each.id for each in videos}))
    counts: dict[int, dict[str, int]] = {}
    for video_id, status, count in unit.session.execute(
        query.group_by(kind.video_id, kind.announced)
    ):
        counts.setdefault(video_id, {})[status] = count
    return counts


def upcoming(unit: ReadUnit, limit: int) -> list[tuple[datetime, int]]:
    """Return the times of the next events of activations, and the ids of their productions."""
    query = select(Activation.turns_at, Activation.video_id)
    query = query.join(Video, Video.id == Activation.video_id)
    query = query.where(Activation.turns_at.is_not(None), Video.deleted_at.is_(None))
    rows = unit.session.execute(query.order_by(Activation.turns_at).limit(limit))
    return [(at, video_id) for at, video_id in rows if at is not None]


def served(session: Session, distribution_id: int) -> tuple[Video | None, Sequence[dict[str, Any]]]:
    """Return the video of a distribution, and the settings of each activation of its production.

    It is for viewers, and confined to nobody. The video is None if there is no such distribution.
    """
    query = select(Video).join(Distribution, Distribution.video_id == Video.id)
    query = query.where(Distribution.id == distribution_id, Video.deleted_at.is_(None))
    video = session.scalar(query.options(*WITHOUT_SCRIPT))
    if video is None:
        return None, ()
    settings = select(Activation.settings).where(Activation.video_id == video.id)
    return video, session.scalars(settings).all()


def _of(kind: type[Child], video: Video) -> Select[Child]:
    return select(kind).where(kind.video_id == video.id)
