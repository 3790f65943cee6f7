"""Lists of videos: searched, filtered, ordered, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos import counts, queries
from playout.core.videos.model import Video
from playout.kit.errors import Invalid

ORDERS: Mapping[str, InstrumentedAttribute[Any]] = {
    "id": Video.id,
    "created_at": Video.created_at,
    "updated_at": Video.updated_at,
    "title": Video.title,
    "status": Video.status,
}
NAMED_ORDERS = {
    "newest": "-created_at",
    "updated": "-updated_at",
    # Until plays are counted, what is new is all there is to go by.
    "popular": "-created_at",
    "trending": "-updated_at",
}
ORDERINGS = [*ORDERS, *(f"-{name}" for name in ORDERS), *NAMED_ORDERS]
"""What a list can be ordered by; `-` is for descending."""
EQUAL: Mapping[str, InstrumentedAttribute[Any]] = {
    "project_id": Video.project_id,
    "status": Video.status,
    "visibility": Video.visibility,
    "is_draft": Video.is_draft,
    "category_id": Video.category_id,
    "subcategory_id": Video.subcategory_id,
    "owner_id": Video.owner_id,
    "language": Video.language,
}
"""What a list can be narrowed by."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked for; `filters` maps names in `EQUAL`, and `tag_id`, to values."""

    search: str = ""
    order: str = "-id"
    filters: Mapping[str, Any] = field(default_factory=dict)


def page(unit: ReadUnit, listing: Listing, offset: int, limit: int) -> tuple[list[Video], int]:
    """A page of the videos that the caller may see, and how many there are in all.

    Raises `Invalid` for an order that is none.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    chosen = queries.visible(unit.principal).where(*_conditions(listing))
    rows = unit.session.scalars(_ordered(chosen, listing.order).offset(offset).limit(limit))
    return list(rows), _count(unit, listing, chosen)


def _count(unit: ReadUnit, listing: Listing, chosen: Select[Video]) -> int:
    narrowed = {name for name, value in listing.filters.items() if value is not None}
    plain = narrowed <= {"project_id"} and not listing.search.strip()
    if plain and unit.principal.manages_videos:
        return counts.of(unit, listing.filters.get("project_id"))
    return unit.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _conditions(listing: Listing) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        column == listing.filters[name]
        for name, column in EQUAL.items()
        if listing.filters.get(name) is not None
    ]
    if listing.filters.get("tag_id") is not None:
        conditions.append(Video.tag_ids.contains([listing.filters["tag_id"]]))
    if listing.search.strip():
        query = func.websearch_to_tsquery("simple", listing.search)
        conditions.append(Video.search.op("@@")(query))
    return conditions


def _ordered(query: Select[Video], order: str) -> Select[Video]:
    if order not in ORDERINGS:
        raise Invalid("Unknown ordering.", {"ordering": f"One of: {', '.join(ORDERINGS)}."})
    order = NAMED_ORDERS.get(order, order)
    column = ORDERS[order.removeprefix("-")]
    # The id makes the order whole, so that no video stands on two pages.
    if order.startswith("-"):
        return query.order_by(column.desc(), Video.id.desc())
    return query.order_by(column, Video.id)
