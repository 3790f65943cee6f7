"""Every query about experiments and the looks of pages.

Those that take a unit also take a video or a share that the caller may see. Those that take a
session serve the public, or jobs.
"""

import typing
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, cast, func, or_, select
from sqlalchemy.orm import Session

from playout.core.experiments.model import Experiment, Look, PageLook
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit


def of_video(video_id: int) -> ColumnElement[bool]:
    """Return the condition for the experiments of a video, on its watch page or its links."""
    return Experiment.video_id == video_id


def of_share(share: Share) -> ColumnElement[bool]:
    """Return the condition for the experiments on the page of a share."""
    return (Experiment.project_id == share.project_id) & (Experiment.channel == share.channel)


def page(
    unit: ReadUnit, owner: ColumnElement[bool], offset: int, limit: int
) -> tuple[list[Experiment], int]:
    """Return a page of the experiments of an owner, newest first, and how many there are."""
    query = select(Experiment).where(owner).order_by(Experiment.id.desc())
    count = select(func.count()).select_from(Experiment).where(owner)
    rows = unit.session.scalars(query.offset(offset).limit(limit))
    return list(rows), unit.session.scalar(count) or 0


def by_id(unit: ReadUnit, owner: ColumnElement[bool], experiment_id: int) -> Experiment | None:
    return unit.session.scalar(select(Experiment).where(Experiment.id == experiment_id, owner))


def for_update(
    unit: WriteUnit, owner: ColumnElement[bool], experiment_id: int
) -> Experiment | None:
    """Return an experiment of an owner, locked."""
    query = select(Experiment).where(Experiment.id == experiment_id, owner)
    return unit.session.scalar(query.with_for_update(of=Experiment))


def running(session: Session, page: str) -> Experiment | None:
    """Return the experiment that runs on a page."""
    query = select(Experiment).where(Experiment.ended_at.is_(None), Experiment.page == page)
    return session.scalar(query)


def page_look(session: Session, page: str) -> Look:
    """Return the look that a page keeps."""
    found = session.get(PageLook, page)
    return typing.cast("Look", dict(found.look) if found else {})


def uncounted(session: Session, today: date, limit: int) -> list[Experiment]:
    """Return experiments, locked, with days before today that nobody has counted yet."""
    through = Experiment.counted_through
    last = func.least(_day(Experiment.ended_at), today - timedelta(1))
    begun = _day(Experiment.created_at) < today
    query = select(Experiment).where(begun, or_(through.is_(None), through < last))
    query = query.order_by(Experiment.id).limit(limit).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def _day(moment: SQLColumnExpression[datetime | None]) -> ColumnElement[date]:
    """Return the day (UTC) of a moment, whatever the time zone of the database."""
    return cast(func.timezone("UTC", moment), Date)
