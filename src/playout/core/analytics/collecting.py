"""Collecting: beacons wait in memory for less than a second, until a thread writes them.

So do requests of segments.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from playout.core.analytics.events import Beacon
from playout.core.analytics.metrics import BEACONS_DROPPED, EVENTS_KEPT, WAITING_BEACONS
from playout.core.analytics.pace import Pace
from playout.core.analytics.places import Places
from playout.core.analytics.segments import (
    SegmentRequest,
    SegmentViews,
    subjects_of,
    view_name,
)
from playout.core.analytics.visitors import Salts, device_of, is_bot, view_hash, visitor_hash
from playout.core.analytics.writing import Row, create_partition, write_rows
from playout.kit.database.engine import Database
from playout.kit.errors import PlayoutError
from playout.kit.hooks import Hook

log = structlog.get_logger(__name__)

MOST_WAITING = 20_000
"""Beacons that wait at most. More than that are dropped, and never slow a page down."""
FLUSH_EVERY = 0.5
"""Seconds between two batches. A process that is killed loses what came in since the last one."""
BATCH = 5_000
"""Events in one batch."""
STOP_SECONDS = 5.0

Seen = tuple[UUID, str, datetime]
"""The id of a recipient, the kind of an event, and when it came."""
recipients_seen: Hook[[Session, list[Seen]]] = Hook()
"""Events of recipients are written in this session."""


@dataclass(frozen=True, slots=True)
class Received:
    """A beacon, when it came, and who sent it. Address and user agent are never written."""

    at: datetime
    beacon: Beacon
    address: str
    agent: str
    country: str


class Collector:
    """The beacons that a process has received, and the thread that writes them.

    The thread starts with the first beacon. When the database does not answer, beacons wait.
    """

    def __init__(self, database: Database, salts: Salts) -> None:
        self._database = database
        self._waiting: deque[Received | SegmentRequest] = deque()
        self._salts = salts
        self._pace = Pace()
        self._segments = SegmentViews(Places(database))
        self._rows: list[Row] = []
        """The rows that are to be written next."""
        self._seen: list[Seen] = []
        """The events of recipients among these rows."""
        self._day: date | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stop = threading.Event()

    def add(self, received: Received | SegmentRequest) -> None:
        """Have a beacon or a request written soon. It is dropped if too many wait already."""
        if len(self._waiting) >= MOST_WAITING:
            BEACONS_DROPPED.labels("full").inc()
            return
        self._waiting.append(received)
        if self._thread is None:
            self._start()

    def stop(self) -> None:
        """Write what waits, and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="analytics", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_EVERY):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        """Write all that waits. While the database does not answer, it waits for the next time."""
        try:
            while self._waiting or self._rows:
                self._take()
                with self._database.write_session() as session:
                    write_rows(session, self._rows)
                EVENTS_KEPT.inc(len(self._rows))
                self._note_recipients()
                self._clear()
        except PlayoutError as error:
            log.warning("analytics.waiting", beacons=len(self._waiting), error=error.message)
        except (psycopg.Error, SQLAlchemyError) as error:
            # The same rows would fail again.
            log.error("analytics.lost", events=len(self._rows), error=repr(error))
            BEACONS_DROPPED.labels("error").inc(len(self._rows))
            self._clear()
            self._day = None
        WAITING_BEACONS.set(len(self._waiting))

    def _note_recipients(self) -> None:
        """Tell of recipients, apart from the events: a locked row may not lose those."""
        if not self._seen:
            return
        try:
            with self._database.write_session() as session:
                recipients_seen(session, self._seen)
        except (PlayoutError, psycopg.Error, SQLAlchemyError) as error:
            log.warning("analytics.recipients_not_noted", error=type(error).__name__)

    def _take(self) -> None:
        """Make rows of beacons that wait, of one day."""
        while self._waiting and len(self._rows) < BATCH:
            day = self._waiting[0].at.astimezone(UTC).date()
            if self._day is None or day > self._day:
                if self._rows:
                    return  # they are written first
                self._open(day)
            received = self._waiting.popleft()
            rows = list(self._count(received, day))
            self._rows += rows
            if isinstance(received, SegmentRequest):
                continue
            recipient_id = received.beacon.viewed.recipient
            if recipient_id is not None:
                self._seen += [(recipient_id, row.kind, row.at) for row in rows]

    def _clear(self) -> None:
        self._rows.clear()
        self._seen.clear()

    def _open(self, day: date) -> None:
        """Prepare for the events of a day. The salt of the day before is gone then."""
        with self._database.write_session() as session:
            create_partition(session, day)
        self._salts.open_day(day)
        self._day = day

    def _count(self, received: Received | SegmentRequest, day: date) -> Iterator[Row]:
        """Yield the rows of a beacon; none for one that is not counted."""
        salt = self._salts.of_day(day)
        if is_bot(received.agent) or salt is None:
            BEACONS_DROPPED.labels("late" if salt is None else "bot").inc()
            return
        visitor = visitor_hash(salt, received.address, received.agent)
        if isinstance(received, SegmentRequest):
            yield from self._count_segment(received, visitor, day)
            return
        beacon = received.beacon
        view = view_hash(beacon.view, beacon.viewed.subjects[0])
        if self._pace.admits(view, visitor, beacon, time.monotonic()):
            yield from _rows_of(received, view, visitor)
        else:
            BEACONS_DROPPED.labels("fast").inc()

    def _count_segment(self, request: SegmentRequest, visitor: int, day: date) -> Iterator[Row]:
        now = time.monotonic()
        place = self._segments.place(request, now)
        if place is None:
            return
        view = view_hash(view_name(request, visitor, day), place.subjects[0])
        if not self._pace.admits_view(view, visitor, now):
            BEACONS_DROPPED.labels("fast").inc()
            return
        subjects = subjects_of(request, place)
        for event in self._segments.events(view, request, now):
            yield Row(
                at=request.at,
                subjects=subjects,
                view=view,
                visitor=visitor,
                kind=event.kind,
                country=request.viewer.country or "",
                device=device_of(request.agent),
                referrer="",
                site="",
                rendition=event.rendition,
                from_ms=event.from_ms,
                to_ms=event.to_ms,
                ms=None,
            )


def _rows_of(received: Received, view: int, visitor: int) -> Iterator[Row]:
    beacon = received.beacon
    for event in beacon.events:
        yield Row(
            received.at,
            list(beacon.viewed.subjects),
            view,
            visitor,
            event.kind,
            received.country,
            device_of(received.agent),
            beacon.referrer,
            beacon.site,
            event.rendition,
            event.from_ms,
            event.to_ms,
            event.ms,
        )
