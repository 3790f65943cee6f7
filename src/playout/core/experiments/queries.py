"""Every query about experiments and the looks of pages.

Those that take a unit also take an owner that the caller may see. Those that take a session serve
the public.
"""

from typing import cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from playout.core.experiments.model import Experiment, Look, Owner, PageLook
from playout.core.unit import ReadUnit, WriteUnit


def page(unit: ReadUnit, owner: Owner, offset: int, limit: int) -> tuple[list[Experiment], int]:
    """Return a page of the experiments of an owner, newest first, and how many it has."""
    query = select(Experiment).where(*_of(owner)).order_by(Experiment.id.desc())
    count = select(func.count()).select_from(Experiment).where(*_of(owner))
    rows = unit.session.scalars(query.offset(offset).limit(limit))
    return list(rows), unit.session.scalar(count) or 0


def by_id(unit: ReadUnit, owner: Owner, experiment_id: int) -> Experiment | None:
    query = select(Experiment).where(Experiment.id == experiment_id, *_of(owner))
    return unit.session.scalar(query)


def for_update(unit: WriteUnit, owner: Owner, experiment_id: int) -> Experiment | None:
    """Return an experiment of an owner, locked."""
    query = select(Experiment).where(Experiment.id == experiment_id, *_of(owner))
    return unit.session.scalar(query.with_for_update(of=Experiment))


def running(session: Session, owner: Owner) -> Experiment | None:
    """Return the experiment that runs on the page of an owner."""
    query = select(Experiment).where(Experiment.ended_at.is_(None), *_of(owner))
    return session.scalar(query)


def page_look(session: Session, owner: Owner) -> Look:
    """Return how the page of an owner looks when no experiment runs."""
    found = session.get(PageLook, owner.name)
    return cast("Look", dict(found.look) if found else {})


def _of(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    if owner.video_id is not None:
        return (Experiment.video_id == owner.video_id,)
    return (Experiment.project_id == owner.project_id, Experiment.channel == owner.channel)
