"""Lists of videos: searched, filtered, ordered, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos import counts, queries
from playout.core.videos.model import Status, Video, Visibility
from playout.kit.errors import Invalid
from playout.kit.text import search_query

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
    # Until plays are counted, newness has to stand for popularity.
    "popular": "-created_at",
    "trending": "-updated_at",
}
ORDERINGS = [*ORDERS, *(f"-{name}" for name in ORDERS), *NAMED_ORDERS]
"""The orders of a list; `-` stands for descending."""


@dataclass(frozen=True, slots=True)
class VideoFilter:
    """The values that the columns of those names must have; None is for any value.

    `tag_id` is one of the tags of a video.
    """

    project_id: int | None = None
    status: Status | None = None
    visibility: Visibility | None = None
    is_draft: bool | None = None
    category_id: int | None = None
    subcategory_id: int | None = None
    tag_id: int | None = None
    owner_id: int | None = None
    language: str | None = None

    def conditions(self) -> dict[str, ColumnElement[bool]]:
        """Return the conditions by the names of the fields that are set."""
        wanted = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: Video.tag_ids.contains([value])
            if name == "tag_id"
            else getattr(Video, name) == value
            for name, value in wanted.items()
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """A request for a list of videos; `order` is one of `ORDERINGS`."""

    search: str = ""
    order: str = "-id"
    filter: VideoFilter = field(default_factory=VideoFilter)


def page(unit: ReadUnit, listing: Listing, offset: int, limit: int) -> tuple[list[Video], int]:
    """Return a page of the videos that the caller may see, and how many there are on all pages.

    Raise `Invalid` for an unknown order.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    matching = _matching(unit, listing)
    rows = unit.session.scalars(_ordered(matching, listing.order).offset(offset).limit(limit))
    return list(rows), _count(unit, listing, matching)


def _count(unit: ReadUnit, listing: Listing, matching: Select[Video]) -> int:
    by_project_only = listing.filter.conditions().keys() <= {"project_id"}
    if by_project_only and not listing.search.strip() and unit.principal.manages_videos:
        return counts.count_videos(unit, listing.filter.project_id)
    return unit.session.scalar(select(func.count()).select_from(matching.subquery())) or 0


def _matching(unit: ReadUnit, listing: Listing) -> Select[Video]:
    query = queries.visible(unit.principal).where(*listing.filter.conditions().values())
    if not listing.search.strip():
        return query
    return query.where(Video.search.op("@@")(search_query(listing.search)))


def _ordered(query: Select[Video], order: str) -> Select[Video]:
    if order not in ORDERINGS:
        raise Invalid("Unknown ordering.", {"ordering": f"One of: {', '.join(ORDERINGS)}."})
    order = NAMED_ORDERS.get(order, order)
    column = ORDERS[order.removeprefix("-")]
    # The id makes the order total, so that no video is on two pages.
    if order.startswith("-"):
        return query.order_by(column.desc(), Video.id.desc())
    return query.order_by(column, Video.id)
