"""Every query about projects, each confined to what the caller may see."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit


def by_id(unit: ReadUnit, project_id: int) -> Project | None:
    return unit.session.scalar(_visible(unit).where(Project.id == project_id))


def by_ids(unit: ReadUnit, ids: Collection[int]) -> Sequence[Project]:
    return unit.session.scalars(_visible(unit).where(Project.id.in_(ids))).all() if ids else ()


def by_uid(unit: ReadUnit, uid: UUID) -> Project | None:
    return unit.session.scalar(_visible(unit).where(Project.uid == uid))


def for_update(unit: WriteUnit, uid: UUID) -> Project | None:
    # Key shares are let through, so that videos can be created in the project meanwhile.
    query = _visible(unit).where(Project.uid == uid).with_for_update(key_share=True)
    return unit.session.scalar(query)


def visible(unit: ReadUnit) -> list[Project]:
    """Return all projects that the caller may see, oldest first."""
    return list(unit.session.scalars(_visible(unit).order_by(Project.id)))


def visible_ids(unit: ReadUnit) -> Select[int]:
    """Return the query of the ids of all projects that the caller may see."""
    return _visible(unit).with_only_columns(Project.id)


def of_organization(unit: ReadUnit, organization_id: int) -> list[Project]:
    """Return the projects of an organization, oldest first."""
    query = _visible(unit).where(Project.organization_id == organization_id)
    return list(unit.session.scalars(query.order_by(Project.id)))


def first_of_organization(unit: ReadUnit, organization_id: int) -> Project | None:
    """Return the oldest project of an organization."""
    query = _visible(unit).where(Project.organization_id == organization_id)
    return unit.session.scalar(query.order_by(Project.id).limit(1))


def _visible(unit: ReadUnit) -> Select[Project]:
    return select(Project).where(*unit.principal.owned(Project.organization_id, Project.id))
