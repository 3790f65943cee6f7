"""What may be sent of webhooks."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from playout.api.types import NOT_A_BOOL, Id, Url, example
from playout.api.videos.schemas.types import LEFT_OUT
from playout.core.ledger.events import PATTERNS
from playout.core.webhooks.model import DESCRIPTION_LENGTH, FASTEST, PATTERN_COUNT

RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
SPELLINGS = sorted(PATTERNS | {each.removesuffix("*") for each in PATTERNS if each[-2:] == ".*"})


def _moment(value: object) -> datetime:
    if isinstance(value, str) and RFC3339.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    raise ValueError("must be a date-time as RFC 3339 writes it, like 2026-01-31T12:00:00Z")


When = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Pattern = Annotated[str, WithJsonSchema({"type": "string", "enum": SPELLINGS})]
EventTypes = Annotated[
    list[Pattern],
    Field(
        min_length=1,
        max_length=PATTERN_COUNT,
        description="Types of events, all of a noun (`share.*`), or everything (`*`)",
    ),
]
Description = Annotated[str, Field(max_length=DESCRIPTION_LENGTH)]
Workspaces = Annotated[
    list[Id],
    Field(min_length=1, max_length=100, description="Those whose events it gets; null for all"),
]
Rate = Annotated[
    int,
    Field(ge=1, le=FASTEST, description="Deliveries a second at the most; null for no limit"),
    NOT_A_BOOL,
]


class WebhookIn(BaseModel):
    """An endpoint."""

    model_config = example(
        url="https://receiver.example.com/playout", event_types=["video.published", "share.*"]
    )

    url: Url
    event_types: EventTypes
    description: Description = ""
    workspaces: Workspaces | None = None
    rate: Rate | None = None


class WebhookPatch(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = example(event_types=["video.*"], rate=20)

    url: Url = LEFT_OUT
    event_types: EventTypes = LEFT_OUT
    description: Description = LEFT_OUT
    workspaces: Workspaces | None = LEFT_OUT
    rate: Rate | None = LEFT_OUT

    def fields(self) -> dict[str, Any]:
        """Those that were sent, by core's names."""
        sent = self.model_dump(exclude_unset=True)
        return {("project_ids" if name == "workspaces" else name): sent[name] for name in sent}


class ResendIn(BaseModel):
    """Since when what failed is sent again."""

    model_config = example(since="2026-01-31T12:00:00Z")

    since: When
