"""Segments that are being rendered at this moment. Whoever asks for one of them shares it.

There is a bound on how many wait. Beyond it, and where the first pictures take too long, the viewer
gets the same segment of the base, over which nothing is drawn: the film goes on in any case.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import accumulate

import structlog
from cachetools import TTLCache

from playout.compose.rendering.pool import RenderFailed
from playout.core.renders.films import Film, StoredSegment
from playout.core.renders.layout import RenditionLayout
from playout.core.renders.rendering import ask_for_segment, read_bytes, read_source, read_stored
from playout.core.renders.segments import (
    PersonalSegment,
    SegmentSource,
    find_segment,
    is_stored,
    render_segment,
)
from playout.kit.bulkhead import Bulkhead
from playout.kit.clock import utcnow
from playout.kit.errors import PlayoutError, Unavailable
from playout.kit.metrics import counter, gauge
from playout.pages.playback.render_bound import RenderBound
from playout.runtime import Runtime

PATIENCE = 3.0
"""Seconds that a viewer waits for the first pictures of a segment."""
AFTERWARDS = 6.0
"""Seconds after such a wait in vain in which the film waits for no other segment: it would stand
still again and again."""
LONGEST = 5.0
"""Seconds between the first pictures of a segment and the last ones. An answer that takes longer
breaks off, and the player, which asks again, gets the segment of the base."""
MOST_FAILURES, REMEMBERED = 2, 60.0
"""Failures after which a segment is not tried again, and for how many seconds."""
AT_ONCE_ELSEWHERE = 8
"""Segments that are rendered at the same time, where other machines render."""
PATIENCE_ELSEWHERE = timedelta(seconds=20)
"""The time after which a segment is not waited for that another machine should render."""
FIRST_LOOK, LAST_LOOK = 0.1, 1.0
"""Seconds between two looks whether another machine has rendered a segment: ever more."""

_KEPT = 10_000

RENDERED = counter("playout_rendered_segments", "Rendered segments of films", ["outcome"])
"""`outcome` is `rendered`, `failed`, or `shared` if the base's segment was sent instead."""
RENDERING = gauge("playout_rendering_segments", "Segments of films that are rendered, or wait")

log = structlog.get_logger(__name__)


