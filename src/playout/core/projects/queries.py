"""Every query about projects, each confined to what the caller may see."""

from sqlalchemy import Select, select

from playout.core.permissions import Role
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit


def by_id(unit: ReadUnit, project_id: int) -> Project | None:
    return unit.session.scalar(_visible(unit).where(Project.id == project_id))


def visible(unit: ReadUnit) -> list[Project]:
    """Oldest first."""
    return list(unit.session.scalars(_visible(unit).order_by(Project.id)))


def first_of(unit: ReadUnit, organization_id: int) -> Project | None:
    """The project that is meant where none is named: the oldest."""
    query = _visible(unit).where(Project.organization_id == organization_id)
    return unit.session.scalar(query.order_by(Project.id).limit(1))


def _visible(unit: ReadUnit) -> Select[Project]:
    principal, query = unit.principal, select(Project)
    if principal.role is Role.OWNER:
        return query
    query = query.where(Project.organization_id == principal.organization_id)
    if principal.project_ids is not None:
        query = query.where(Project.id.in_(principal.project_ids))
    return query
