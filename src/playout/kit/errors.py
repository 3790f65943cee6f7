"""Errors that any layer may raise: a code and a sentence. Each API decides the HTTP status.

The OpenAPI documents describe the errors with the docstrings of these classes.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

RETRY_AFTER = 5
"""Seconds after which a client may try again what was `Unavailable`."""

Value = TypeVar("Value")


class PlayoutError(Exception):
    """A request, a command or a job that cannot be carried out.

    `code` is stable and meant for programs. `message` is one sentence for a person. `details` maps
    the names of fields to what is wrong with them.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = dict(details or {})


class Invalid(PlayoutError):
    """Input that breaks a rule."""

    code = "invalid"


class Unauthenticated(PlayoutError):
    """A credential that is missing, wrong, revoked or expired."""

    code = "unauthenticated"


class Forbidden(PlayoutError):
    """A valid credential that has no permission for the request."""

    code = "forbidden"


class NotFound(PlayoutError):
    """Nothing with that name or id, or nothing that the credential may see."""

    code = "not_found"


class Conflict(PlayoutError):
    """A state that does not allow the operation."""

    code = "conflict"


class PreconditionFailed(PlayoutError):
    """A resource that has changed since the client read it."""

    code = "precondition_failed"


class TooLarge(PlayoutError):
    """More bytes than are accepted."""

    code = "too_large"


class RateLimited(PlayoutError):
    """More requests than the key may send in a minute."""

    code = "rate_limited"


class StorageFull(PlayoutError):
    """A storage that has no room for the file."""

    code = "storage_full"


class Unavailable(PlayoutError):
    """A dependency that does not answer at the moment. Try again later."""

    code = "unavailable"


def reason_of(error: BaseException) -> str:
    """Return what went wrong in one line for the log: the error and, if it has notes, their last
    line, which is what a tool wrote last."""
    notes = [line for note in getattr(error, "__notes__", ()) for line in note.splitlines() if line]
    text = " ".join(str(error).split())
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{said} ({notes[-1].strip()})" if notes else said


def require_found(value: Value | None, noun: str) -> Value:
    """Return a value that was looked up, or raise `NotFound` when it is None."""
    if value is None:
        raise NotFound(f"There is no such {noun}.")
    return value
