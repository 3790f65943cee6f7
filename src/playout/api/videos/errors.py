"""Errors of the Videos API: problem details (RFC 9457)."""

from fastapi import Request
from fastapi.responses import JSONResponse

from playout.api.errors import STATUS
from playout.kit.errors import PlayoutError
from playout.kit.http.problem_details import ProblemDetails, ProblemResponse, problem_details


class Problem(ProblemDetails):
    """Problem details (RFC 9457). `errors` lists the messages of each invalid field."""

    request_id: str


def render_error(request: Request, error: PlayoutError) -> JSONResponse:
    """Return the response to an error."""
    status = STATUS.get(error.code, 400)
    problem: Problem = {
        **problem_details(error, status),
        "request_id": request.state.request_id,
    }
    return ProblemResponse(problem, status)
