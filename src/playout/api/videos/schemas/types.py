"""Types of values that the Videos API takes or answers, with the bounds that core sets."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, with_config

from playout.api.types import DATE_TIME, NFC, NOT_A_BOOL

LEFT_OUT: Any = Field(default_factory=lambda: None)
"""Default of a field that a request may leave out. The OpenAPI document shows no default: the
stored value stays as it is. Null may be sent only where the type says so."""

document_only = with_config(ConfigDict(defer_build=True))
"""Decorator for the type of an answer. mypy checks answers against it, and Pydantic does not: so
Pydantic builds nothing from it until somebody reads the OpenAPI document."""

NO_NUL = r"^[^\x00]*$"
"""Pattern of a text in the query. PostgreSQL cannot store or compare a NUL character."""


def _iso_date_time(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _zoned_date_time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("must say its zone: 2026-01-31T12:00:00Z")
    return moment


AnyJson = Annotated[Any, WithJsonSchema({"description": "Any type"})]
Email = Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1), NOT_A_BOOL]
Seconds = Annotated[Int32, Field(description="Duration in seconds")]
ShortText = Annotated[str, Field(max_length=255), NFC]
IsoDateTimeText = Annotated[
    str, AfterValidator(_iso_date_time), Field(json_schema_extra={"format": "date-time"})
]
"""A date and time that is checked but stays a text. Pydantic would take a number, too."""
ZonedDateTime = Annotated[datetime, BeforeValidator(_zoned_date_time), DATE_TIME]
"""A date and time with its time zone, as ISO 8601 writes it."""


def time_out(moment: datetime) -> str:
    """Return RFC 3339 in UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def optional_time_out(moment: datetime | None) -> str | None:
    """Return `time_out`, or None for None."""
    return None if moment is None else time_out(moment)
