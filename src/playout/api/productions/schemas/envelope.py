"""The envelope of every answer, the pages of a list, and batches: arrays of items."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from playout.core.batch import MAX_ITEMS
from playout.kit.errors import Invalid
from playout.kit.ids import parse_id

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


class Identified(TypedDict):
    """An item of a list, which has an id."""

    id: str


Item = TypeVar("Item")
Row = TypeVar("Row", bound=Identified)


class Success(TypedDict, Generic[Item]):
    """The envelope of an answer. `data` is always an array, also for a single item."""

    status: Literal["success"]
    data: list[Item]


class Page(Success[Item], Generic[Item]):
    """A page of a list. `next_cursor` leads to the next page. It is null on the last one."""

    next_cursor: str | None


def _check_array(body: object) -> object:
    """Check the array before its items, so that the error says in plain words what is wrong."""
    if not isinstance(body, list):
        raise _array_error("The body must be an array, also for a single item.")
    if not body:
        raise _array_error("The array is empty.")
    if len(body) > MAX_ITEMS:
        raise _array_error(f"An array may have {MAX_ITEMS} items. This one has {len(body)}.")
    return body


def _array_error(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("array", "{sentence}", {"sentence": sentence})


Batch = Annotated[
    list[Item], BeforeValidator(_check_array), Field(min_length=1, max_length=MAX_ITEMS)
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[
    str | None,
    Query(description="`next_cursor` of the previous page."),
    WithJsonSchema({"type": "string", "format": "cursor"}),
]


def success(items: Sequence[Item]) -> Success[Item]:
    """Return the envelope of these items."""
    return {"status": "success", "data": list(items)}


def page(rows: Sequence[Row], limit: int) -> Page[Row]:
    """Return a page of `limit` rows. One row more shows that there is a next page."""
    shown = list(rows[:limit])
    next_cursor = _cursor_after(shown[-1]["id"]) if len(rows) > limit else None
    return {"status": "success", "data": shown, "next_cursor": next_cursor}


def read_cursor(cursor: str | None) -> int | None:
    """Return the id of the last item of the page before, or None for the first page.

    Raise `Invalid` for a cursor that no list returned.
    """
    if not cursor:
        return None
    try:
        last_id = parse_id(urlsafe_b64decode(cursor).decode())
    except ValueError:
        last_id = 0
    if last_id == 0 or cursor != _cursor_after(str(last_id)):
        raise Invalid("The cursor is not one that a list returned.")
    return last_id


def _cursor_after(last_id: str) -> str:
    return urlsafe_b64encode(last_id.encode()).decode()
