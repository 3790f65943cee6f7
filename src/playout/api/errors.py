"""Errors of requests: every failure becomes a `PlayoutError`, which each API renders."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from playout.core.publications.model import SLUG_PATTERN
from playout.kit.errors import RETRY_AFTER, Invalid, NotFound, PlayoutError, Unavailable

log = structlog.get_logger(__name__)

RenderError = Callable[[Request, PlayoutError], Response]
"""A function that returns the response to an error, in the form of its API."""


def with_retry_after(render_error: RenderError) -> RenderError:
    """Return the same renderer, which also adds `Retry-After` to an `Unavailable`."""

    def render(request: Request, error: PlayoutError) -> Response:
        answer = render_error(request, error)
        if isinstance(error, Unavailable):
            answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer

    return render


class MethodNotAllowed(PlayoutError):
    """The address does not accept this method."""

    code = "method_not_allowed"


class UnsupportedMediaType(PlayoutError):
    """The address does not accept a body of this media type."""

    code = "unsupported_media_type"


class ChecksumMismatch(PlayoutError):
    """The bytes do not match the checksum that the client sent (tus 1.0.0)."""

    code = "checksum_mismatch"


class Internal(PlayoutError):
    """An error in Playout itself. The log has the details, with the id of the request."""

    code = "internal"


STATUS = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "precondition_failed": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
    "checksum_mismatch": 460,
    "unavailable": 503,
    "storage_full": 507,
    "internal": 500,
}
"""HTTP status of each code."""

LOCATION_PREFIXES = frozenset({"body", "path", "query"})
"""Parts of a field's location that FastAPI adds and a client does not need."""

PATTERN_MESSAGES = {
    r"^[^\x00]*$": "It must not contain a NUL character.",
    "^[0-9]{1,18}-[0-9]{1,18}$": "It must be a cursor from an earlier answer.",
    "^([0-9]{1,18}-[0-9]{1,18})?$": "It must be a cursor from an earlier answer.",
    "^[1-9][0-9]{0,18}$": "It must be an id: a text of digits.",
    f"^{SLUG_PATTERN}$": "It may have letters a to z and digits, with single hyphens between them.",
}
"""The sentence for each pattern that the types of requests have."""
OTHER_PATTERN = "It does not have the form that the OpenAPI document of this API describes."


def install_error_handlers(app: FastAPI, render_error: RenderError) -> None:
    """Make the app answer every error in the form of its API."""

    def playout_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, PlayoutError)  # noqa: S101  registered for it alone
        return render_error(request, error)

    def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return render_error(request, validation_error(error.errors()))

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        answer = render_error(request, from_http(error))
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(sorted(_methods(request)))
        return answer

    def internal(request: Request, error: Exception) -> Response:
        log.error("request.failed", exc_info=error)
        return render_error(request, Internal("Something went wrong inside Playout."))

    app.add_exception_handler(PlayoutError, playout_error)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, internal)


def validation_error(problems: Sequence[Any]) -> Invalid:
    """Return the error for what Pydantic found: one sentence, and a message for each field."""
    details: dict[str, Any] = {}
    for problem in problems:
        path = ".".join(str(part) for part in problem["loc"] if part not in LOCATION_PREFIXES)
        message = _message(problem)
        details.setdefault(path or "body", message)
    first = next(iter(details.items()))
    return Invalid(f"{first[0]}: {first[1]}", details)


def _message(problem: Any) -> str:
    """Return the message of Pydantic, or a sentence instead of a regular expression."""
    if problem["type"] == "string_pattern_mismatch":
        return PATTERN_MESSAGES.get(problem["ctx"]["pattern"], OTHER_PATTERN)
    message: str = problem["msg"]
    return message.removeprefix("Value error, ")


def _methods(request: Request) -> set[str]:
    """Return all methods of an address. Starlette lists only those of its first route."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = iter_route_contexts(request.app.routes)
    return {
        each for route in routes if route.path_regex.match(path) for each in route.methods or ()
    }


def from_http(error: HTTPException) -> PlayoutError:
    """Return the `PlayoutError` that stands for an exception of the web framework."""
    if isinstance(error.__cause__, PlayoutError):
        # FastAPI wraps the error that `StrictRequest` raises while it reads the body.
        return error.__cause__
    if error.status_code == 404:
        return NotFound("There is nothing at this address.")
    if error.status_code == 405:
        return MethodNotAllowed("This address does not take that method.")
    return Invalid(str(error.detail))
