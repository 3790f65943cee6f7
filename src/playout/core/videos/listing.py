"""Lists of videos: searched, filtered, ordered, a page at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from playout.core.principal import Principal, Reach, with_parameters
from playout.core.videos import counts, queries
from playout.core.videos.model import Status, Video, Visibility
from playout.kit.database.search import search_query, search_terms
from playout.kit.database.statements import parameter
from playout.kit.errors import Invalid

ORDERS: Mapping[str, InstrumentedAttribute[Any]] = {
    "id": Video.id,
    "created_at": Video.created_at,
    "updated_at": Video.updated_at,
    "title": Video.title,
    "status": Video.status,
    "plays": Video.plays,
    "recent_plays": Video.recent_plays,
}
NAMED_ORDERS = {
    "newest": "-created_at",
    "updated": "-updated_at",
    "popular": "-plays",
    "trending": "-recent_plays",
}
ORDERINGS = [*ORDERS, *(f"-{name}" for name in ORDERS), *NAMED_ORDERS]
"""The orders of a list; `-` stands for descending."""
MOST_COUNTED = 1_000
"""The largest number of videos that are counted, where their number is not known without."""
FIRST = 2_000
"""Videos among which words and tags are looked for before an index is asked for all of them."""
FREQUENT = FIRST // 5
"""Videos among the first that make words or a tag frequent: a walk soon meets enough of them."""


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

    @property
    def values(self) -> dict[str, Any]:
        """Return the values that are set, by the names of the fields."""
        wanted = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in wanted.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Listing:
    """A request for a list of videos; `order` is one of `ORDERINGS`."""

    search: str = ""
    order: str = "-id"
    filter: VideoFilter = field(default_factory=VideoFilter)


class Shape(NamedTuple):
    """The facts that decide about the text of the query of a list, apart from the values in it."""

    reach: Reach
    fields: tuple[str, ...]
    searches: bool
    column: str
    descending: bool

    @classmethod
    def of(cls, principal: Principal, listing: Listing) -> "Shape":
        """Return the shape of a listing. Raise `Invalid` for an unknown order."""
        if listing.order not in ORDERINGS:
            allowed = ", ".join(ORDERINGS)
            raise Invalid("Unknown ordering.", {"ordering": f"One of: {allowed}."})
        order = NAMED_ORDERS.get(listing.order, listing.order)
        return cls(
            principal.reach,
            tuple(listing.filter.values),
            bool(listing.search.strip()),
            order.removeprefix("-"),
            order.startswith("-"),
        )

    @property
    def looks_up(self) -> bool:
        """Return whether it has a condition on words or tags, which have indexes without order."""
        return self.searches or "tag_id" in self.fields

    def without_look_up(self) -> "Shape":
        """Return the shape of the same list without its conditions on words and tags."""
        others = tuple(name for name in self.fields if name != "tag_id")
        return self._replace(fields=others, searches=False)

    @property
    def number_is_known(self) -> bool:
        """Return whether the number of its videos is known without counting them."""
        reader = with_parameters(self.reach)
        return (
            counts.COUNTED.issuperset(self.fields) and not self.searches and reader.manages_videos
        )

    def number(self) -> ColumnElement[int]:
        """Return the query of the number of videos: all, or those up to one above the bound."""
        if self.number_is_known:
            reader = with_parameters(self.reach)
            return counts.number_of(reader, self.fields).scalar_subquery()
        # The order is that of the list, so that it finds them in the same index.
        walk = _bounded(self.ordered(self.matching()).with_only_columns(Video.id))
        if not self.looks_up:
            return walk
        # Where words or a tag are rare, the walk would go through all videos. PostgreSQL cannot
        # tell: it does not know how rare a word is that it has never seen. As all of `matching` may
        # be read, it plans that by their index.
        matching = self.matching().with_only_columns(Video.id).cte("matching")
        by_index = _bounded(select(matching.prefix_with("MATERIALIZED").c.id))
        is_frequent = _bounded(self.among_first(), FREQUENT) >= literal_column(str(FREQUENT))
        return case((is_frequent, walk), else_=by_index)

    def matching(self) -> Select[Video]:
        """Return the query of the videos in the list. Its parameters are those of `values`."""
        fields = self.without_look_up().fields
        query = queries.visible(with_parameters(self.reach)).where(*map(_has, fields))
        return query.where(*self.looked_up())

    def looked_up(self, videos: type[Video] = Video) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on words and tags, of the table or of an alias of it."""
        if "tag_id" in self.fields:
            yield _has("tag_id", videos)
        if self.searches:
            yield videos.search.op("@@")(search_query(parameter("search")))

    def among_first(self, *places: ColumnElement[bool]) -> Select[Any]:
        """Return the query of the ids of the videos with the words and the tag, among the first.

        It reads no more than `FIRST` videos of those that `places` lets through, in one scan: if it
        joined the table with itself, PostgreSQL would read the whole of a small table instead.
        """
        others = self.without_look_up().matching().with_only_columns(*self.needed).where(*places)
        first = self.ordered(others).limit(literal_column(str(FIRST))).subquery("first")
        videos = aliased(Video, first)
        query = select(videos.id).where(*self.looked_up(videos))
        return self.ordered(query, videos=videos)

    def after(self) -> ColumnElement[bool]:
        """Return the condition for the videos after a place, `after_value` and `after_id`."""
        column, place = ORDERS[self.column], parameter("after_id", Video.id.type)
        if self.column == "id":
            return Video.id < place if self.descending else Video.id > place
        row = tuple_(column, Video.id)
        end = tuple_(parameter("after_value", column.type), place)
        return row < end if self.descending else row > end

    @property
    def needed(self) -> list[InstrumentedAttribute[Any]]:
        """Return the columns that the order and the conditions on words and tags read."""
        looked_up = {Video.search: self.searches, Video.tag_ids: "tag_id" in self.fields}
        of_order = dict.fromkeys((Video.id, ORDERS[self.column]))
        return [*of_order, *(column for column, is_read in looked_up.items() if is_read)]

    def ordered(
        self, query: Select[Any], *, backwards: bool = False, videos: type[Video] = Video
    ) -> Select[Any]:
        """Return a query of videos in the order of the list, or the other way round."""
        # The id makes the order total, so that no video is on two pages.
        order = getattr(videos, ORDERS[self.column].key)
        columns = [videos.id] if self.column == "id" else [order, videos.id]
        if self.descending is not backwards:
            return query.order_by(*(column.desc() for column in columns))
        return query.order_by(*columns)


def values(principal: Principal, listing: Listing) -> dict[str, Any]:
    """Return the parameters of the queries of a listing."""
    filtered = listing.filter.values
    if "tag_id" in filtered:
        filtered["tag_id"] = [filtered["tag_id"]]
    return {**principal.parameters, **filtered, "search": search_terms(listing.search)}


def _bounded(query: Select[Any], most: int = MOST_COUNTED + 1) -> ColumnElement[int]:
    """Return the number of rows of a query, or `most` if there are more."""
    rows = query.limit(literal_column(str(most))).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def _has(name: str, videos: type[Video] = Video) -> ColumnElement[bool]:
    if name == "tag_id":
        return videos.tag_ids.contains(parameter("tag_id", Video.tag_ids.type))
    column: InstrumentedAttribute[Any] = getattr(Video, name)
    return column == parameter(name, column.type)
