"""Errors that core raises. They carry a code and a sentence; each API decides the status."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

Value = TypeVar("Value")


class PlayoutError(Exception):
    """Something a caller did, or asked for, cannot be done.

    `code` is stable and machine-readable, `message` is one sentence for a person, `details` maps
    a field's name to what is wrong with it.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = dict(details or {})


class Invalid(PlayoutError):
    """The input breaks a rule."""

    code = "invalid"


class Unauthenticated(PlayoutError):
    """No credential, or one that is wrong, revoked or expired."""

    code = "unauthenticated"


class Forbidden(PlayoutError):
    """The credential is good, but may not do this."""

    code = "forbidden"


class NotFound(PlayoutError):
    """There is no such thing, or none that this caller may know of."""

    code = "not_found"


class Conflict(PlayoutError):
    """The thing is not in a state in which this can be done."""

    code = "conflict"


class PreconditionFailed(PlayoutError):
    """The thing has changed since the caller looked at it."""

    code = "precondition_failed"


class TooLarge(PlayoutError):
    """More bytes than are accepted."""

    code = "too_large"


class RateLimited(PlayoutError):
    """More requests than the key may make in a minute."""

    code = "rate_limited"


class StorageFull(PlayoutError):
    """The storage has no room left."""

    code = "storage_full"


class Unavailable(PlayoutError):
    """A part that Playout needs does not answer at the moment; trying again later is right."""

    code = "unavailable"


def require_found(value: Value | None, noun: str) -> Value:
    """Return a value that was looked up, or raise `NotFound` when it is None."""
    if value is None:
        raise NotFound(f"There is no such {noun}.")
    return value
