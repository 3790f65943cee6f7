"""The JSON of events, which are rows of the ledger."""

from typing import Annotated, Any

from fastapi import Header
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from playout.api.types import NFC, DateTimeOut, UriOut
from playout.api.videos.paging import LARGEST_PAGE
from playout.api.videos.schemas.types import NO_NUL, document_only, time_out
from playout.core.ledger.model import Entry
from playout.core.ledger.redaction import redacted

Cursor = Annotated[str, StringConstraints(pattern="^[0-9]{1,18}-[0-9]{1,18}$")]
OptionalCursor = Cursor | None
LastEventId = Annotated[
    str,
    StringConstraints(pattern="^([0-9]{1,18}-[0-9]{1,18})?$"),
    Header(description="A cursor. It takes precedence over `cursor`"),
]
FilterText = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL), NFC]


class SubjectOut(TypedDict):
    """The thing that the event happened to."""

    type: str
    id: str


class ActorOut(TypedDict):
    """The principal that caused the event."""

    kind: str
    id: str
    name: str


class EventOut(TypedDict):
    """One event."""

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
class EventsOut(TypedDict):
    """Events newest first, in pages; or with `cursor` the events after it, oldest first."""

    count: Annotated[
        int | None,
        Field(ge=0, description="Number of events on all pages together; null with `cursor`"),
    ]
    next: UriOut | None
    previous: UriOut | None
    results: Annotated[list[EventOut], Field(max_length=LARGEST_PAGE)]
    cursor: Annotated[Cursor, Field(description="Cursor for the events after these")]


def event_out(entry: Entry) -> EventOut:
    """Return the JSON of an event."""
    return {
        "id": entry.id,
        "type": entry.event,
        "at": time_out(entry.at),
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "workspace": entry.project_id,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "api": entry.api,
        "request_id": entry.request_id,
        "changes": redacted(entry.subject_type, entry.changes),
    }
