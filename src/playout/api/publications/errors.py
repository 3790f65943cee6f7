"""How the Publications API says that something went wrong: `{"message", "code"}`."""

from fastapi import Request
from fastapi.responses import JSONResponse

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError


def spell(request: Request, error: PlayoutError) -> JSONResponse:  # noqa: ARG001
    return JSONResponse({"message": error.message, "code": error.code}, STATUS.get(error.code, 400))
