"""How values are spelled in this API's JSON, and how its document names the spelling."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema, with_config

from playout.api.types import NOT_A_BOOL

Email = Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1), NOT_A_BOOL]
Seconds = Annotated[Int32, Field(description="Duration in seconds")]
Anything = Annotated[Any, WithJsonSchema({"description": "Any type"})]
NO_NUL = r"^[^\x00]*$"
"""For a text of the query: PostgreSQL holds no NUL character, and could not even compare one."""
ShortText = Annotated[str, Field(max_length=255)]

LEFT_OUT: Any = Field(default_factory=lambda: None)
"""For what need not be sent. The document tells no default: what is left out stays as it is. Null
may be sent only where the type says so."""

document_only = with_config(ConfigDict(defer_build=True))
"""For the shape of an answer: nothing checks an answer against it, so nothing is built of it until
somebody reads the document."""


def time_out(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else time_out(moment)
