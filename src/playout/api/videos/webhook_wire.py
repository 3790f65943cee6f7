"""The JSON of webhooks, their deliveries and the attempts at them."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut
from playout.api.videos.schemas.types import document_only, optional_time_out, time_out
from playout.core.webhooks.model import (
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Message,
)


@document_only
class WebhookOut(TypedDict):
    """An endpoint; never its secret."""

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
        Field(description="Since when nothing has reached it; null while all is well"),
    ]
    created_at: DateTimeOut
    created_by: str
    updated_at: DateTimeOut


@document_only
class NewSecret(WebhookOut):
    """An endpoint with its secret, which a replay under an `Idempotency-Key` goes without."""

    secret: NotRequired[str]


@document_only
class SecretsOut(TypedDict):
    """What an endpoint's deliveries are signed with: one secret, or two after a rotation."""

    secret: str
    previous_secret: str | None
    previous_until: DateTimeOut | None


@document_only
class SentEventOut(TypedDict):
    """What a delivery tells of."""

    id: int
    type: str
    at: DateTimeOut


@document_only
class DeliveryOut(TypedDict):
    """An event on its way to an endpoint."""

    id: int
    webhook_id: Annotated[str, Field(description="The header of that name, in every attempt")]
    webhook: int
    event: SentEventOut
    state: DeliveryState
    tries: Annotated[int, Field(description="Attempts since it was last asked for")]
    next_at: Annotated[DateTimeOut | None, Field(description="When it is tried next")]
    delivered_at: DateTimeOut | None


@document_only
class AttemptOut(TypedDict):
    """One try."""

    at: DateTimeOut
    duration_ms: int
    status: int | None
    answer: Annotated[str, Field(description="The first KiB of it")]
    error: Annotated[str | None, Field(description="Why there was no answer")]


@document_only
class DeliveryDetail(DeliveryOut):
    """A delivery with what is sent and what came of it."""

    body: Annotated[str, Field(description="What is sent, byte for byte")]
    attempts: list[AttemptOut]


@document_only
class ResentOut(TypedDict):
    """How many deliveries are sent again."""

    resent: int


def webhook_out(endpoint: Endpoint) -> WebhookOut:
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
    secret, *previous = secrets
    return {
        "secret": secret,
        "previous_secret": previous[0] if previous else None,
        "previous_until": optional_time_out(endpoint.previous_until) if previous else None,
    }


def delivery_out(found: tuple[Delivery, Message]) -> DeliveryOut:
    delivery, message = found
    pending = delivery.state is DeliveryState.PENDING
    return {
        "id": delivery.id,
        "webhook_id": delivery.webhook_id,
        "webhook": delivery.endpoint_id,
        "event": {"id": message.event_id, "type": message.type, "at": time_out(message.at)},
        "state": delivery.state,
        "tries": delivery.tries,
        "next_at": time_out(delivery.next_at) if pending else None,
        "delivered_at": optional_time_out(delivery.delivered_at),
    }


def delivery_detail(
    delivery: Delivery, message: Message, attempts: list[Attempt]
) -> DeliveryDetail:
    return {
        **delivery_out((delivery, message)),
        "body": message.body.decode(),
        "attempts": [_attempt_out(each) for each in attempts],
    }


def _attempt_out(attempt: Attempt) -> AttemptOut:
    return {
        "at": time_out(attempt.at),
        "duration_ms": attempt.duration_ms,
        "status": attempt.status,
        "answer": attempt.answer.decode(errors="replace"),
        "error": attempt.error,
    }
