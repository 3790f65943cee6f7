"""Reading the ledger, each query confined to what the caller may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import Principal


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the ledger is asked for; None is everything.

    `event` is a type, or the beginning of several: `video.*`. `subject` and `actor` are `type:id`
    (of an actor, `kind:id`), or the part before the colon alone. `until` is not part of it.
    """

    event: str | None = None
    project_id: int | None = None
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.event is not None and self.event.endswith("*"):
            yield Entry.event.startswith(self.event[:-1], autoescape=True)
        elif self.event is not None:
            yield Entry.event == self.event
        if self.project_id is not None:
            yield Entry.project_id == self.project_id
        for named, columns in (
            (self.subject, (Entry.subject_type, Entry.subject_id)),
            (self.actor, (Entry.actor_kind, Entry.actor_id)),
        ):
            if named is not None:
                parts = named.split(":", 1)
                yield from (column == part for column, part in zip(columns, parts, strict=False))
        if self.since is not None:
            yield Entry.at >= self.since
        if self.until is not None:
            yield Entry.at < self.until


def page(
    session: Session, principal: Principal, chosen: Chosen, offset: int, limit: int
) -> tuple[list[Entry], int]:
    """A page of what happened, newest first, and how much there is."""
    visible = visible_to(principal).where(*chosen.conditions())
    count = session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    newest_first = visible.order_by(Entry.xid.desc(), Entry.id.desc())
    return list(session.scalars(newest_first.offset(offset).limit(limit))), count


def visible_to(principal: Principal) -> Select[Entry]:
    query = select(Entry)
    if principal.role is Role.OWNER:
        return query
    query = query.where(Entry.organization_id == principal.organization_id)
    if principal.project_ids is not None:
        query = query.where(Entry.project_id.in_(principal.project_ids))
    if principal.sub_account_id is not None:
        query = query.where(Entry.sub_account_id == principal.sub_account_id)
    return query
