"""Types of values that several APIs take or answer, with the bounds that core sets."""

from typing import Annotated, Any

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


def example(**fields: Any) -> ConfigDict:
    """Return the model config of a body that shows these fields as its example."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def _reject_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _http(url: str) -> str:
    AnyHttpUrl(url)
    return url


NOT_A_BOOL = BeforeValidator(_reject_bool)
"""Validator of whole numbers: Pydantic would read true as 1. It comes after the bounds."""
Id = Annotated[int, Field(ge=1, lt=2**63), NOT_A_BOOL]
"""A row number of the database, which counts in 64 bits."""

SPELLINGS = {
    "enum": [0, 1, "0", "1", "t", "f", "true", "false", "y", "n", "yes", "no", "on", "off"]
}
Flag = Annotated[bool, WithJsonSchema({"anyOf": [{"type": "boolean"}, SPELLINGS]})]
"""A boolean, also as forms and older clients spell it."""
NOT_BLANK = Field(json_schema_extra={"pattern": r"\S"})
"""Schema of a text that is stripped and may not be empty then."""
Url = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    AfterValidator(_http),
    Field(json_schema_extra={"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[0-9A-Za-z]"}),
]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH), NOT_BLANK
]
Description = Annotated[str, StringConstraints(max_length=DESCRIPTION_LENGTH)]
Language = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LANGUAGE_LENGTH)]
AspectRatio = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)]
LongText = Annotated[str, StringConstraints(max_length=LONG_TEXT_LENGTH)]

DateTimeOut = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
UuidOut = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
UriOut = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
