"""The JSON of webhook endpoints and their secrets."""

from typing import Annotated, NotRequired, cast

from pydantic import BaseModel, Field, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.types import (
    NFC,
    NOT_A_BOOL,
    DateTimeOut,
    Id,
    Rfc3339DateTime,
    UriOut,
    Url,
    example,
)
from playout.api.videos.schemas.types import LEFT_OUT, document_only, optional_time_out, time_out
from playout.core.webhooks.events import PATTERNS
from playout.core.webhooks.model import (
    DESCRIPTION_LENGTH,
    MAX_RATE,
    PATTERN_COUNT,
    Endpoint,
    EndpointState,
)
from playout.core.webhooks.service import EndpointChanges

# `share.` is accepted for `share.*`.
SPELLINGS = sorted(PATTERNS | {each.removesuffix("*") for each in PATTERNS if each[-2:] == ".*"})
Pattern = Annotated[str, WithJsonSchema({"type": "string", "enum": SPELLINGS})]
EventTypes = Annotated[
    list[Pattern],
    Field(
        min_length=1,
        max_length=PATTERN_COUNT,
        description="Types of events, all of a noun (`share.*`), or everything (`*`)",
    ),
]
Description = Annotated[str, Field(max_length=DESCRIPTION_LENGTH), NFC]
Workspaces = Annotated[
    list[Id],
    Field(
        min_length=1,
        max_length=100,
        description="Workspaces whose events are delivered; null for all",
    ),
]
Rate = Annotated[
    int,
    Field(ge=1, le=MAX_RATE, description="Maximum of deliveries in a second; null for no limit"),
    NOT_A_BOOL,
]


class WebhookIn(BaseModel):
    """An endpoint to create."""

    model_config = example(
        url="https://receiver.example.com/playout", event_types=["video.published", "share.*"]
    )

    url: Url
    event_types: EventTypes
    description: Description = ""
    workspaces: Workspaces | None = None
    rate: Rate | None = None


class WebhookPatch(BaseModel):
    """Fields of an endpoint to change. A field that is left out stays as it is."""

    model_config = example(event_types=["video.*"], rate=20)

    url: Url = LEFT_OUT
    event_types: EventTypes = LEFT_OUT
    description: Description = LEFT_OUT
    workspaces: Workspaces | None = LEFT_OUT
    rate: Rate | None = LEFT_OUT

    def fields(self) -> EndpointChanges:
        """Return the fields that were sent, by the names that core gives them."""
        sent = self.model_dump(exclude_unset=True)
        if "workspaces" in sent:
            sent["project_ids"] = sent.pop("workspaces")
        return cast("EndpointChanges", sent)


class ResendIn(BaseModel):
    """The time of the first event whose failed delivery is sent again."""

    model_config = example(since="2026-01-31T12:00:00Z")

    since: Rfc3339DateTime


@document_only
class WebhookOut(TypedDict):
    """An endpoint without its secret."""

    id: int
    url: UriOut
    description: str
    event_types: list[str]
    workspaces: list[int] | None
    rate: int | None
    state: EndpointState
    disabled_reason: str | None
    failing_since: Annotated[
        DateTimeOut | None,
        Field(description="Since when every delivery fails; null while deliveries succeed"),
    ]
    created_at: DateTimeOut
    created_by: str
    updated_at: DateTimeOut


@document_only
class NewSecretOut(WebhookOut):
    """An endpoint and its new secret. A replay comes without the secret."""

    secret: NotRequired[str]


@document_only
class SecretsOut(TypedDict):
    """The secrets that sign the deliveries to an endpoint: two of them after a rotation."""

    secret: str
    previous_secret: str | None
    previous_until: DateTimeOut | None


@document_only
class ResentOut(TypedDict):
    """The number of deliveries that are sent again."""

    resent: int


def webhook_out(endpoint: Endpoint) -> WebhookOut:
    """Return the JSON of an endpoint."""
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types,
        "workspaces": endpoint.project_ids,
        "rate": endpoint.rate,
        "state": endpoint.state,
        "disabled_reason": endpoint.disabled_reason,
        "failing_since": optional_time_out(endpoint.failing_since),
        "created_at": time_out(endpoint.created_at),
        "created_by": endpoint.created_by,
        "updated_at": time_out(endpoint.updated_at),
    }


def secrets_out(endpoint: Endpoint, secrets: list[str]) -> SecretsOut:
    """Return the JSON of the secrets of an endpoint, the newest of which comes first."""
    secret, *previous = secrets
    return {
        "secret": secret,
        "previous_secret": previous[0] if previous else None,
        "previous_until": optional_time_out(endpoint.previous_until) if previous else None,
    }
