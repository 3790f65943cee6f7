"""Every query about the catalog, each confined to one organization."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import func, select

from playout.core.catalog.model import CatalogEntry
from playout.core.unit import ReadUnit

Entry = TypeVar("Entry", bound=CatalogEntry)


def by_id(unit: ReadUnit, table: type[Entry], organization_id: int, entry_id: int) -> Entry | None:
    return unit.session.scalar(
        select(table).where(table.organization_id == organization_id, table.id == entry_id)
    )


def by_ids(
    unit: ReadUnit, table: type[Entry], organization_id: int, ids: Sequence[int]
) -> dict[int, Entry]:
    query = select(table).where(table.organization_id == organization_id, table.id.in_(ids))
    rows = unit.session.scalars(query) if ids else ()
    return {entry.id: entry for entry in rows}


def any_by_id(unit: ReadUnit, table: type[Entry], ids: set[int | None]) -> dict[int | None, Entry]:
    """Return entries of any organization, to which videos refer that the caller may see."""
    wanted = ids - {None}
    rows = unit.session.scalars(select(table).where(table.id.in_(wanted))) if wanted else ()
    return {entry.id: entry for entry in rows}


def page(
    unit: ReadUnit, table: type[Entry], organization_id: int, offset: int, limit: int
) -> tuple[list[Entry], int]:
    """Return a page in alphabetical order, and how many entries there are on all pages."""
    own = select(table).where(table.organization_id == organization_id)
    count = unit.session.scalar(select(func.count()).select_from(own.subquery())) or 0
    rows = unit.session.scalars(own.order_by(table.name, table.id).offset(offset).limit(limit))
    return list(rows), count
