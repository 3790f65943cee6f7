"""Types of values that the Shares API accepts or returns. Core sets their bounds."""

import re
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from playout.api.types import NFC, NOT_BLANK, Url
from playout.core.projects.channel import Channel
from playout.core.shares.model import (
    CTA_LABEL_LENGTH,
    LOCALE_LENGTH,
    SUBTITLE_LENGTH,
    TITLE_LENGTH,
)
from playout.kit.clock import rfc3339
from playout.kit.errors import NotFound

Value = TypeVar("Value")
HTTP_URL = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def _blank_to_none(value: object) -> object:
    """Return None for a blank text, because forms send "" for a field that is left out."""
    return None if isinstance(value, str) and not value.strip() else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _http_url(url: str) -> str:
    if not HTTP_URL.fullmatch(url):
        raise ValueError("must be an http or https address")
    return url


Optional = Annotated[Value | None, BeforeValidator(_blank_to_none)]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH),
    NOT_BLANK,
    NFC,
]
Subtitle = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SUBTITLE_LENGTH), NFC]
CtaLabel = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=CTA_LABEL_LENGTH), NFC
]
Locale = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LOCALE_LENGTH),
    Field(json_schema_extra={"format": "bcp47"}),
    NFC,
]
HttpUrl = Annotated[Url, AfterValidator(_http_url)]
UuidPath = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
"""A UUID in an address. The endpoint reads it with `parse_uuid`, so that a text that is no UUID
gets the same 404 as an unknown id."""
ChannelPath = Annotated[Channel, BeforeValidator(_upper)]


class CamelIn(BaseModel):
    """A body in camelCase. Unknown fields are ignored."""

    model_config = ConfigDict(alias_generator=to_camel)


def parse_uuid(text: str, noun: str = "project") -> UUID:
    """Return the UUID of that text. Raise `NotFound` for a text that is no UUID."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(f"There is no such {noun}.") from error


def time_out(moment: datetime) -> str:
    """Return RFC 3339 in UTC, to the millisecond."""
    return rfc3339(moment, "milliseconds")


def optional_time_out(moment: datetime | None) -> str | None:
    """Return `time_out`, or None for None."""
    return None if moment is None else time_out(moment)
