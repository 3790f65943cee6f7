"""How the Productions API says that something went wrong: `{"status", "error": {"message"}}`."""

import re
from typing import Literal

from fastapi import Request
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError

IN_ITEM = re.compile(r"([0-9]+)(?:\.(.+))?")


class Sentence(TypedDict):
    """What went wrong, in a sentence for a person."""

    message: str


class Failure(TypedDict):
    """The envelope of what went wrong; an item at fault is named by its index."""

    status: Literal["error"]
    error: Sentence


def render_error(request: Request, error: PlayoutError) -> JSONResponse:  # noqa: ARG001
    body: Failure = {"status": "error", "error": {"message": _message(error)}}
    return JSONResponse(body, STATUS.get(error.code, 400))


def _message(error: PlayoutError) -> str:
    """The error's sentence; validation, which tells items of an array by a number, says `item`."""
    field, text = next(iter(error.details.items()), ("", ""))
    found = IN_ITEM.fullmatch(field)
    if found is None:
        return error.message.removeprefix("body: ")
    index, rest = found.groups()
    return f"item {index}: {rest}: {text}" if rest else f"item {index}: {text}"
