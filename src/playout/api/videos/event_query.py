"""What can be asked of events: filters, and where to go on."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from playout.api.types import Id
from playout.api.videos.schemas.types import NO_NUL
from playout.core.ledger.queries import Chosen

Cursor = Annotated[str, StringConstraints(pattern="^[0-9]{1,18}-[0-9]{1,18}$")]
CursorIn = Cursor | None
LastEventId = Annotated[
    str,
    StringConstraints(pattern="^([0-9]{1,18}-[0-9]{1,18})?$"),
    Header(description="As `cursor`, and before it"),
]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("must say its zone: 2026-01-31T12:00:00Z")
    return moment


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Named = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]


def _chosen(
    *,
    type: Annotated[Named | None, Query(description="A type, or several: `video.*`")] = None,
    workspace: Id | None = None,
    subject: Annotated[
        Named | None, Query(description="`video`, or one of them: `video:<uid>`")
    ] = None,
    actor: Annotated[Named | None, Query(description="`key`, or one of them: `key:<id>`")] = None,
    since: Annotated[Moment | None, Query(description="From this moment on")] = None,
    until: Annotated[Moment | None, Query(description="Before this moment")] = None,
) -> Chosen:
    return Chosen(type, workspace, subject, actor, since, until)


Asked = Annotated[Chosen, Depends(_chosen)]
