"""Send deliveries: one sender for each endpoint with due deliveries, all in one event loop.

A sender holds no more deliveries than it may send at once, so that a slow receiver delays its own
deliveries and no others.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Self

import structlog
from standardwebhooks import Webhook

from playout.core.webhooks.claims import (
    ClaimedDelivery,
    Lease,
    LeaseTerms,
    record_and_claim,
    release,
)
from playout.core.webhooks.metrics import ATTEMPT_SECONDS
from playout.core.webhooks.resources import Resources
from playout.core.webhooks.retries import AttemptResult
from playout.core.webhooks.sending import Target, send
from playout.kit.clock import utcnow
from playout.kit.errors import Unavailable
from playout.kit.ids import uuid7
from playout.kit.outbound.client import PostClient

CLAIM_AHEAD = 2
"""Multiple of its concurrency that a sender claims while its receiver is quick: it goes on sending
while it asks the database."""
QUICK_MS = 1_000
"""A receiver is quick if its last answer took less than these milliseconds."""
BATCH_DELAY = 0.02
"""Seconds for which a sender collects results, to record them together."""
LEASE_MARGIN = 10.0
"""Seconds of a lease beyond two attempts in a row, to record the result of the second."""
MAX_IDLE = 8.0
"""Seconds that a sender waits for the next due delivery. A periodic job finds what is due later."""
DRAIN_TIMEOUT = 5.0
"""Seconds that attempts under way get to finish when the process ends."""
DATABASE_RETRY_DELAY = 1.0
"""Seconds until a database that is away is asked again."""

log = structlog.get_logger(__name__)


class Dispatcher:
    """The senders of one worker, in its event loop.

    It sends what is due for as long as it is open. It can be opened again after it was closed.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        duration = timedelta(
            seconds=CLAIM_AHEAD * resources.settings.webhook_timeout + LEASE_MARGIN
        )
        self.terms = LeaseTerms(uuid7(), duration, resources.settings.webhook_retries)
        self._senders: dict[int, EndpointSender] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def is_ending(self) -> bool:
        """Return whether no more deliveries are to be claimed."""
        return self._closing or self.resources.stopping.is_set()

    def wake(self, endpoint_ids: Iterable[int]) -> None:
        """Let senders look for due deliveries of these endpoints."""
        for endpoint_id in endpoint_ids:
            sender = self._senders.get(endpoint_id)
            if sender is not None:
                sender.wake()
            elif not self.is_ending:
                self._start(endpoint_id)

    async def __aenter__(self) -> Self:
        self._closing, self.terms = False, replace(self.terms, claim=uuid7())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give back what was claimed and is not sent soon."""
        self._closing = True
        self.wake(self._senders)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_TIMEOUT)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Unavailable):
            await asyncio.to_thread(self._release)

    def _start(self, endpoint_id: int) -> None:
        sender = self._senders[endpoint_id] = EndpointSender(self, endpoint_id)
        task = asyncio.create_task(sender.run(), name=f"webhook {endpoint_id}")
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(endpoint_id, done))

    def _ended(self, endpoint_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        sender = self._senders.pop(endpoint_id)
        if task.cancelled():
            return
        if task.exception():
            log.error("webhook.sender_failed", endpoint=endpoint_id, exc_info=task.exception())
        elif sender.is_woken and not self.is_ending:
            # It was woken while it was ending, and did not look any more.
            self._start(endpoint_id)

    def _release(self) -> None:
        with self.resources.database.write_session() as session:
            release(session, self.terms.claim, utcnow())


class EndpointSender:
    """The sender of one endpoint. It sends several deliveries at the same time."""

    def __init__(self, dispatcher: Dispatcher, endpoint_id: int) -> None:
        self._dispatcher, self._endpoint_id = dispatcher, endpoint_id
        self._resources = dispatcher.resources
        self._concurrency = self._resources.settings.webhook_concurrency
        self._slots = asyncio.Semaphore(self._concurrency)
        self._is_quick = False
        self._woken = asyncio.Event()
        self._held = 0
        """The number of claimed deliveries whose results are not recorded yet."""
        self._results: list[AttemptResult] = []
        self._encrypted_secrets: tuple[bytes, ...] = ()
        self._signers: Sequence[Webhook] = ()

    @property
    def is_woken(self) -> bool:
        """Return whether it was woken and has not looked for due deliveries since."""
        return self._woken.is_set()

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._woken.set()

    async def run(self) -> None:
        """Send until nothing is under way and nothing is due soon."""
        async with (
            self._resources.outbound.post_client(self._concurrency) as client,
            asyncio.TaskGroup() as group,
        ):
            while True:
                self._woken.clear()
                lease = await self._record_and_claim()
                if lease is not None:
                    for each in lease.deliveries:
                        group.create_task(self._send(client, lease, each))
                    self._held += len(lease.deliveries)
                wait = self._idle_seconds(lease)
                if not self._held and wait is None and not self.is_woken:
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._woken.wait()
                if self._held > len(self._results):
                    await asyncio.sleep(BATCH_DELAY)

    def _idle_seconds(self, lease: Lease | None) -> float | None:
        """Return the seconds until the next delivery is due; None if none is, or there is no room.

        None also for a delivery that is due later than a sender waits.
        """
        if lease is None or lease.next_at is None or not self._room():
            return None
        seconds = (lease.next_at - utcnow()).total_seconds()
        return max(0.0, seconds) if seconds < MAX_IDLE and not self._dispatcher.is_ending else None

    async def _send(self, client: PostClient, lease: Lease, delivery: ClaimedDelivery) -> None:
        target = Target(self._endpoint_id, lease.url, self._signers_of(lease.encrypted_secrets))
        async with self._slots:
            result = await send(client, target, delivery, self._resources.settings.webhook_timeout)
        outcome = "succeeded" if result.succeeded else "failed"
        ATTEMPT_SECONDS.labels(outcome).observe(result.duration_ms / 1000)
        self._is_quick = result.succeeded and result.duration_ms < QUICK_MS
        self._results.append(result)
        self.wake()

    def _room(self) -> int:
        """Return how many more deliveries may be claimed."""
        if self._dispatcher.is_ending:
            return 0
        return max(0, self._concurrency * (CLAIM_AHEAD if self._is_quick else 1) - self._held)

    def _signers_of(self, encrypted_secrets: tuple[bytes, ...]) -> Sequence[Webhook]:
        if encrypted_secrets != self._encrypted_secrets:
            self._encrypted_secrets = encrypted_secrets
            secrets = map(self._resources.cipher.decrypt, encrypted_secrets)
            self._signers = [Webhook(secret) for secret in secrets]
        return self._signers

    async def _record_and_claim(self) -> Lease | None:
        results, self._results = self._results, []
        self._held -= len(results)
        while True:
            try:
                return await asyncio.to_thread(
                    record_and_claim,
                    self._resources.work,
                    self._endpoint_id,
                    self._dispatcher.terms,
                    results,
                    self._room(),
                )
            except Unavailable:
                await asyncio.sleep(DATABASE_RETRY_DELAY)
