"""Every query about the catalog, each confined to one organization.

Of a sub-account it is also confined to what its own videos use: the catalog tells what else the
organization works on, and for whom.
"""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import Select, column, func, select
from sqlalchemy import table as table_clause

from playout.core.catalog.model import CatalogEntry, Tag
from playout.core.unit import ReadUnit

Entry = TypeVar("Entry", bound=CatalogEntry)

_VIDEOS = table_clause(
    "videos",
    *map(
        column,
        (
            "sub_account_id",
            "deleted_at",
            "template_id",
            "category_id",
            "subcategory_id",
            "tag_ids",
        ),
    ),
)
"""The columns of videos that decide who sees an entry: `core.videos` cannot be imported here."""


def by_id(unit: ReadUnit, table: type[Entry], organization_id: int, entry_id: int) -> Entry | None:
    return unit.session.scalar(_visible(unit, table, organization_id).where(table.id == entry_id))


def by_ids(
    unit: ReadUnit, table: type[Entry], organization_id: int, ids: Sequence[int]
) -> dict[int, Entry]:
    query = _visible(unit, table, organization_id).where(table.id.in_(ids))
    rows = unit.session.scalars(query) if ids else ()
    return {entry.id: entry for entry in rows}


def tags_of_forms(unit: ReadUnit, organization_id: int, forms: Collection[str]) -> dict[str, Tag]:
    """Return tags by the form that all spellings of each share."""
    query = _visible(unit, Tag, organization_id).where(Tag.form.in_(forms))
    return {tag.form: tag for tag in unit.session.scalars(query)} if forms else {}


def page(
    unit: ReadUnit, table: type[Entry], organization_id: int, offset: int, limit: int
) -> tuple[list[Entry], int]:
    """Return a page in alphabetical order, and how many entries there are on all pages."""
    own = _visible(unit, table, organization_id)
    count = unit.session.scalar(select(func.count()).select_from(own.subquery())) or 0
    rows = unit.session.scalars(own.order_by(table.name, table.id).offset(offset).limit(limit))
    return list(rows), count


def _visible(unit: ReadUnit, table: type[Entry], organization_id: int) -> Select[Entry]:
    """Return the query of an organization's entries that the caller may see."""
    entries = select(table).where(table.organization_id == organization_id)
    sub_account_id = unit.principal.sub_account_id
    if sub_account_id is None:
        return entries
    named = _VIDEOS.c.get(f"{table.noun()}_id")
    used = select(func.unnest(_VIDEOS.c.tag_ids) if named is None else named).where(
        _VIDEOS.c.sub_account_id == sub_account_id, _VIDEOS.c.deleted_at.is_(None)
    )
    return entries.where(table.id.in_(used))
