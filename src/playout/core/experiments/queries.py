"""Every query about experiments and the looks of pages.

Those that take a unit also take a video that the caller may see. Those that take a session serve
the public, or jobs.
"""

import typing
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, cast, func, or_, select
from sqlalchemy.orm import Session

from playout.core.experiments.model import Experiment, Look, PageLook
from playout.core.unit import ReadUnit, WriteUnit


def page(unit: ReadUnit, video_id: int, offset: int, limit: int) -> tuple[list[Experiment], int]:
    """Return a page of the experiments of a video, newest first, and how many it has."""
    query = select(Experiment).where(Experiment.video_id == video_id).order_by(Experiment.id.desc())
    count = select(func.count()).select_from(Experiment).where(Experiment.video_id == video_id)
    rows = unit.session.scalars(query.offset(offset).limit(limit))
    return list(rows), unit.session.scalar(count) or 0


def by_id(unit: ReadUnit, video_id: int, experiment_id: int) -> Experiment | None:
    query = select(Experiment).where(
        Experiment.id == experiment_id, Experiment.video_id == video_id
    )
    return unit.session.scalar(query)


def for_update(unit: WriteUnit, video_id: int, experiment_id: int) -> Experiment | None:
    """Return an experiment of a video, locked."""
    query = select(Experiment).where(
        Experiment.id == experiment_id, Experiment.video_id == video_id
    )
    return unit.session.scalar(query.with_for_update(of=Experiment))


def running(session: Session, video_id: int) -> Experiment | None:
    """Return the experiment that runs on the page of a video."""
    query = select(Experiment).where(Experiment.ended_at.is_(None), Experiment.video_id == video_id)
    return session.scalar(query)


def page_look(session: Session, video_id: int) -> Look:
    """Return how the page of a video looks when no experiment runs."""
    found = session.get(PageLook, video_id)
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
