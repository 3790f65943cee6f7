"""Errors of the Shares API: problem details (RFC 9457) in the form that ASP.NET gives them."""

from http import HTTPStatus
from typing import NotRequired

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError


class ProblemDetails(TypedDict):
    """Problem details (RFC 9457). `errors` lists the messages of each field at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    traceId: str
    errors: NotRequired[dict[str, list[str]]]


def render_error(request: Request, error: PlayoutError) -> JSONResponse:
    """Return the response to an error."""
    status = STATUS.get(error.code, 400)
    problem: ProblemDetails = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "code": error.code,
        "traceId": request.state.request_id,
    }
    if error.details:
        problem["title"] = "One or more validation errors occurred."
        problem["errors"] = {to_camel(name): [text] for name, text in error.details.items()}
    return JSONResponse(problem, status, media_type="application/problem+json")
