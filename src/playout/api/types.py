"""Types of values that several APIs accept or return. Core sets their bounds."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from playout.core.videos.model import (
    DESCRIPTION_LENGTH,
    LANGUAGE_LENGTH,
    LONG_TEXT_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
)
from playout.core.web_addresses import PROBLEM, has_credentials
from playout.kit.passwords import PASSWORD_LENGTH
from playout.kit.text import MAX_MARKS, has_endless_accents, normalize

RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def example(**fields: Any) -> ConfigDict:
    """Return the model config of a body with these fields as its example."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def _normalized(value: object) -> object:
    if not isinstance(value, str):
        return value
    if has_endless_accents(value):
        raise ValueError(f"may have no more than {MAX_MARKS} accents on a letter")
    return normalize(value)


def _reject_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _http(url: str) -> str:
    AnyHttpUrl(url)
    if has_credentials(url):
        raise ValueError(PROBLEM)
    return url


def _rfc3339_date_time(value: object) -> datetime:
    if isinstance(value, str) and RFC3339.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    raise ValueError("must be a date-time as RFC 3339 writes it, like 2026-01-31T12:00:00Z")


NFC = BeforeValidator(_normalized)
"""Validator of every text that people write. List it after the bounds, which hold for the form that
is stored."""
NOT_A_BOOL = BeforeValidator(_reject_bool)
"""Validator of whole numbers, because Pydantic reads true as 1. List it after the bounds."""
DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time"})
Rfc3339DateTime = Annotated[datetime, BeforeValidator(_rfc3339_date_time), DATE_TIME]
Password = Annotated[
    str,
    NFC,
    Field(
        min_length=1,
        max_length=PASSWORD_LENGTH,
        description="What visitors have to enter; null for none",
        json_schema_extra={"format": "password"},
    ),
]
Id = Annotated[int, Field(ge=1, lt=2**63), NOT_A_BOOL]
"""An id of the database: a positive integer of 64 bits."""

FLAG_SPELLINGS = [
    {"type": "boolean"},
    {"type": "string", "pattern": "^([01tfyn]|true|false|yes|no|on|off)$"},
    {"type": "integer", "minimum": 0, "maximum": 1},
]
# Not an enum of texts and numbers together: generators of clients cannot name its type.
Flag = Annotated[bool, WithJsonSchema({"anyOf": FLAG_SPELLINGS})]
"""A boolean. Forms and older clients may send one of the other spellings."""
Replace = Annotated[
    Literal["now"] | None,
    Query(description="`now` ends the address of the replaced file at once, not in ten minutes"),
]
"""A parameter of requests that replace a file."""
NOT_BLANK = Field(json_schema_extra={"pattern": r"\S"})
"""Schema of a text that must not be empty after it is stripped."""
URL_PATTERN = "^[Hh][Tt][Tt][Pp][Ss]?://[0-9A-Za-z][^@/?#]*([/?#]|$)"
Url = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    AfterValidator(_http),
    Field(json_schema_extra={"format": "uri", "pattern": URL_PATTERN}),
]
"""An http or https URL without credentials."""
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH),
    NOT_BLANK,
    NFC,
]
Description = Annotated[str, StringConstraints(max_length=DESCRIPTION_LENGTH), NFC]
Language = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LANGUAGE_LENGTH), NFC]
AspectRatio = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32), NFC]
LongText = Annotated[str, StringConstraints(max_length=LONG_TEXT_LENGTH), NFC]

DateTimeOut = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
UuidOut = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
UriOut = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
