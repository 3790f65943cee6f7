"""How the Publications API says that something went wrong: `{"message", "code"}`."""

from fastapi import Request
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError


class Refusal(TypedDict):
    """A sentence for a person, and a code that stays the same."""

    message: str
    code: str


def render_error(request: Request, error: PlayoutError) -> JSONResponse:  # noqa: ARG001
    refusal: Refusal = {"message": error.message, "code": error.code}
    return JSONResponse(refusal, STATUS.get(error.code, 400))
