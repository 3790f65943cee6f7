"""Reading the ledger from a cursor on: each event once, and none is left out.

Ids are assigned before the commit, so that a smaller id can appear after a larger one. A reader
that asks for ids above the last one it saw would lose events. This module goes by the order of
transactions, up to the oldest one that still runs: no event can appear before that any more.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import Row, Select, text, tuple_
from sqlalchemy.orm import Session

from playout.core.ledger.model import Entry
from playout.core.ledger.queries import EventFilter
from playout.kit.errors import NotFound

# A statement of its own: every transaction below this frontier has ended before rows are read.
FRONTIER = text(
    "SELECT pg_snapshot_xmin(now)::text::bigint AS settled, pg_snapshot_xmax(now)::text::bigint"
    " AS next FROM pg_current_snapshot() AS now"
)


class Position(NamedTuple):
    """A place between two events, in the order in which they are read."""

    xid: int
    id: int

    @classmethod
    def parse(cls, cursor: str) -> "Position":
        """Return the position of a cursor, which is the `str` of a position."""
        xid, _, id = cursor.partition("-")
        return cls(int(xid), int(id))

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events in their order, and the position after which the next batch begins.

    `more` is true when others follow at once. `held_back` is true when others exist that have to
    wait for the end of an earlier transaction.
    """

    entries: list[Entry]
    position: Position
    more: bool
    held_back: bool


def now(session: Session) -> Position:
    """Return the position after every event that can be read now."""
    return Position(_frontier(session).settled, 0)


def read_after(
    session: Session, readable: Select[Entry], filter: EventFilter, position: Position, limit: int
) -> EventBatch:
    """Return the first `limit` events after a position.

    `readable` is the query of the events that the caller may read. Raise `NotFound` for a position
    of another database.
    """
    frontier = _frontier(session)
    if position.xid > frontier.next:
        raise NotFound("That cursor is not of this database; begin anew, perhaps with `since`.")
    rows = session.scalars(
        readable.where(*filter.conditions())
        # The first condition repeats the second, because a BRIN index cannot compare rows.
        .where(Entry.xid >= position.xid, tuple_(Entry.xid, Entry.id) > position)
        .order_by(Entry.xid, Entry.id)
        .limit(limit)
    ).all()
    entries = list(takewhile(lambda entry: entry.xid < frontier.settled, rows))
    held_back = len(entries) < len(rows)
    more = len(entries) == limit
    # Where the filter matches few events, the next batch need not search all the others again.
    end = position_after(entries[-1]) if more else max(position, Position(frontier.settled, 0))
    return EventBatch(entries, end, more, held_back)


def position_after(entry: Entry) -> Position:
    """Return the position right after an event."""
    return Position(entry.xid, entry.id)


def _frontier(session: Session) -> Row[tuple[int, int]]:
    return session.execute(FRONTIER).one()
