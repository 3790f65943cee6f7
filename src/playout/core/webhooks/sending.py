"""One attempt: signed as the Standard Webhooks specification says, sent, and timed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from standardwebhooks import Webhook

from playout.core.webhooks.claims import ClaimedDelivery
from playout.core.webhooks.model import ANSWER_BYTES, webhook_id
from playout.core.webhooks.retries import AttemptResult
from playout.kit.clock import utcnow
from playout.kit.outbound.address_guard import OutboundError
from playout.kit.outbound.client import PostClient

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint as an attempt needs it, with one signer for each secret."""

    endpoint_id: int
    url: str
    signers: Sequence[Webhook]


async def send(
    client: PostClient, target: Target, delivery: ClaimedDelivery, timeout: float
) -> AttemptResult:
    """Make one attempt; `timeout` is in seconds. An error becomes part of the result."""
    at, started = utcnow(), time.perf_counter()
    status, answer, error, retry_after = None, b"", None, None
    try:
        headers = _headers(target, delivery, at)
        reply = await client.post(target.url, delivery.body, headers, timeout, ANSWER_BYTES)
        status, answer = reply.status, reply.body
        retry_after = reply.headers.get("retry-after")
    except OutboundError as refused:
        error = refused.message
    except Exception as fault:
        log.error("webhook.attempt_failed", delivery=delivery.id, exc_info=fault)
        error = "Something went wrong inside Playout."
    duration_ms = round((time.perf_counter() - started) * 1000)
    return AttemptResult(
        delivery.id,
        delivery.tries,
        at,
        duration_ms,
        status=status,
        answer=answer,
        error=error,
        retry_after=retry_after,
    )


def _headers(target: Target, delivery: ClaimedDelivery, at: datetime) -> dict[str, str]:
    name, body = webhook_id(delivery.event_id, target.endpoint_id), delivery.body.decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(each.sign(name, at, body) for each in target.signers),
    }
