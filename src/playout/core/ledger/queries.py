"""Every query of the ledger, each confined to the reach of the caller."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    any_,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from playout.core.ledger.events import EVENTS
from playout.core.ledger.model import Entry
from playout.core.principal import Principal
from playout.kit.database.statements import PlainRow, Statement, fetch_together, parameter


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

    @property
    def values(self) -> dict[str, Any]:
        """Return the values that are set, by the names of `CONDITIONS`."""
        named = dict[str, Any]()
        if self.event is not None and self.event.endswith("*"):
            prefix = self.event[:-1]
            named["events"] = [each for each in EVENTS if each.startswith(prefix)]
        elif self.event is not None:
            named["event"] = self.event
        for name, text in (("subject", self.subject), ("actor", self.actor)):
            if text is not None:
                parts = zip((f"{name}_type", f"{name}_id"), text.split(":", 1), strict=False)
                named |= dict(parts)
        others = {"project_id": self.project_id, "since": self.since, "until": self.until}
        return named | {name: value for name, value in others.items() if value is not None}

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions of a query."""
        for name, value in self.values.items():
            yield CONDITIONS[name](value)


CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "event": lambda value: Entry.event == value,
    "events": lambda value: Entry.event == any_(_as_array(value)),
    "project_id": lambda value: Entry.project_id == value,
    "subject_type": lambda value: Entry.subject_type == value,
    "subject_id": lambda value: Entry.subject_id == value,
    "actor_type": lambda value: Entry.actor_kind == value,
    "actor_id": lambda value: Entry.actor_id == value,
    "since": lambda value: Entry.at >= value,
    "until": lambda value: Entry.at < value,
}
"""Conditions of events by name. Each takes a value, or a parameter that stands for it."""
MOST_COUNTED = 1_000
"""The largest number of events that are counted."""
ENTRY = PlainRow(Entry, [each.key for each in Entry.__mapper__.column_attrs])


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of events. `count` is the number on all pages, or `MOST_COUNTED` if there are more."""

    entries: list[Entry]
    count: int
    more: bool
    is_exact: bool


def page(
    session: Session, readable: Select[Entry], filter: EventFilter, offset: int, limit: int
) -> EntryPage:
    """Return a page of events, newest first.

    `readable` is the query of the events that the caller may read.
    """
    names = frozenset(filter.values)
    ids = _newest(readable, names, offset + limit + 1).offset(literal_column(str(offset)))
    whole = select(*ENTRY.columns(Entry)).where(Entry.id.in_(ids)).order_by(*NEWEST_FIRST)
    counted = select(func.count()).select_from(
        _newest(readable, names, MOST_COUNTED + 1, ordered=False).subquery()
    )
    # How many events there are of that kind decides about the plan, so it is made each time.
    statements = [(Statement(each, prepare=False), filter.values) for each in (whole, counted)]
    rows, ((number,),) = fetch_together(session, statements)
    entries = [ENTRY.make(row) for row in rows[:limit]]
    is_exact = number <= MOST_COUNTED
    return EntryPage(entries, min(number, MOST_COUNTED), len(rows) > limit, is_exact)


def before(
    session: Session,
    readable: Select[Entry],
    filter: EventFilter,
    position: tuple[int, int] | None,
    limit: int,
) -> list[Entry]:
    """Return the newest `limit` events, or those before the transaction and id of another one."""
    if position is not None:
        readable = readable.where(tuple_(Entry.xid, Entry.id) < position)
    ids = _newest(readable, frozenset(filter.values), limit)
    whole = select(Entry).where(Entry.id.in_(ids)).order_by(*NEWEST_FIRST)
    return list(session.scalars(whole, filter.values))


NEWEST_FIRST = (Entry.xid.desc(), Entry.id.desc())


def _newest(
    readable: Select[Entry], names: frozenset[str], most: int, *, ordered: bool = True
) -> Select[Any]:
    """Return the query of the ids of the newest events that meet the conditions of those names.

    Unless they are `ordered`, they are some of the newest of each type.
    """
    others = [CONDITIONS[name](parameter(name)) for name in sorted(names - {"events"})]
    limit: ColumnElement[int] = literal_column(str(most))
    if "events" not in names:
        found = readable.with_only_columns(Entry.id).where(*others)
        return found.order_by(*NEWEST_FIRST).limit(limit)
    # An index has the events of one type in their order, and not those of several.
    types = func.unnest(parameter("events", ARRAY(Text))).table_valued("event").render_derived()
    of_type = readable.with_only_columns(Entry.id, Entry.xid).where(
        *others, Entry.event == types.c.event
    )
    each = of_type.order_by(*NEWEST_FIRST).limit(limit).correlate(types).lateral()
    found = select(each.c.id).select_from(types.join(each, true())).limit(limit)
    return found.order_by(each.c.xid.desc(), each.c.id.desc()) if ordered else found


def _as_array(types: Any) -> ColumnElement[Any]:
    return types if isinstance(types, BindParameter) else literal(types, ARRAY(Text))


def within_reach(principal: Principal) -> Select[Entry]:
    """Return the query of the events in the organization, projects and sub-account of a caller.

    Every other query starts from it. It does not know who may read the subject of an event.
    """
    return select(Entry).where(
        *principal.owned(Entry.organization_id, Entry.project_id, Entry.sub_account_id)
    )
