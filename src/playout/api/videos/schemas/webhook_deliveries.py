"""The JSON of webhook deliveries and their attempts."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut
from playout.api.videos.schemas.types import document_only, optional_time_out, time_out
from playout.core.webhooks.model import Attempt, Delivery, DeliveryState, Message


class DeliveredEventOut(TypedDict):
    """The event that a delivery carries."""

    id: int
    type: str
    at: DateTimeOut


@document_only
class DeliveryOut(TypedDict):
    """An event for one endpoint."""

    id: int
    webhook_id: Annotated[
        str, Field(description="Value of the header `webhook-id` in every attempt")
    ]
    webhook: int
    event: DeliveredEventOut
    state: DeliveryState
    tries: Annotated[int, Field(description="Attempts since the delivery was last requested")]
    next_at: Annotated[DateTimeOut | None, Field(description="Time of the next attempt")]
    delivered_at: DateTimeOut | None


class AttemptOut(TypedDict):
    """One attempt to deliver an event."""

    at: DateTimeOut
    duration_ms: int
    status: int | None
    answer: Annotated[str, Field(description="The first KiB of the answer")]
    error: Annotated[str | None, Field(description="Why there was no answer")]


@document_only
class DeliveryDetailOut(DeliveryOut):
    """A delivery with its body and its attempts."""

    body: Annotated[str, Field(description="The body of every attempt, byte for byte")]
    attempts: list[AttemptOut]


def delivery_out(delivery: Delivery, message: Message) -> DeliveryOut:
    """Return the JSON of a delivery."""
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


def delivery_detail_out(
    delivery: Delivery, message: Message, attempts: list[Attempt]
) -> DeliveryDetailOut:
    """Return the JSON of a delivery with its body and its attempts, the first of them first."""
    return {
        **delivery_out(delivery, message),
        "body": message.body.decode(),
        "attempts": [_attempt_out(attempt) for attempt in attempts],
    }


def _attempt_out(attempt: Attempt) -> AttemptOut:
    return {
        "at": time_out(attempt.at),
        "duration_ms": attempt.duration_ms,
        "status": attempt.status,
        "answer": attempt.answer.decode(errors="replace"),
        "error": attempt.error,
    }
