"""Lists as this API gives them: `{count, next, previous, results}`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import Field
from typing_extensions import TypedDict

from playout.api.types import UriOut
from playout.api.videos.formats import document_only
from playout.kit.errors import NotFound

PAGE_SIZE = 20
LARGEST_PAGE = 200
LAST_PAGE = 10_000

Row = TypeVar("Row")
Shown = TypeVar("Shown")


@document_only
class ListOf(TypedDict, Generic[Shown]):
    """A page of a list, and the addresses of the pages beside it."""

    count: Annotated[int, Field(ge=0, description="How many there are on all pages")]
    next: UriOut | None
    previous: UriOut | None
    results: Annotated[list[Shown], Field(max_length=LARGEST_PAGE)]


@dataclass(frozen=True, slots=True)
class PageOf:
    """Which page of a list is asked for, and the address it is asked under."""

    request: Request
    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def of(
        self, rows: Iterable[Row], count: int, base_url: str, out: Callable[[Row], Shown]
    ) -> ListOf[Shown]:
        """The page. Raises `NotFound` beyond the last one."""
        if self.number > 1 and self.offset >= count:
            raise NotFound("There is no such page.")
        more = self.offset + self.size < count
        return {
            "count": count,
            "next": self._address(base_url, self.number + 1) if more else None,
            "previous": self._address(base_url, self.number - 1) if self.number > 1 else None,
            "results": [out(row) for row in rows],
        }

    def _address(self, base_url: str, number: int) -> str:
        query = self.request.url.include_query_params(page=number).query
        return f"{base_url}{self.request.url.path}?{query}"


def _page(
    request: Request,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    page_size: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE_SIZE,
) -> PageOf:
    return PageOf(request, page, page_size)


Page = Annotated[PageOf, Depends(_page)]
