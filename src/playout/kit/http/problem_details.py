"""Errors as problem details (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import NotRequired

from starlette.responses import JSONResponse
from typing_extensions import TypedDict

from playout.kit.errors import PlayoutError

MEDIA_TYPE = "application/problem+json"

PHRASES = {460: "Checksum Mismatch"}
"""Titles of statuses that Python does not know: 460 comes from tus 1.0.0."""


class ProblemDetails(TypedDict):
    """The members that all problem details have. `errors` says what is wrong with each field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[dict[str, list[str]]]


class ProblemResponse(JSONResponse):
    """An answer whose body is problem details."""

    media_type = MEDIA_TYPE


def problem_details(
    error: PlayoutError, status: int, field_name: Callable[[str], str] = str
) -> ProblemDetails:
    """Return the problem details of an error that is answered with that status.

    `field_name` turns the name of a field, as core spells it, into the name that the API uses.
    """
    problem: ProblemDetails = {
        "type": "about:blank",
        "title": PHRASES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "code": error.code,
    }
    if error.details:
        problem["errors"] = {field_name(name): [text] for name, text in error.details.items()}
    return problem
