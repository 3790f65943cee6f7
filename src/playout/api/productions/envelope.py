"""Arrays in and out: batches, the envelope of an answer, and pages of a list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.core.batch import MAX_ITEMS
from playout.kit.errors import Invalid
from playout.kit.ids import parse_id

DEFAULT_LIMIT, MAX_LIMIT = 50, 200

Item = TypeVar("Item")


class Success(TypedDict, Generic[Item]):
    """The answer to what went well: always an array, also of one."""

    status: Literal["success"]
    data: list[Item]


class Page(Success[Item], Generic[Item]):
    """A page of a list, and what names the page after it."""

    next_cursor: str | None


class Identified(TypedDict):
    """What stands in a list."""

    id: str


def _array(body: object) -> object:
    """Told here, before any item is looked at, and in plain words."""
    if not isinstance(body, list):
        raise _not("The body must be an array, also for a single item.")
    if not body:
        raise _not("The array is empty.")
    if len(body) > MAX_ITEMS:
        raise _not(f"An array has {MAX_ITEMS} items at the most; this one has {len(body)}.")
    return body


def _not(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("array", "{sentence}", {"sentence": sentence})


Batch = Annotated[list[Item], BeforeValidator(_array), Field(min_length=1, max_length=MAX_ITEMS)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[
    str | None,
    Query(description="`next_cursor` of the page before."),
    WithJsonSchema({"type": "string", "format": "cursor"}),
]


def success(data: Sequence[Identified], status: int = 200, etag: str | None = None) -> Answer:
    """The answer to what went well."""
    body: Success[Identified] = {"status": "success", "data": list(data)}
    return Answer(body, status, etag)


def page(data: Sequence[Identified], limit: int) -> Answer:
    """A page of a list, of which one row more was loaded than is shown."""
    shown = list(data[:limit])
    following = _cursor(shown[-1]["id"]) if len(data) > limit else None
    body: Page[Identified] = {"status": "success", "data": shown, "next_cursor": following}
    return Answer(body)


def before(cursor: str | None) -> int | None:
    """The id below which a page begins. Raises `Invalid` for a cursor that was not handed out."""
    if not cursor:
        return None
    try:
        number = parse_id(urlsafe_b64decode(cursor).decode())
    except ValueError:
        number = 0
    if number == 0 or cursor != _cursor(str(number)):
        raise Invalid("The cursor is not one that a list has told.")
    return number


def _cursor(last: str) -> str:
    return urlsafe_b64encode(last.encode()).decode()
