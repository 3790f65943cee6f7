"""The jobs of webhooks: create deliveries, send what is due, delete what is old.

Those that send work with the dispatcher of the worker that they run in.
"""

import asyncio
from datetime import timedelta

from procrastinate import RetryStrategy

from playout.core.ledger.append import EventJob
from playout.core.webhooks import claims, messages, queries
from playout.core.webhooks.dispatch import Dispatcher
from playout.core.webhooks.events import WEBHOOK_EVENTS
from playout.core.webhooks.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.jobs import Attempt, job, periodic_job, take_over

QUEUE = "webhooks"
FIRST = 10
"""Priority: what is due for a retry does not wait behind a crowd of new events."""
JOBS_AT_ONCE = 100
"""Fan-out jobs that one of them takes over."""
MESSAGES_AT_ONCE = 1_000
"""Old messages that are deleted in one transaction."""


@job(name="webhooks.fan_out", queue=QUEUE, retry=RetryStrategy(linear_wait=1), pass_attempt=True)
async def fan_out(dispatcher: Dispatcher, attempt: Attempt, event_ids: list[int]) -> None:
    """Create the deliveries of events, also of those that other jobs wait with, and send them."""

    def create_deliveries() -> set[int]:
        with dispatcher.resources.database.write_session() as session:
            # A retry takes over no others: the event that makes it fail must not hold them up.
            others = take_over(session, fan_out, JOBS_AT_ONCE) if attempt.number == 1 else []
            more = (event_id for each in others for event_id in each["event_ids"])
            return messages.fan_out(session, [*event_ids, *more])

    dispatcher.wake(await asyncio.to_thread(create_deliveries))


FAN_OUT_NEW_EVENTS = EventJob(
    fan_out,
    """
    event = ANY(:webhook_events) AND EXISTS (
        SELECT FROM webhook_endpoints AS endpoint
        WHERE endpoint.organization_id = appended.organization_id AND endpoint.state <> 'disabled'
    )
    """,
    {"webhook_events": list(WEBHOOK_EVENTS)},
)
"""Fan out what webhooks carry, if the organization has an endpoint that may receive it."""


@periodic_job(name="webhooks.sweep", queue=QUEUE, cron="* * * * * */5", priority=FIRST)
async def send_all_due(dispatcher: Dispatcher) -> None:
    """Send what is due and nobody sends: retries, and what dead workers had claimed."""

    def find() -> list[int]:
        with dispatcher.resources.database.read_session() as session:
            return claims.due_endpoints(session, utcnow())

    dispatcher.wake(await asyncio.to_thread(find))


@job(name="webhooks.send", queue=QUEUE, priority=FIRST)
async def send_due(dispatcher: Dispatcher, endpoint_id: int) -> None:
    """Send what is due for an endpoint now, rather than within the next seconds."""
    dispatcher.wake([endpoint_id])


@periodic_job(name="webhooks.forget", queue=QUEUE, cron="47 * * * *")
def delete_old_messages(resources: Resources) -> None:
    """Delete messages with no pending delivery that are older than the operator keeps them."""
    before = utcnow() - timedelta(days=resources.settings.webhook_retention_days)
    deleted = MESSAGES_AT_ONCE
    while deleted == MESSAGES_AT_ONCE and not resources.stopping.is_set():
        with resources.database.write_session() as session:
            deleted = queries.delete_old(session, before, MESSAGES_AT_ONCE)
