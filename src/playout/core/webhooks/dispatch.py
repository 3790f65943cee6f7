"""Delivery: a line for each endpoint that has something due, all in one event loop.

A line holds no more than its width of deliveries, so that a receiver that is slow keeps its own
waiting and nobody else's.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Self

import structlog
from standardwebhooks import Webhook

from playout.core.webhooks.claims import Claimed, Terms, Turn, exchange, release
from playout.core.webhooks.resources import Resources
from playout.core.webhooks.retries import Tried
from playout.core.webhooks.sending import Target, send
from playout.kit.clock import utcnow
from playout.kit.errors import Unavailable
from playout.kit.ids import uuid7
from playout.kit.outbound.client import Post

AHEAD = 2
"""Widths that a line claims while its receiver is quick: it sends while it asks the database."""
QUICK = 1_000
"""Milliseconds."""
GATHER = 0.02
"""Seconds in which results gather, to be written down together."""
MARGIN = 10.0
"""Seconds beyond the time of two attempts in a row, in which what came of the second is written
down."""
LINGER = 8.0
"""Seconds for which a line waits for what is due next; what is due later, the sweep finds."""
PATIENCE = 5.0
"""Seconds that what is on its way has to arrive when the process ends."""
PAUSE = 1.0
"""Seconds until a database that is away is asked again."""

log = structlog.get_logger(__name__)


class Dispatcher:
    """Sends what is due, in the event loop of a worker, for as long as it is open.

    It can be opened again after it was closed.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        lease = timedelta(seconds=AHEAD * resources.settings.webhook_timeout + MARGIN)
        self.terms = Terms(uuid7(), lease, resources.settings.webhook_retries)
        self._lines: dict[int, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def ending(self) -> bool:
        """Whether nothing more is to be claimed."""
        return self._closing or self.resources.stopping.is_set()

    def wake(self, endpoint_ids: Iterable[int]) -> None:
        """Have a look at what is due for these."""
        for endpoint_id in endpoint_ids:
            line = self._lines.get(endpoint_id)
            if line is not None:
                line.news.set()
            elif not self.ending:
                self._open(endpoint_id)

    async def __aenter__(self) -> Self:
        self._closing, self.terms = False, replace(self.terms, claim=uuid7())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give back what has been claimed and does not arrive soon."""
        self._closing = True
        self.wake(self._lines)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Unavailable):
            await asyncio.to_thread(self._release)

    def _open(self, endpoint_id: int) -> None:
        line = self._lines[endpoint_id] = Line(self, endpoint_id)
        task = asyncio.create_task(line.run(), name=f"webhook {endpoint_id}")
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._closed(endpoint_id, done))

    def _closed(self, endpoint_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        del self._lines[endpoint_id]
        if not task.cancelled() and task.exception():
            log.error("webhook.line_broke", endpoint=endpoint_id, exc_info=task.exception())

    def _release(self) -> None:
        with self.resources.database.writing() as session:
            release(session, self.terms.claim, utcnow())


class Line:
    """The deliveries of one endpoint that are on their way."""

    def __init__(self, dispatcher: Dispatcher, endpoint_id: int) -> None:
        self.dispatcher, self.endpoint_id = dispatcher, endpoint_id
        self.resources = dispatcher.resources
        self.width = self.resources.settings.webhook_concurrency
        self.places = asyncio.Semaphore(self.width)
        self.quick = False
        self.news = asyncio.Event()
        self.held = 0
        """Claimed, and not written down."""
        self.landed: list[Tried] = []
        self.sealed: tuple[bytes, ...] = ()
        self.signers: Sequence[Webhook] = ()

    async def run(self) -> None:
        """Until nothing is on its way, and nothing due soon."""
        async with (
            self.resources.outbound.posting(self.width) as post,
            asyncio.TaskGroup() as group,
        ):
            while True:
                self.news.clear()
                turn = await self._exchange()
                if turn is not None:
                    for each in turn.claimed:
                        group.create_task(self._send(post, turn, each))
                    self.held += len(turn.claimed)
                wait = self._wait(turn)
                if not self.held and wait is None and not self.news.is_set():
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self.news.wait()
                if self.held > len(self.landed):
                    await asyncio.sleep(GATHER)

    def _wait(self, turn: Turn | None) -> float | None:
        """Seconds until something is due that there is room for; None where nothing is, soon."""
        if turn is None or turn.next_at is None or not self._room():
            return None
        seconds = (turn.next_at - utcnow()).total_seconds()
        return max(0.0, seconds) if seconds < LINGER and not self.dispatcher.ending else None

    async def _send(self, post: Post, turn: Turn, what: Claimed) -> None:
        target = Target(self.endpoint_id, turn.url, self._signers(turn.sealed_secrets))
        async with self.places:
            tried = await send(post, target, what, self.resources.settings.webhook_timeout)
        outcome = "succeeded" if tried.succeeded else "failed"
        self.resources.metrics.attempt_seconds.labels(outcome).observe(tried.duration_ms / 1000)
        self.quick = tried.succeeded and tried.duration_ms < QUICK
        self.landed.append(tried)
        self.news.set()

    def _room(self) -> int:
        if self.dispatcher.ending:
            return 0
        return max(0, self.width * (AHEAD if self.quick else 1) - self.held)

    def _signers(self, sealed: tuple[bytes, ...]) -> Sequence[Webhook]:
        if sealed != self.sealed:
            self.sealed = sealed
            self.signers = [Webhook(self.resources.vault.open(each)) for each in sealed]
        return self.signers

    async def _exchange(self) -> Turn | None:
        landed, self.landed = self.landed, []
        self.held -= len(landed)
        while True:
            try:
                return await asyncio.to_thread(
                    exchange,
                    self.resources.work,
                    self.endpoint_id,
                    self.dispatcher.terms,
                    landed,
                    self._room(),
                )
            except Unavailable:
                await asyncio.sleep(PAUSE)
