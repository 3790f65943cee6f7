"""Server-sent events: an answer that goes on, told what is new until there is no more.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from fastapi import Query
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from playout.api.authentication import credential_in
from playout.api.call import OneCall
from playout.core.runtime import Runtime
from playout.kit.errors import PlayoutError, RateLimited

AT_ONCE = 10
"""Streams that a key may have open in one process."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that nothing between takes it for dead."""
LONGEST = 3600
RETRY = 2000
"""Milliseconds after which a client that lost its stream asks for it again."""
TICK = 1.0
"""Seconds between two looks whether the credential is still good."""
GATHER = 0.05
"""Seconds in which what follows a change is left to gather."""

Seconds = Annotated[
    int, Query(ge=0, le=LONGEST, description="How long to stay; 0 tells what is there, and ends")
]


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `data` as JSON; a client that comes back says the last `id` it has heard."""

    data: Any
    id: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a look has found. The next look is when something changes, or after `again` seconds."""

    messages: Sequence[Message] = ()
    again: float = HEARTBEAT
    last: bool = False


Look = Callable[[OneCall], News]
"""Looks for what is new to the client, in a thread; raises when the caller may not see it."""


class Streams:
    """The streams that are open in this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._open: Counter[str] = Counter()

    async def answer(self, call: OneCall, look: Look, key: str, seconds: int) -> "Stream":
        """A stream of what `look` finds, each time that `key` has changed.

        The first look is taken before the answer begins, so that its refusal is an ordinary one.
        The stream ends when the credential is good no longer. Raises `RateLimited`.
        """
        with ExitStack() as stack:
            stack.enter_context(self._place(f"{call.principal.kind}:{call.principal.id}"))
            woken = stack.enter_context(self._runtime.wakes.on(key))
            first = await run_in_threadpool(look, call)
            frames = self._frames(call, look, first, woken, time.monotonic() + seconds)
            return Stream(frames, stack.pop_all())

    @contextmanager
    def _place(self, who: str) -> Iterator[None]:
        if self._open[who] >= AT_ONCE:
            raise RateLimited(f"A key may have {AT_ONCE} streams open at once.")
        self._open[who] += 1
        self._runtime.metrics.streams.inc()
        try:
            yield
        finally:
            self._runtime.metrics.streams.dec()
            self._open[who] -= 1
            self._open += Counter()  # forget those that have none

    async def _frames(
        self, call: OneCall, look: Look, news: News, woken: asyncio.Event, until: float
    ) -> AsyncIterator[bytes]:
        yield format_sse_event(retry=RETRY)
        told_at = time.monotonic()
        # An answer that has begun can say no more than that it ends; who asks again is told why.
        with suppress(PlayoutError):
            while True:
                for message in news.messages:
                    yield _frame(message)
                if not news.messages and time.monotonic() - told_at >= HEARTBEAT:
                    yield KEEPALIVE_COMMENT
                    told_at = time.monotonic()
                elif news.messages:
                    told_at = time.monotonic()
                if news.last or (news.again and time.monotonic() >= until):
                    return
                call = await self._pause(call, woken, min(until, time.monotonic() + news.again))
                if self._runtime.draining.is_set():
                    return
                news = await run_in_threadpool(look, call)

    async def _pause(self, call: OneCall, woken: asyncio.Event, until: float) -> OneCall:
        """Wait for a change, until then at the most; the call comes back as it is allowed now."""
        while not self._runtime.draining.is_set():
            call = await self._renewed(call)
            left = until - time.monotonic()
            if left <= 0:
                break
            if await _set_within(woken, min(left, TICK)):
                await asyncio.sleep(GATHER)
                break
        woken.clear()
        return call

    async def _renewed(self, call: OneCall) -> OneCall:
        """The call with what its credential may do now. Raises `Unauthenticated`."""
        secret = credential_in(call.request.headers)
        principal = self._runtime.credentials.recall(secret)
        if principal is None:
            principal = await run_in_threadpool(self._runtime.credentials.resolve, secret)
        return replace(call, principal=principal)


class Stream(StreamingResponse):
    """The answer itself, and the `response_class` of its route.

    It gives back what it holds when it ends, however it ends.
    """

    # Not FastAPI's `EventSourceResponse`: with that, nothing could be refused before it begins.
    media_type = "text/event-stream"
    EVENT: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "data": {"type": "string", "contentMediaType": "application/json"},
            "id": {"type": "string"},
            "event": {"type": "string"},
            "retry": {"type": "integer"},
        },
    }
    """For the document: before OpenAPI 3.2, the schema of a stream is that of each event."""

    def __init__(self, frames: AsyncIterator[bytes], held: ExitStack) -> None:
        super().__init__(frames, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await event.wait()
    return False


def _frame(message: Message) -> bytes:
    data = json.dumps(message.data, ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(data_str=data, event=message.event, id=message.id)
