"""Server-sent events: an answer that stays open and sends what is new.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Query
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from playout.api.authentication import credential_in
from playout.api.metrics import OPEN_STREAMS
from playout.api.request import OpenRequest
from playout.kit.errors import PlayoutError, RateLimited
from playout.runtime import Runtime

MAX_STREAMS_PER_KEY = 10
"""Streams that a key may have open in one process."""
MAX_SECONDS = 3600
"""Seconds after which a stream ends. The client may open another."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that no proxy closes the connection."""
RETRY_MILLISECONDS = 2000
"""Milliseconds that a client waits before it opens a lost stream again."""
CREDENTIAL_CHECK_INTERVAL = 1.0
"""Seconds between two checks that the credential is still valid."""
DEBOUNCE = 0.05
"""Seconds to wait after a change, so that changes that follow at once are sent together."""

StreamSeconds = Annotated[
    int,
    Query(
        ge=0,
        le=MAX_SECONDS,
        description="Seconds to keep the stream open. With 0 it sends what is there, and ends.",
    ),
]


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event of a stream.

    `data` is sent as JSON. A client that comes back sends the last `id` as its `Last-Event-ID`.
    """

    data: Any
    id: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class StreamUpdate:
    """The result of one poll: the new events, and when to poll again.

    The next poll follows when something changes, or after `poll_after` seconds. None follows when
    `is_last` is true.
    """

    events: Sequence[ServerSentEvent] = ()
    poll_after: float = HEARTBEAT
    is_last: bool = False


Poll = Callable[[OpenRequest], StreamUpdate]
"""A function that reads what is new to one client. It runs in a thread, and raises when the client
may not see it any more."""


class EventStreams:
    """The streams that are open in this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._open_streams: Counter[str] = Counter()

    async def open(
        self, request: OpenRequest, poll: Poll, key: str, seconds: int
    ) -> "EventStreamResponse":
        """Return a stream that polls each time `key` is invalidated.

        The first poll runs before the answer begins, so an error in it is an ordinary error. The
        stream ends after `seconds`, or when its credential stops being valid. Raise
        `RateLimited` when the key has too many streams open.
        """
        with ExitStack() as stack:
            stack.enter_context(self._counted(f"{request.principal.kind}:{request.principal.id}"))
            changed = stack.enter_context(self._runtime.notifications.subscribe(key))
            first = await run_in_threadpool(poll, request)
            frames = self._frames(request, poll, first, changed, time.monotonic() + seconds)
            return EventStreamResponse(frames, stack.pop_all())

    @contextmanager
    def _counted(self, caller: str) -> Iterator[None]:
        """Count a stream of the caller as open. Raise `RateLimited` above the limit."""
        if self._open_streams[caller] >= MAX_STREAMS_PER_KEY:
            raise RateLimited(f"A key may have {MAX_STREAMS_PER_KEY} streams open at once.")
        self._open_streams[caller] += 1
        OPEN_STREAMS.inc()
        try:
            yield
        finally:
            OPEN_STREAMS.dec()
            self._open_streams[caller] -= 1
            self._open_streams += Counter()  # drops the callers that have none

    async def _frames(
        self,
        request: OpenRequest,
        poll: Poll,
        update: StreamUpdate,
        changed: asyncio.Event,
        deadline: float,
    ) -> AsyncIterator[bytes]:
        yield format_sse_event(retry=RETRY_MILLISECONDS)
        sent_at = time.monotonic()
        # An answer that has begun cannot become an error any more: it can only end. A client that
        # asks again gets the error.
        with suppress(PlayoutError):
            while True:
                for event in update.events:
                    yield _frame(event)
                if not update.events and time.monotonic() - sent_at >= HEARTBEAT:
                    yield KEEPALIVE_COMMENT
                    sent_at = time.monotonic()
                elif update.events:
                    sent_at = time.monotonic()
                if update.is_last or (update.poll_after and time.monotonic() >= deadline):
                    return
                next_poll = min(deadline, time.monotonic() + update.poll_after)
                request = await self._wait(request, changed, next_poll)
                if self._runtime.draining.is_set():
                    return
                update = await run_in_threadpool(poll, request)

    async def _wait(
        self, request: OpenRequest, changed: asyncio.Event, until: float
    ) -> OpenRequest:
        """Wait for a change, no longer than `until`.

        Return the request with its present principal. Raise `Unauthenticated` when its credential
        is no longer valid.
        """
        while not self._runtime.draining.is_set():
            request = await self._authenticated_again(request)
            left = until - time.monotonic()
            if left <= 0:
                break
            if await _set_within(changed, min(left, CREDENTIAL_CHECK_INTERVAL)):
                await asyncio.sleep(DEBOUNCE)
                break
        changed.clear()
        return request

    async def _authenticated_again(self, request: OpenRequest) -> OpenRequest:
        """Return the request with its present principal. Raise `Unauthenticated` without one."""
        secret = credential_in(request.http.headers)
        principal = self._runtime.credentials.cached(secret)
        if principal is None:
            principal = await run_in_threadpool(self._runtime.credentials.resolve, secret)
        return replace(request, principal=principal)


class EventStreamResponse(StreamingResponse):
    """The response of a stream, and the `response_class` of its route.

    It releases what the stream holds when it ends, also when the client goes away.
    """

    # Not FastAPI's `EventSourceResponse`, which begins before the endpoint could raise an error.
    media_type = "text/event-stream"

    def __init__(self, frames: AsyncIterator[bytes], held: ExitStack) -> None:
        super().__init__(frames, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


EVENT_SCHEMA = {
    "type": "object",
    "properties": {
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string"},
        "event": {"type": "string"},
        "retry": {"type": "integer"},
    },
}
"""Schema of one event. Before OpenAPI 3.2, the schema of a stream is that of each of its events."""
EVENT_STREAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {EventStreamResponse.media_type: {"schema": EVENT_SCHEMA}}}
}
"""The `responses` of a route that answers with a stream."""


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event. Return False when it was not set within that time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await event.wait()
    return False


def _frame(event: ServerSentEvent) -> bytes:
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(data_str=data, event=event.event, id=event.id)
