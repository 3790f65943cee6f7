"""Errors of the Shares API: problem details (RFC 9457) in the form that ASP.NET gives them."""

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic.alias_generators import to_camel

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError
from playout.kit.http.problem_details import ProblemDetails, ProblemResponse, problem_details


class ShareProblem(ProblemDetails):
    """Problem details (RFC 9457). `errors` lists the messages of each invalid field."""

    traceId: str


def render_error(request: Request, error: PlayoutError) -> JSONResponse:
    """Return the response to an error."""
    status = STATUS.get(error.code, 400)
    problem: ShareProblem = {
        **problem_details(error, status, field_name=_field_name),
        "traceId": request.state.request_id,
    }
    if error.details:
        problem["title"] = "One or more validation errors occurred."
    return ProblemResponse(problem, status)


def _field_name(name: str) -> str:
    """Return a field as this API names it. What follows a dot is JSON of the client's own."""
    field, dot, place = name.partition(".")
    return f"{to_camel(field)}{dot}{place}"
