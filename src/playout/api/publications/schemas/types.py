"""Types of values that the Publications API accepts or returns. Core sets their bounds."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from playout.api.types import NFC
from playout.core.publications.model import (
    SLUG_LENGTH,
    SLUG_PATTERN,
    TAG_COUNT,
    TAG_LENGTH,
    TEXT_LENGTH,
)
from playout.kit.clock import rfc3339
from playout.kit.text import first_spellings


def _split(value: object) -> object:
    """Return the tags of an array, or of a text with commas, without blanks."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    return [part.strip() for part in parts if part.strip()]


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
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH), NFC]
Slug = Annotated[
    str,
    BeforeValidator(_lower),
    StringConstraints(pattern=f"^{SLUG_PATTERN}$", max_length=SLUG_LENGTH),
    Field(json_schema_extra={"pattern": f"^{SLUG_PATTERN.replace('a-z', 'A-Za-z')}$"}),
]
Tag = Annotated[str, StringConstraints(max_length=TAG_LENGTH), NFC]
ONE_TAG = f"[^,]{{0,{TAG_LENGTH}}}"
Tags = Annotated[
    list[Tag],
    Field(max_length=TAG_COUNT),
    BeforeValidator(_split),
    # Spellings are compared last: that takes long for a text without bounds.
    AfterValidator(first_spellings),
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


def time_out(moment: datetime) -> str:
    """Return RFC 3339 in UTC, to the millisecond."""
    return rfc3339(moment, "milliseconds")
