"""The query for all organizations with their numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from playout.core.accounts.model import Membership, Organization
from playout.core.ledger.model import Entry
from playout.core.media.model import Asset
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit


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


def organizations(unit: ReadUnit, search: str, before: int | None, limit: int) -> Sequence[Tenant]:
    """Return organizations, newest first, whose name or slug contains a text."""
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


def _count(column: Any, condition: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(condition).scalar_subquery()
