"""Kinds of values that the Shares API takes, with the bounds that core sets."""

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

from playout.api.fields import VISIBLE, Url
from playout.core.shares.model import (
    CTA_LABEL_LENGTH,
    LOCALE_LENGTH,
    SUBTITLE_LENGTH,
    TITLE_LENGTH,
    Channel,
)
from playout.kit.errors import NotFound

Value = TypeVar("Value")
ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def _blank(value: object) -> object:
    """Forms send "" for what is left out."""
    return None if isinstance(value, str) and not value.strip() else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _link(url: str) -> str:
    if not ADDRESS.fullmatch(url):
        raise ValueError("must be an http or https address")
    return url


Optional = Annotated[Value | None, BeforeValidator(_blank)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH), VISIBLE
]
Subtitle = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SUBTITLE_LENGTH)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=CTA_LABEL_LENGTH)]
Locale = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LOCALE_LENGTH),
    Field(json_schema_extra={"format": "bcp47"}),
]
Link = Annotated[Url, AfterValidator(_link)]
UidPath = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
"""Read by `uid`, as part of the work: what is no UUID is not there."""
ChannelPath = Annotated[Channel, BeforeValidator(_upper)]


class CamelIn(BaseModel):
    """A body in camelCase; what is not known in it is ignored."""

    model_config = ConfigDict(alias_generator=to_camel)


def uid(text: str, noun: str = "project") -> UUID:
    """The UUID of an address. One that is none names nothing: `NotFound`, as for any unknown."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(f"There is no such {noun}.") from error


def time_out(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else time_out(moment)
