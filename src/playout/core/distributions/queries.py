"""Every query about productions and what they have, each confined to what the caller may see."""

from collections.abc import Collection

from sqlalchemy import Select, select

from playout.core.distributions.model import Activation, Kind
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.core.videos.queries import visible


def productions(
    unit: ReadUnit, limit: int, before: int | None = None, project_id: int | None = None
) -> list[Video]:
    """Newest first; `before` is the id of the last one of the page before."""
    query = visible(unit.principal)
    if project_id is not None:
        query = query.where(Video.project_id == project_id)
    if before is not None:
        query = query.where(Video.id < before)
    return list(unit.session.scalars(query.order_by(Video.id.desc()).limit(limit)))


def productions_for_update(unit: WriteUnit, ids: Collection[int]) -> dict[int, Video]:
    """Locked in the order of their ids: two batches wait for each other, but never in a ring."""
    query = visible(unit.principal).where(Video.id.in_(ids)).order_by(Video.id)
    return {video.id: video for video in unit.session.scalars(query.with_for_update())}


def page(
    unit: ReadUnit, kind: type[Kind], video: Video, limit: int, before: int | None = None
) -> list[Kind]:
    """What a production that the caller has been shown has of a kind, newest first."""
    query = _of(kind, video)
    if before is not None:
        query = query.where(kind.id < before)
    return list(unit.session.scalars(query.order_by(kind.id.desc()).limit(limit)))


def by_ids(unit: ReadUnit, kind: type[Kind], video: Video, ids: Collection[int]) -> dict[int, Kind]:
    rows = unit.session.scalars(_of(kind, video).where(kind.id.in_(ids)))
    return {part.id: part for part in rows}


def every(unit: WriteUnit, kind: type[Kind], video: Video) -> list[Kind]:
    """All that a locked production has of a kind."""
    return list(unit.session.scalars(_of(kind, video).order_by(kind.id)))


def turned(unit: ReadUnit) -> list[int]:
    """The productions with activations of which something is to be told."""
    query = select(Activation.video_id).join(Video, Video.id == Activation.video_id)
    query = query.where(Activation.turns_at <= unit.now, Video.deleted_at.is_(None))
    return list(unit.session.scalars(query.distinct()))


def _of(kind: type[Kind], video: Video) -> Select[Kind]:
    return select(kind).where(kind.video_id == video.id)
