"""The installation, for its Owner: all organizations, and what workers do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from playout.core.accounts.model import Membership, Organization
from playout.core.ledger.model import Entry
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import NotFound
from playout.kit.jobs import inspection
from playout.kit.jobs.inspection import FailedJob, QueueState, WorkerState


class Tenant(NamedTuple):
    """An organization with its numbers. `used_bytes` is the size of its sources."""

    id: int
    name: str
    slug: str
    created_at: datetime
    members: int
    projects: int
    used_bytes: int
    last_event_at: datetime | None


class Work(NamedTuple):
    """The workers, the queues, and the newest jobs that failed."""

    workers: Sequence[WorkerState]
    queues: Sequence[QueueState]
    failed: Sequence[FailedJob]


def organizations(unit: ReadUnit, search: str, before: int | None, limit: int) -> Sequence[Tenant]:
    """Return organizations, newest first, whose name or slug contains a text."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    own = Organization.id
    files = (
        select(func.max(Asset.source_size).label("size"))
        .where(Asset.organization_id == own)
        .group_by(func.coalesce(Asset.source_key, cast(Asset.id, Text)))
        .correlate(Organization)
        .subquery()
        .lateral()
    )
    query = select(
        own,
        Organization.name,
        Organization.slug,
        Organization.created_at,
        _count(Membership.user_id, Membership.organization_id == own),
        _count(Project.id, Project.organization_id == own),
        select(func.coalesce(func.sum(files.c.size), 0)).scalar_subquery(),
        select(func.max(Entry.at)).where(Entry.organization_id == own).scalar_subquery(),
    )
    if search:
        named = (Organization.name, Organization.slug)
        query = query.where(or_(*(each.icontains(search, autoescape=True) for each in named)))
    if before is not None:
        query = query.where(own < before)
    rows = unit.session.execute(query.order_by(own.desc()).limit(limit))
    return [Tenant(*row) for row in rows]


def work(unit: ReadUnit, before: int | None, limit: int) -> Work:
    """Return what workers do; of the failed jobs, those with ids below `before`."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    session = unit.session
    return Work(
        inspection.workers(session),
        inspection.queues(session),
        inspection.failed_jobs(session, before, limit),
    )


def retry(unit: WriteUnit, job_id: int) -> None:
    """Let a job that failed run again. Raise `NotFound`."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    if not inspection.retry(unit.session, job_id):
        raise NotFound("There is no such job that failed.")


def _count(column: Any, condition: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(condition).scalar_subquery()
