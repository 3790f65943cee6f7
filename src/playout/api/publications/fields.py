"""Kinds of values that the Publications API takes, with the bounds that core sets."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from playout.core.publications.model import (
    SLUG_LENGTH,
    SLUG_PATTERN,
    TAG_COUNT,
    TAG_LENGTH,
    TEXT_LENGTH,
)


def _tags(value: object) -> object:
    """An array, or one comma-separated string; blanks and repetitions are dropped."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _session_id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{24}", text):
        raise ValueError("must be 24 hexadecimal digits")
    return text


SessionId = Annotated[
    str,
    BeforeValidator(_lower),
    AfterValidator(_session_id),
    WithJsonSchema({"type": "string", "pattern": "^[0-9A-Fa-f]{24}$"}),
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH)]
Slug = Annotated[
    str,
    BeforeValidator(_lower),
    StringConstraints(pattern=f"^{SLUG_PATTERN}$", max_length=SLUG_LENGTH),
    Field(json_schema_extra={"pattern": f"^{SLUG_PATTERN.replace('a-z', 'A-Za-z')}$"}),
]
Tag = Annotated[str, StringConstraints(max_length=TAG_LENGTH)]
ONE_TAG = f"[^,]{{0,{TAG_LENGTH}}}"
Tags = Annotated[
    list[Tag],
    BeforeValidator(_tags),
    Field(max_length=TAG_COUNT),
    WithJsonSchema(
        {
            "description": "An array, or one text with commas between the tags.",
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": "string", "maxLength": TAG_LENGTH},
                    "maxItems": TAG_COUNT,
                },
                {
                    "type": "string",
                    "pattern": f"^{ONE_TAG}(,{ONE_TAG}){{0,{TAG_COUNT - 1}}}$",
                },
            ],
        }
    ),
]
