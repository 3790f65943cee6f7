"""Routes of events: the ledger in pages, from a cursor on, and as a stream."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.event_stream import (
    EVENT_STREAM_RESPONSES,
    HEARTBEAT,
    MAX_SECONDS,
    EventStreamResponse,
    EventStreams,
    ServerSentEvent,
    StreamSeconds,
    StreamUpdate,
)
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos.paging import LARGEST_PAGE, Page, PageRequest, count_headers
from playout.api.videos.schemas.events import (
    EventsOut,
    FilterText,
    LastEventId,
    OptionalCursor,
    event_out,
)
from playout.api.videos.schemas.types import ZonedDateTime
from playout.core.events import queries
from playout.core.ledger import cursor as ledger_cursor
from playout.core.ledger.cursor import Position
from playout.core.ledger.queries import EventFilter
from playout.core.permissions import Permission, Role
from playout.core.unit import ReadUnit, ledger_key

router = APIRouter(prefix="/events", route_class=StrictRoute, tags=["events"])

FIRST_DELAY = 0.05
"""Seconds until the stream reads again when an older transaction still holds events back. The
delay doubles each time, up to `LONGEST_DELAY`."""
LONGEST_DELAY = 1.0


async def _event_filter(
    *,
    type: Annotated[FilterText | None, Query(description="A type, or several: `video.*`")] = None,
    workspace: Id | None = None,
    subject: Annotated[
        FilterText | None, Query(description="`video`, or one of them: `video:<uid>`")
    ] = None,
    actor: Annotated[
        FilterText | None, Query(description="`key`, or one of them: `key:<id>`")
    ] = None,
    since: Annotated[ZonedDateTime | None, Query(description="At this time or later")] = None,
    until: Annotated[ZonedDateTime | None, Query(description="Before this time")] = None,
) -> EventFilter:
    return EventFilter(type, workspace, subject, actor, since, until)


EventFilterQuery = Annotated[EventFilter, Depends(_event_filter)]


@router.get("/")
@endpoint
def list_events(
    unit: ReadUnit, page: Page, event_filter: EventFilterQuery, cursor: OptionalCursor = None
) -> Answer[EventsOut]:
    """List events, newest first: who did what, through which API, and what it changed.

    With `cursor` the list holds the events after it, oldest first: each event once, and none is
    left out. `0-0` is the beginning. While `next` is null there are no more events; ask again with
    the new `cursor`.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    if cursor is not None:
        return Answer(_events_after(unit, page, event_filter, Position.parse(cursor)))
    # Read the cursor first: an event that commits in between then comes twice instead of never.
    now = ledger_cursor.now(unit.session)
    found = queries.page(unit, event_filter, page.offset, page.size)
    events = page.list_with_more(
        [event_out(entry) for entry in found.entries], found.count, more=found.more
    )
    return Answer({**events, "cursor": str(now)}, headers=count_headers(found.is_exact))


@router.get(
    "/stream/",
    status_code=200,
    response_class=EventStreamResponse,
    responses=EVENT_STREAM_RESPONSES,
)
async def stream_events(
    request: ApiRequest,
    event_filter: EventFilterQuery,
    cursor: OptionalCursor = None,
    last_event_id: LastEventId = "",
    seconds: StreamSeconds = MAX_SECONDS,
) -> Response:
    """Stream events as they happen, as server-sent events.

    `data` is an event of the list, and `id` is its cursor. The stream begins after `Last-Event-ID`
    or `cursor`. Without either it begins with the next event.
    """
    begin = last_event_id or cursor
    reader = EventReader(event_filter, Position.parse(begin) if begin else None)
    key = ledger_key(request.principal.organization_id or 0)
    streams: EventStreams = request.http.app.state.streams
    return await streams.open(request, reader.read, key, seconds)


class EventReader:
    """The position of one stream in the ledger."""

    def __init__(self, event_filter: EventFilter, position: Position | None) -> None:
        self._filter = event_filter
        self._position = position
        self._delay = FIRST_DELAY

    def read(self, request: OpenRequest) -> StreamUpdate:
        """Return the events since the last call. The first call without a position returns none.

        Raise `Forbidden` when the caller may not see events.
        """
        with request.read() as unit:
            unit.principal.require(Permission.VIDEOS_READ)
            if self._position is None:
                self._position = ledger_cursor.now(unit.session)
            batch = queries.read_after(unit, self._filter, self._position, LARGEST_PAGE)
        self._position = batch.position
        messages = [
            ServerSentEvent(event_out(entry), str(ledger_cursor.position_after(entry)))
            for entry in batch.entries
        ]
        if batch.more:
            return StreamUpdate(messages, poll_after=0)
        if batch.held_back:
            self._delay = min(self._delay * 2, LONGEST_DELAY)
            return StreamUpdate(messages, poll_after=self._delay)
        self._delay = FIRST_DELAY
        # No notification wakes the stream of a principal that sees all organizations.
        return StreamUpdate(
            messages, poll_after=1 if request.principal.role is Role.OWNER else HEARTBEAT
        )


def _events_after(
    unit: ReadUnit, page: PageRequest, event_filter: EventFilter, position: Position
) -> EventsOut:
    batch = queries.read_after(unit, event_filter, position, page.size)
    cursor = str(batch.position)
    return {
        "count": None,
        "next": page.address(cursor=cursor) if batch.more else None,
        "previous": None,
        "results": [event_out(entry) for entry in batch.entries],
        "cursor": cursor,
    }
