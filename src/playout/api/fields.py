"""Kinds of text that several APIs take, with the bounds that core sets."""

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
    """For a body: what the document shows of it."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _http(url: str) -> str:
    AnyHttpUrl(url)
    return url


NO_FLAG = BeforeValidator(_no_flag)
"""For a whole number; Pydantic would take true for 1. It stands after the bounds."""
Id = Annotated[int, Field(ge=1, lt=2**63), NO_FLAG]
"""What the database counts rows with; beyond it there is nothing to look up."""

SPELLED = {"enum": [0, 1, "0", "1", "t", "f", "true", "false", "y", "n", "yes", "no", "on", "off"]}
Flag = Annotated[bool, WithJsonSchema({"anyOf": [{"type": "boolean"}, SPELLED]})]
"""True or false, also as forms and older clients spell it."""
VISIBLE = Field(json_schema_extra={"pattern": r"\S"})
"""For the document, of a text that is stripped and then may not be empty."""
Url = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    AfterValidator(_http),
    Field(json_schema_extra={"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[0-9A-Za-z]"}),
]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH), VISIBLE
]
Description = Annotated[str, StringConstraints(max_length=DESCRIPTION_LENGTH)]
Language = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LANGUAGE_LENGTH)]
AspectRatio = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)]
LongText = Annotated[str, StringConstraints(max_length=LONG_TEXT_LENGTH)]
