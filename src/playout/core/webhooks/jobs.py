"""The jobs of webhooks, by name."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from procrastinate import JobContext, RetryStrategy

from playout.core.ledger.events import FAN_OUT, QUEUE
from playout.core.webhooks import claims, messages, queries
from playout.core.webhooks.dispatch import Dispatcher
from playout.core.webhooks.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.jobs import absorb, registry

FIRST = 10
"""Priority: what is due for a retry does not wait for a crowd of new events."""

AT_ONCE = 100
"""Jobs that are absorbed by one."""
DROPPED = 1_000
"""Messages that are dropped in one transaction."""


@registry.task(name=FAN_OUT, queue=QUEUE, pass_context=True, retry=RetryStrategy(linear_wait=1))
async def fan_out(context: JobContext, event_ids: list[int]) -> None:
    """Make deliveries of events, of those that other jobs wait with too, and send them."""

    def enter(resources: Resources) -> Iterable[int]:
        with resources.database.writing() as session:
            # Alone after a failure: what makes one fail must not hold up the others.
            others = [] if context.job.attempts else absorb(session, FAN_OUT, AT_ONCE)
            more = (number for each in others for number in each["event_ids"])
            return messages.fan_out(session, [*event_ids, *more])

    more = context.additional_context
    dispatcher: Dispatcher = more["dispatcher"]
    dispatcher.wake(await asyncio.to_thread(enter, more["runtime"]))


@registry.periodic(cron="* * * * * */5")  # the sixth field is the seconds
@registry.task(
    name="webhooks.sweep",
    queue=QUEUE,
    queueing_lock="webhooks.sweep",
    priority=FIRST,
    pass_context=True,
)
async def sweep(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Send what is due and nobody sends: retries, and what dead workers held."""

    def find(resources: Resources) -> Iterable[int]:
        with resources.database.reading() as session:
            return claims.due(session, utcnow())

    more = context.additional_context
    dispatcher: Dispatcher = more["dispatcher"]
    dispatcher.wake(await asyncio.to_thread(find, more["runtime"]))


@registry.task(name="webhooks.send", queue=QUEUE, priority=FIRST, pass_context=True)
async def send(context: JobContext, endpoint_id: int) -> None:
    """Send what is due for an endpoint, now rather than at the next sweep."""
    context.additional_context["dispatcher"].wake([endpoint_id])


@registry.periodic(cron="47 * * * *")
@registry.task(
    name="webhooks.forget", queue=QUEUE, queueing_lock="webhooks.forget", pass_context=True
)
def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Drop what is over and older than the operator wants to keep."""
    resources: Resources = context.additional_context["runtime"]
    before = utcnow() - timedelta(days=resources.settings.webhook_retention_days)
    full = DROPPED
    while full == DROPPED and not resources.stopping.is_set():
        with resources.database.writing() as session:
            full = queries.forget(session, before, DROPPED)
