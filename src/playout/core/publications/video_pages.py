"""Pages of lists of videos, with everything that their answers show."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, literal_column, select
from sqlalchemy.orm import aliased

from playout.core.permissions import Permission
from playout.core.publications import details
from playout.core.publications.details import VideoDetails
from playout.core.unit import ReadUnit
from playout.core.videos.listing import MOST_COUNTED, Listing, Shape, values
from playout.core.videos.model import POPULARITY, TITLE_LENGTH, Video
from playout.kit.database.statements import Statement, fetch_together, parameter
from playout.kit.errors import Invalid

DEEP = 1_000
"""Videos to skip from which it pays to ask first whether the end of the list is nearer."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: right after a video, whose column that orders the list has this value."""

    value: Any
    id: int

    @classmethod
    def parse(cls, cursor: str, listing: Listing, column: str) -> "Place":
        """Return the place of a cursor. Raise `Invalid` if it is of another order."""
        try:
            order, value, id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if order != listing.order or type(id) is not int or not 0 < id < 2**63:
                raise ValueError
            return cls(_parsed(column, value), id)
        except (ValueError, TypeError, RecursionError) as error:
            problem = {"cursor": "Take it from `next` of a list with the same `ordering`."}
            raise Invalid("The cursor is not one of this list.", problem) from error

    @classmethod
    def of(cls, video: Video, column: str) -> "Place":
        """Return the place after a video."""
        return cls(None if column == "id" else getattr(video, column), video.id)

    def cursor(self, listing: Listing) -> str:
        """Return the text that `parse` reads."""
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        text = json.dumps([listing.order, value, self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True)
class VideoPage:
    """A page of a list of videos.

    `count` is the number of videos on all pages, or `MOST_COUNTED` where there are more than that
    and their number is not known. `next` is the cursor of the next page, if there is one.
    """

    videos: list[VideoDetails]
    count: int
    is_exact: bool
    next: str | None


def page(
    unit: ReadUnit, listing: Listing, offset: int, limit: int, cursor: str | None = None
) -> VideoPage:
    """Return a page of the videos that the caller may see: after a cursor, or from an offset on.

    Raise `Invalid` for an unknown order, and for a cursor of another list.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    shape = Shape.of(unit.principal, listing)
    place = None if cursor is None else Place.parse(cursor, listing, shape.column)
    given = values(unit.principal, listing)
    if place is not None:
        given |= {"after_value": place.value, "after_id": place.id}
    found, number = _found(unit, shape, given, 0 if place else offset, limit + 1)
    shown, more = found[:limit], len(found) > limit
    is_exact = shape.number_is_known or number <= MOST_COUNTED
    following = Place.of(shown[-1].video, shape.column).cursor(listing) if more else None
    return VideoPage(shown, number if is_exact else MOST_COUNTED, is_exact, following)


def _found(
    unit: ReadUnit, shape: Shape, given: dict[str, Any], offset: int, limit: int
) -> tuple[list[VideoDetails], int]:
    """Return videos, and how many there are on all pages."""
    seeks, backwards = "after_id" in given, False
    if shape.number_is_known and offset >= DEEP:
        ((number,),) = _number(shape).fetch(unit.session, given)
        backwards = offset < number < 2 * offset
        if backwards:
            limit = min(limit, number - offset)
            offset = number - offset - limit
    given = given | {"skip": offset}
    ids = (
        _newest(shape, limit, seeks, bool(offset))
        if shape.looks_up
        else _ids(shape, limit, seeks, bool(offset), backwards)
    )
    rows, ((number,),) = fetch_together(unit.session, [(ids, given), (_number(shape), given)])
    if shape.looks_up and len(rows) < limit:
        rows = _looked_up(shape, limit, seeks, bool(offset)).fetch(unit.session, given)
    found = [row[0] for row in rows]
    return details.of_ids(unit, found[::-1] if backwards else found), number


# Which index has the fewest rows to read depends on the organization: in a small one it is never
# that of all ids. So these statements are not prepared, and planned with their values.


@lru_cache(256)
def _ids(shape: Shape, limit: int, seeks: bool, skips: bool, backwards: bool) -> Statement:
    query = shape.matching().with_only_columns(Video.id)
    if seeks:
        query = query.where(shape.after())
    return _page(shape.ordered(query, backwards=backwards), limit, skips)


@lru_cache(256)
def _newest(shape: Shape, limit: int, seeks: bool, skips: bool) -> Statement:
    """Return the statement that looks among the first videos of a list for those with the words
    and the tag. Where they are frequent, that fills a page, and it stops there."""
    return _page(shape.among_first(*([shape.after()] if seeks else [])), limit, skips)


@lru_cache(256)
def _looked_up(shape: Shape, limit: int, seeks: bool, skips: bool) -> Statement:
    """Return the statement that takes the videos with the words and the tag from their indexes,
    all of them, and orders those. Where they are rare, these are few."""
    query = shape.matching().with_only_columns(*shape.needed)
    if seeks:
        query = query.where(shape.after())
    # Without the offset, PostgreSQL may go through all videos in their order instead.
    videos = aliased(Video, query.offset(literal_column("0")).subquery("found"))
    return _page(shape.ordered(select(videos.id), videos=videos), limit, skips)


def _page(query: Select[Any], limit: int, skips: bool) -> Statement:
    query = query.limit(literal_column(str(limit)))
    if skips:
        query = query.offset(parameter("skip", Video.id.type))
    return Statement(query, prepare=False)


@lru_cache(256)
def _number(shape: Shape) -> Statement:
    prepare = None if shape.number_is_known else False
    return Statement(select(shape.number()), prepare=prepare)


def _parsed(column: str, value: Any) -> Any:
    """Return the value of the column in a cursor. Raise `ValueError` or `TypeError` if it is not
    one."""
    if column == "id":
        return None
    if column in {"created_at", "updated_at"}:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if column in POPULARITY:
        if type(value) is not int or not 0 <= value < 2**63:
            raise ValueError
        return value
    if not isinstance(value, str) or "\0" in value or len(value) > TITLE_LENGTH:
        raise ValueError
    value.encode()  # half a surrogate pair is none
    return value
