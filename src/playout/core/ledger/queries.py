"""Every query of the ledger, each confined to the reach of the caller."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from playout.core.ledger.model import Entry
from playout.core.principal import Principal


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The conditions that events must meet; None is for any value.

    `event` is a type, or a prefix of types such as `video.*`. `subject` is `type:id` and `actor` is
    `kind:id`, or only the part before the colon. `since` is included, `until` is not.
    """

    event: str | None = None
    project_id: int | None = None
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions of a query."""
        if self.event is not None and self.event.endswith("*"):
            yield Entry.event.startswith(self.event[:-1], autoescape=True)
        elif self.event is not None:
            yield Entry.event == self.event
        if self.project_id is not None:
            yield Entry.project_id == self.project_id
        for name, columns in (
            (self.subject, (Entry.subject_type, Entry.subject_id)),
            (self.actor, (Entry.actor_kind, Entry.actor_id)),
        ):
            if name is not None:
                values = name.split(":", 1)
                yield from (column == value for column, value in zip(columns, values, strict=False))
        if self.since is not None:
            yield Entry.at >= self.since
        if self.until is not None:
            yield Entry.at < self.until


def page(
    session: Session, readable: Select[Entry], filter: EventFilter, offset: int, limit: int
) -> tuple[list[Entry], int]:
    """Return a page of events, newest first, and how many there are on all pages.

    `readable` is the query of the events that the caller may read.
    """
    found = readable.where(*filter.conditions())
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest_first = found.order_by(Entry.xid.desc(), Entry.id.desc())
    return list(session.scalars(newest_first.offset(offset).limit(limit))), count


def within_reach(principal: Principal) -> Select[Entry]:
    """Return the query of the events in the organization, projects and sub-account of a caller.

    Every other query starts from it. It does not know who may read the subject of an event.
    """
    return select(Entry).where(
        *principal.owned(Entry.organization_id, Entry.project_id, Entry.sub_account_id)
    )
