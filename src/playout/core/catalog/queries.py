"""Every query about the catalog, each confined to one organization."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import func, select

from playout.core.catalog.model import CatalogEntry
from playout.core.unit import ReadUnit

Kind = TypeVar("Kind", bound=CatalogEntry)


def by_id(unit: ReadUnit, kind: type[Kind], organization_id: int, entry_id: int) -> Kind | None:
    return unit.session.scalar(
        select(kind).where(kind.organization_id == organization_id, kind.id == entry_id)
    )


def by_ids(
    unit: ReadUnit, kind: type[Kind], organization_id: int, ids: Sequence[int]
) -> dict[int, Kind]:
    query = select(kind).where(kind.organization_id == organization_id, kind.id.in_(ids))
    rows = unit.session.scalars(query) if ids else ()
    return {entry.id: entry for entry in rows}


def any_by_id(unit: ReadUnit, kind: type[Kind], ids: set[int | None]) -> dict[int | None, Kind]:
    """Entries that videos refer to which the caller has been shown already."""
    wanted = ids - {None}
    rows = unit.session.scalars(select(kind).where(kind.id.in_(wanted))) if wanted else ()
    return {entry.id: entry for entry in rows}


def page(
    unit: ReadUnit, kind: type[Kind], organization_id: int, offset: int, limit: int
) -> tuple[list[Kind], int]:
    """A page in alphabetical order, and how many there are in all."""
    mine = select(kind).where(kind.organization_id == organization_id)
    count = unit.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    rows = unit.session.scalars(mine.order_by(kind.name, kind.id).offset(offset).limit(limit))
    return list(rows), count