class Flight:
    """A segment that is being rendered."""

    def __init__(self) -> None:
        self._fragments: list[bytes] = []
        self._begun_at: float | None = None
        self._changed = asyncio.Event()
        self._is_over = False
        self._error: Exception | None = None

    @property
    def has_pictures(self) -> bool:
        """Return whether its first pictures are there."""
        return bool(self._fragments)

    @property
    def is_late(self) -> bool:
        """Return whether its last pictures should have been there by now."""
        return not self._is_over and self._seconds_left() <= 0

    def add(self, fragment: bytes) -> None:
        self._begun_at = self._begun_at or time.monotonic()
        self._fragments.append(fragment)
        self._wake()

    def end(self, error: Exception | None) -> None:
        self._is_over, self._error = True, error
        self._wake()

    async def has_begun(self) -> bool:
        """Wait for the first fragment; return False if there will be none."""
        while not self.has_pictures and not self._is_over:
            await self._changed.wait()
        return self.has_pictures

    async def has_ended(self) -> None:
        """Wait until no fragment follows, because of an error as well."""
        while not self._is_over:
            await self._changed.wait()

    async def fragments(self) -> AsyncIterator[bytes]:
        """Yield all fragments, those that are still to come as well. Raise the error of the work:
        the answer is then shorter than it should be, and the player asks again. Raise
        `TimeoutError` if they take too long."""
        number = 0
        while True:
            while number < len(self._fragments):
                yield self._fragments[number]
                number += 1
            if self._is_over:
                if self._error is not None:
                    raise self._error
                return
            await asyncio.wait_for(self._changed.wait(), self._seconds_left())

    def _seconds_left(self) -> float:
        """Return the seconds in which the last pictures should come."""
        return LONGEST - (time.monotonic() - self._begun_at if self._begun_at else 0)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Flights:
    """The segments that this process renders, or has rendered elsewhere, by their digests."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._renders_elsewhere = runtime.settings.render_concurrency == 0
        self._at_once = runtime.settings.render_concurrency or AT_ONCE_ELSEWHERE
        # As many as can render: one that waited in its thread would keep a connection for nothing.
        self._threads = Bulkhead("renderer", self._at_once)
        self._bound = RenderBound(self._at_once, PATIENCE)
        self._flights: dict[str, Flight] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: TTLCache[str, int] = TTLCache(_KEPT, REMEMBERED)
        self._impatient: TTLCache[str, bool] = TTLCache(_KEPT, AFTERWARDS)
        """The films that wait for nothing now, by their slugs."""

    def may_render_ahead(self) -> bool:
        """Return whether nobody would have to wait for a segment that is not asked for yet."""
        return len(self._flights) < self._at_once

    def start(self, wanted: PersonalSegment) -> Flight | None:
        """Return the flight of a segment. None if too many wait already."""
        flight = self._flights.get(wanted.digest)
        if flight is not None:
            return flight
        if len(self._flights) >= self._bound.most:
            return None
        flight = self._flights[wanted.digest] = Flight()
        task = asyncio.create_task(self._fly(flight, wanted))
        # The loop itself keeps only weak references to tasks.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return flight

    async def fragments(self, wanted: PersonalSegment) -> AsyncIterator[bytes] | None:
        """Return the fragments of a segment. None if the viewer would wait too long for them."""
        flight = self._flight_for(wanted)
        if flight is not None and not flight.is_late:
            try:
                if await asyncio.wait_for(flight.has_begun(), PATIENCE):
                    return flight.fragments()
            except TimeoutError:
                self._impatient[wanted.film.slug] = True
        RENDERED.labels("shared").inc()
        return None

    def _flight_for(self, wanted: PersonalSegment) -> Flight | None:
        """Return the flight of a segment that a viewer should wait for; None if there is none."""
        if self._failures.get(wanted.digest, 0) >= MOST_FAILURES:
            return None
        if wanted.film.slug in self._impatient:
            flight = self._flights.get(wanted.digest)
            return flight if flight is not None and flight.has_pictures else None
        return self.start(wanted)

    async def whole(self, wanted: PersonalSegment) -> bytes | None:
        """Return a segment. None if the viewer would wait too long for it, or if it fails."""
        fragments = await self.fragments(wanted)
        try:
            return b"".join([each async for each in fragments]) if fragments else None
        except Exception:  # it is logged where it happened
            RENDERED.labels("shared").inc()
            return None

    async def stored(self, wanted: PersonalSegment) -> StoredSegment:
        """Return a segment when it is stored. Raise `Unavailable` if it cannot be rendered now."""
        flight = self.start(wanted)
        if flight is not None:
            await flight.has_ended()
            # Another film may have started it.
            stored = await self._runtime.read_for_page(find_segment, self._runtime, wanted)
            if stored is not None:
                return stored
        raise Unavailable("The film cannot be rendered at the moment; try again.")

    async def shared_segment(self, film: Film, rendition: RenditionLayout, number: int) -> bytes:
        """Return the segment of the base, over which nothing is drawn."""
        fragments = rendition.fragments
        ends = list(accumulate(fragments.sizes, initial=fragments.index_end))
        key = f"{film.folder}/{rendition.file}"
        return await read_bytes(self._runtime.storage, key, ends[number], ends[number + 1])

    async def _fly(self, flight: Flight, wanted: PersonalSegment) -> None:
        RENDERING.inc()
        error: Exception | None = None
        try:
            stored = await self._render(flight, wanted)
            wanted.film.kept[wanted.rendition.name, wanted.number] = stored
            RENDERED.labels("rendered").inc()
        except Exception as failure:  # it is raised where it is waited for
            error = failure
            # That no renderer was free in time is not the fault of the segment.
            if flight.has_pictures or not isinstance(failure, Unavailable):
                self._failures[wanted.digest] = self._failures.get(wanted.digest, 0) + 1
            RENDERED.labels("failed").inc()
            log.warning("film.segment_failed", reason=_reason(failure))
        finally:
            del self._flights[wanted.digest]
            RENDERING.dec()
            flight.end(error)

    async def _render(self, flight: Flight, wanted: PersonalSegment) -> StoredSegment:
        if self._renders_elsewhere:
            return await self._rendered_elsewhere(flight, wanted)
        source = await read_source(self._runtime.storage, wanted)
        loop, count = asyncio.get_running_loop(), 0

        def hand_over(fragment: bytes) -> None:
            nonlocal count
            count += 1
            loop.call_soon_threadsafe(flight.add, fragment)

        stored = await self._threads.run(self._timed, wanted, source, hand_over)
        if not count:  # somebody else has rendered it meanwhile
            flight.add(await read_stored(self._runtime.storage, stored))
        return stored

    def _timed(
        self,
        wanted: PersonalSegment,
        source: SegmentSource,
        on_fragment: Callable[[bytes], None],
    ) -> StoredSegment:
        """Render a segment in a thread, and note how long it took."""
        began = time.monotonic()
        stored = render_segment(self._runtime, wanted, source, on_fragment)
        self._bound.note(time.monotonic() - began)
        return stored

    async def _rendered_elsewhere(self, flight: Flight, wanted: PersonalSegment) -> StoredSegment:
        """Let another machine render a segment, and wait until it is stored."""
        until = utcnow() + PATIENCE_ELSEWHERE
        await self._threads.run(ask_for_segment, self._runtime, wanted, until)
        pause = FIRST_LOOK
        while utcnow() < until:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LAST_LOOK)
            if not await self._runtime.read_for_page(is_stored, self._runtime, wanted):
                continue
            stored = await self._runtime.page_reads.run(find_segment, self._runtime, wanted)
            if stored is not None:
                flight.add(await read_stored(self._runtime.storage, stored))
                return stored
        raise Unavailable("No machine renders films at the moment; try again.")


def _reason(error: Exception) -> str:
    """Return what may be logged of an error: the names of faults, and no data."""
    if isinstance(error, PlayoutError | RenderFailed):
        return str(error)
    return type(error).__name__
