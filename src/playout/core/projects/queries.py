"""Every query about projects, each confined to what the caller may see."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, column, func, or_, select, table

from playout.core.accounts import queries as accounts
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.ids import parse_id

_VIDEOS = table("videos", column("project_id"), column("sub_account_id"), column("deleted_at"))
"""The columns of videos that decide who sees a project: `core.videos` cannot be imported here."""


def by_id(unit: ReadUnit, project_id: int, *, for_update: bool = False) -> Project | None:
    """Return the project; `for_update` locks it as `for_update` does."""
    query = _visible(unit).where(Project.id == project_id)
    return unit.session.scalar(query.with_for_update(key_share=True) if for_update else query)


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
    query = _owned(unit).where(Project.organization_id == organization_id)
    return unit.session.scalar(query.order_by(Project.id).limit(1))


def _visible(unit: ReadUnit) -> Select[Project]:
    """Return the query of the projects that the caller may see.

    A customer of the organization sees no other projects than those of its videos, and the default
    project of its key, where it may put new ones.
    """
    sub_account_id = unit.principal.sub_account_id
    if sub_account_id is None:
        return _owned(unit)
    used = select(_VIDEOS.c.project_id).where(
        _VIDEOS.c.sub_account_id == sub_account_id, _VIDEOS.c.deleted_at.is_(None)
    )
    return _owned(unit).where(or_(Project.id.in_(used), Project.id == _default_id(unit)))


def _owned(unit: ReadUnit) -> Select[Project]:
    return select(Project).where(*unit.principal.owned(Project.organization_id, Project.id))


def _default_id(unit: ReadUnit) -> int | ScalarSelect[int] | None:
    """Return the id, or the query of the id, of the default project of the caller's key."""
    key = accounts.own_key(unit)
    if key is not None and key.default_project is not None:
        return parse_id(key.default_project)
    return _owned(unit).with_only_columns(func.min(Project.id)).scalar_subquery()
