"""Errors of the Videos API: problem details (RFC 9457)."""

from http import HTTPStatus
from typing import NotRequired

from fastapi import Request
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError

PHRASES = {460: "Checksum Mismatch"}
"""Titles of statuses that Python does not know: 460 comes from tus 1.0.0."""


class Problem(TypedDict):
    """Problem details (RFC 9457). `errors` lists the messages of each field at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[dict[str, list[str]]]


def render_error(request: Request, error: PlayoutError) -> JSONResponse:
    """Return the response to an error."""
    status = STATUS.get(error.code, 400)
    problem: Problem = {
        "type": "about:blank",
        "title": PHRASES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "code": error.code,
        "request_id": request.state.request_id,
    }
    if error.details:
        problem["errors"] = {name: [text] for name, text in error.details.items()}
    return JSONResponse(problem, status, media_type="application/problem+json")
