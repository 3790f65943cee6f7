"""Errors of the Productions API: `{"status": "error", "error": {"message"}}`."""

import re
from typing import Literal

from fastapi import Request
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError

ITEM_FIELD = re.compile(r"([0-9]+)(?:\.(.+))?")
"""Location of a validation error in an array: the index of the item, and its field."""


class MessageOut(TypedDict):
    """A sentence for a person. It names an invalid item of an array by its index."""

    message: str


class ErrorOut(TypedDict):
    """The envelope of an error."""

    status: Literal["error"]
    error: MessageOut


def render_error(request: Request, error: PlayoutError) -> JSONResponse:  # noqa: ARG001
    """Return the response to an error."""
    body: ErrorOut = {"status": "error", "error": {"message": _message(error)}}
    return JSONResponse(body, STATUS.get(error.code, 400))


def _message(error: PlayoutError) -> str:
    """Return the sentence of an error. For an invalid item it begins with `item` and the index."""
    field, text = next(iter(error.details.items()), ("", ""))
    found = ITEM_FIELD.fullmatch(field)
    if found is None:
        return error.message.removeprefix("body: ")
    index, rest = found.groups()
    return f"item {index}: {rest}: {text}" if rest else f"item {index}: {text}"
