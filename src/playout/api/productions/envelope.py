"""Arrays in and out: batches, the envelope of an answer, and pages of a list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from playout.api.answer import Answer
from playout.core.batch import MAX_ITEMS
from playout.kit.errors import Invalid
from playout.kit.ids import serial

DEFAULT_LIMIT, MAX_LIMIT = 50, 200

Json = dict[str, Any]
Item = TypeVar("Item")


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
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]


def success(data: Sequence[Json], status: int = 200, etag: str | None = None) -> Answer:
    """The answer to what went well: always an array, also of one."""
    return Answer({"status": "success", "data": list(data)}, status, etag)


def page(data: Sequence[Json], limit: int) -> Answer:
    """A page of a list, of which one row more was loaded than is shown."""
    shown = list(data[:limit])
    following = _cursor(shown[-1]["id"]) if len(data) > limit else None
    return Answer({"status": "success", "data": shown, "next_cursor": following})


def before(cursor: str | None) -> int | None:
    """The id below which a page begins. Raises `Invalid` for a cursor that was not handed out."""
    if not cursor:
        return None
    try:
        number = serial(urlsafe_b64decode(cursor).decode())
    except ValueError:
        number = 0
    if number == 0 or cursor != _cursor(str(number)):
        raise Invalid("The cursor is not one that a list has told.")
    return number


def _cursor(last: str) -> str:
    return urlsafe_b64encode(last.encode()).decode()
