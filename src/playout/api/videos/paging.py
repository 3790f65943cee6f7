"""Pages of lists: `{count, next, previous, results}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import Field
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.request import ApiRuntime
from playout.api.types import UriOut
from playout.api.videos.schemas.types import document_only
from playout.kit.errors import NotFound

PAGE_SIZE = 20
LARGEST_PAGE = 200
LAST_PAGE = 10_000
COUNT_IS_LIMITED = "Count-Is-Limited"
"""Header of a list that has more entries than `count`: counting stopped there."""

Row = TypeVar("Row")
Out = TypeVar("Out")


@document_only
class ListOf(TypedDict, Generic[Out]):
    """One page of a list, with the addresses of the pages before and after it."""

    count: Annotated[
        int,
        Field(
            ge=0,
            description="Number of entries on all pages together; a lower bound if the answer has"
            f" the header `{COUNT_IS_LIMITED}`",
        ),
    ]
    next: UriOut | None
    previous: UriOut | None
    results: Annotated[list[Out], Field(max_length=LARGEST_PAGE)]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The page of a list that a request asks for."""

    request: Request
    base_url: str
    number: int
    size: int

    @property
    def offset(self) -> int:
        """Return how many entries the pages before this one hold."""
        return (self.number - 1) * self.size

    def answer(self, results: list[Out], count: int) -> Answer[ListOf[Out]]:
        """Answer with this page. `count` is the number of entries on all pages together.

        Raise `NotFound` when the page comes after the last one.
        """
        return Answer(self.list_of(results, count))

    def answer_slice(self, rows: Sequence[Row], out: Callable[[Row], Out]) -> Answer[ListOf[Out]]:
        """Answer with this page of a list that is whole in memory, as `answer` does."""
        shown = rows[self.offset : self.offset + self.size]
        return self.answer([out(row) for row in shown], len(rows))

    def list_with_more(
        self, results: list[Out], count: int, *, more: bool, **parameters: object
    ) -> ListOf[Out]:
        """Return the JSON of this page of a list whose entries may not all have been counted.

        `parameters` are those of the query that lead to the next page, beside its number. Raise
        `NotFound` when the page comes after the last one.
        """
        if self.number > 1 and not results:
            raise NotFound("There is no such page.")
        # A cursor leads on from there, whatever number the page has.
        following = min(self.number + 1, LAST_PAGE) if parameters else self.number + 1
        more = more and following <= LAST_PAGE
        return {
            "count": count,
            "next": self.address(page=following, **parameters) if more else None,
            "previous": self.previous,
            "results": results,
        }

    @property
    def previous(self) -> str | None:
        """Return the address of the page before this one, if there is one."""
        if self.number == 1:
            return None
        url = self.request.url.remove_query_params("cursor")
        url = url.include_query_params(page=self.number - 1)
        return f"{self.base_url}{url.path}?{url.query}"

    def list_of(self, results: list[Out], count: int) -> ListOf[Out]:
        """Return the JSON that `answer` sends."""
        if self.number > 1 and self.offset >= count:
            raise NotFound("There is no such page.")
        return self.list_with_more(results, count, more=self.offset + self.size < count)

    def address(self, **parameters: object) -> str:
        """Return the address of the request with some parameters of its query replaced."""
        url = self.request.url.include_query_params(**parameters)
        return f"{self.base_url}{url.path}?{url.query}"


def count_headers(is_exact: bool) -> dict[str, str]:
    """Return the headers that say whether the `count` of a list is the number of its entries."""
    return {} if is_exact else {COUNT_IS_LIMITED: "true"}


async def _page_request(
    request: Request,
    runtime: ApiRuntime,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    page_size: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE_SIZE,
) -> PageRequest:
    return PageRequest(request, runtime.base_url, page, page_size)


Page = Annotated[PageRequest, Depends(_page_request)]
