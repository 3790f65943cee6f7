"""The routes of events: the ledger as pages, from a cursor on, and as a stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.event_stream import HEARTBEAT, LONGEST, Message, News, Seconds, Stream, Streams
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import DateTimeOut, UriOut
from playout.api.videos.event_query import Asked, Cursor, CursorIn, LastEventId
from playout.api.videos.paging import LARGEST_PAGE, Page, PageOf
from playout.api.videos.schemas.types import document_only, time_out
from playout.core.ledger import cursor as following
from playout.core.ledger import queries
from playout.core.ledger.cursor import Position
from playout.core.ledger.model import Entry
from playout.core.ledger.queries import Chosen
from playout.core.permissions import Permission, Role
from playout.core.unit import ReadUnit, ledger_key

router = APIRouter(route_class=StrictRoute, tags=["events"])
SOON = 0.05
"""Seconds after which what was held back is looked for again; each time twice as many, up to 1."""


class SubjectOut(TypedDict):
    """What it happened to."""

    type: str
    id: str


class ActorOut(TypedDict):
    """Who did it."""

    kind: str
    id: str
    name: str


class EventOut(TypedDict):
    """One row of the ledger."""

    id: int
    type: str
    at: DateTimeOut
    subject: SubjectOut
    workspace: int | None
    actor: ActorOut
    api: str
    request_id: str | None
    changes: Annotated[dict[str, Any], Field(description="`{field: [before, after]}`")]


@document_only
class Events(TypedDict):
    """Events newest first, on pages; or with `cursor`, what came after it, oldest first."""

    count: Annotated[int | None, Field(ge=0, description="On all pages; null with `cursor`")]
    next: UriOut | None
    previous: UriOut | None
    results: Annotated[list[EventOut], Field(max_length=LARGEST_PAGE)]
    cursor: Annotated[Cursor, Field(description="Where what comes after these goes on")]


@router.get("/events/", response_model=Events)
def list_events(call: ApiRequest, page: Page, chosen: Asked, cursor: CursorIn = None) -> Response:
    """What happened, newest first: who did what, through which API, and what it changed.

    With `cursor`, what came after it, oldest first: each event once, and none is left out. `0-0`
    is the beginning. While `next` is null there is nothing more; ask again with the new `cursor`.
    """
    base_url = call.runtime.settings.base_url

    def use(unit: ReadUnit) -> Answer:
        unit.principal.require(Permission.VIDEOS_READ)
        if cursor is not None:
            return Answer(_after(unit, page, chosen, Position.read(cursor), base_url))
        # The cursor first: what commits in between is told twice rather than never.
        now = following.now(unit.session)
        rows, count = queries.page(unit.session, unit.principal, chosen, page.offset, page.size)
        return Answer({**page.of(rows, count, base_url, event_out), "cursor": str(now)})

    return call.answer_read(use)


@router.get(
    "/events/stream/",
    status_code=200,
    response_class=Stream,
    responses={200: {"content": {Stream.media_type: {"schema": Stream.EVENT}}}},
)
async def stream_events(
    call: ApiRequest,
    chosen: Asked,
    cursor: CursorIn = None,
    last_event_id: LastEventId = "",
    seconds: Seconds = LONGEST,
) -> Response:
    """Events as they happen, as server-sent events: `data` is one of a list, `id` is its cursor.

    It begins after the `Last-Event-ID` or the `cursor`, and without either with what happens next.
    """
    begin = last_event_id or cursor
    follower = Follower(chosen, Position.read(begin) if begin else None)
    key = ledger_key(call.principal.organization_id or 0)
    streams: Streams = call.http.app.state.streams
    return await streams.answer(call, follower.look, key, seconds)


class Follower:
    """One client's way through the ledger."""

    def __init__(self, chosen: Chosen, position: Position | None) -> None:
        self._chosen = chosen
        self._position = position
        self._soon = SOON

    def look(self, call: OpenRequest) -> News:
        with call.read() as unit:
            unit.principal.require(Permission.VIDEOS_READ)
            if self._position is None:
                self._position = following.now(unit.session)
            found = following.follow(
                unit.session, unit.principal, self._chosen, self._position, LARGEST_PAGE
            )
        self._position = found.position
        messages = [Message(event_out(each), str(following.place(each))) for each in found.entries]
        if found.more:
            return News(messages, again=0)
        if found.held_back:
            self._soon = min(self._soon * 2, 1)
            return News(messages, again=self._soon)
        self._soon = SOON
        # Nothing wakes whoever follows all organizations.
        return News(messages, again=1 if call.principal.role is Role.OWNER else HEARTBEAT)


def event_out(entry: Entry) -> EventOut:
    return {
        "id": entry.id,
        "type": entry.event,
        "at": time_out(entry.at),
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "workspace": entry.project_id,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "api": entry.api,
        "request_id": entry.request_id,
        "changes": entry.changes,
    }


def _after(
    unit: ReadUnit, page: PageOf, chosen: Chosen, position: Position, base_url: str
) -> Events:
    found = following.follow(unit.session, unit.principal, chosen, position, page.size)
    url = page.request.url.include_query_params(cursor=str(found.position))
    return {
        "count": None,
        "next": f"{base_url}{url.path}?{url.query}" if found.more else None,
        "previous": None,
        "results": [event_out(each) for each in found.entries],
        "cursor": str(found.position),
    }
