"""One attempt: signed as the Standard Webhooks specification says, sent, and timed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from standardwebhooks import Webhook

from playout.core.webhooks.claims import Claimed
from playout.core.webhooks.model import ANSWER_BYTES, webhook_id
from playout.core.webhooks.retries import Tried
from playout.kit.clock import utcnow
from playout.kit.outbound.address_guard import OutboundError
from playout.kit.outbound.client import PostClient

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where it goes, and who signs it: one for each secret."""

    endpoint_id: int
    url: str
    signers: Sequence[Webhook]


async def send(client: PostClient, target: Target, what: Claimed, timeout: float) -> Tried:
    """Try it once; `timeout` is in seconds. What goes wrong is part of what comes back."""
    at, started = utcnow(), time.perf_counter()
    name, text = webhook_id(what.event_id, target.endpoint_id), what.body.decode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(each.sign(name, at, text) for each in target.signers),
    }

    def tried(**came: object) -> Tried:
        ms = round((time.perf_counter() - started) * 1000)
        return Tried(what.id, what.tries, at, ms, **came)  # type: ignore[arg-type]

    try:
        reply = await client.post(target.url, what.body, headers, timeout, ANSWER_BYTES)
    except OutboundError as error:
        return tried(error=error.message)
    except Exception as error:
        log.error("webhook.attempt_broke", delivery=what.id, exc_info=error)
        return tried(error="Something went wrong inside Playout.")
    return tried(
        status=reply.status, answer=reply.body, retry_after=reply.headers.get("retry-after")
    )
