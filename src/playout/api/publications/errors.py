"""Errors of the Publications API: `{"message", "code"}`."""

from fastapi import Request
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError


class ErrorOut(TypedDict):
    """A sentence for a person, and a code for a program. The code never changes."""

    message: str
    code: str


def render_error(request: Request, error: PlayoutError) -> JSONResponse:  # noqa: ARG001
    """Return the response to an error."""
    body: ErrorOut = {"message": error.message, "code": error.code}
    return JSONResponse(body, STATUS.get(error.code, 400))
