"""The route of events: the ledger."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call
from playout.api.formats import Moment
from playout.api.videos.formats import NO_NUL, time_out
from playout.api.videos.paging import ListOf, Page
from playout.core.ledger import queries
from playout.core.ledger.model import Entry
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit

router = APIRouter(route_class=StrictRoute, tags=["events"])


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
    at: Moment
    subject: SubjectOut
    workspace: int | None
    actor: ActorOut
    api: str
    request_id: str | None
    changes: Annotated[dict[str, Any], Field(description="`{field: [before, after]}`")]


@router.get("/events/", response_model=ListOf[EventOut])
def list_events(
    call: Call,
    page: Page,
    type: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
) -> Response:
    """What happened, newest first: who did what, through which API, and what it changed."""

    def use(unit: ReadUnit) -> Answer:
        unit.principal.require(Permission.VIDEOS_READ)
        rows, count = queries.page(unit.session, unit.principal, type, page.offset, page.size)
        return Answer(page.of(rows, count, call.runtime.settings.base_url, event_out))

    return call.show(use)


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
