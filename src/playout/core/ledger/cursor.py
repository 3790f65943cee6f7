"""Following the ledger: each event once, none left out, however its transactions overlap.

Ids are handed out before the commit, so that a smaller one may appear after a larger: to ask for
what is above the last id seen would lose it. What is followed is the order of transactions, up to
the oldest that is still running: nothing can appear before that any more.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import Row, text, tuple_
from sqlalchemy.orm import Session

from playout.core.ledger.model import Entry
from playout.core.ledger.queries import Chosen, visible_to
from playout.core.principal import Principal
from playout.kit.errors import NotFound

# In a statement of its own: what is older than this frontier has ended before the rows are read.
FRONTIER = text(
    "SELECT pg_snapshot_xmin(now)::text::bigint AS settled, pg_snapshot_xmax(now)::text::bigint"
    " AS next FROM pg_current_snapshot() AS now"
)


class Position(NamedTuple):
    """A place between two events, in the order in which they are followed."""

    xid: int
    id: int

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """The position that a cursor stands for, which is its `str`."""
        xid, _, id = cursor.partition("-")
        return cls(int(xid), int(id))

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"


@dataclass(frozen=True, slots=True)
class Followed:
    """Events in their order, and where to go on from.

    `more` says that there are others behind them; `held_back`, that some are there which wait for
    a transaction that began before theirs.
    """

    entries: list[Entry]
    position: Position
    more: bool
    held_back: bool


def now(session: Session) -> Position:
    """The position behind everything that has settled."""
    return Position(_frontier(session).settled, 0)


def follow(
    session: Session, principal: Principal, chosen: Chosen, after: Position, limit: int
) -> Followed:
    """At most `limit` events after a position. Raises `NotFound` for one of another database."""
    frontier = _frontier(session)
    if after.xid > frontier.next:
        raise NotFound("That cursor is not of this database; begin anew, perhaps with `since`.")
    rows = session.scalars(
        visible_to(principal)
        .where(*chosen.conditions())
        # Said twice: an index by blocks takes nothing of a comparison of rows.
        .where(Entry.xid >= after.xid, tuple_(Entry.xid, Entry.id) > after)
        .order_by(Entry.xid, Entry.id)
        .limit(limit)
    ).all()
    entries = list(takewhile(lambda entry: entry.xid < frontier.settled, rows))
    held_back = len(entries) < len(rows)
    more = len(entries) == limit
    # What is asked for may be rare: the next look need not pass all the rest again.
    reached = place(entries[-1]) if more else max(after, Position(frontier.settled, 0))
    return Followed(entries, reached, more, held_back)


def place(entry: Entry) -> Position:
    """The position right behind an event."""
    return Position(entry.xid, entry.id)


def _frontier(session: Session) -> Row[tuple[int, int]]:
    return session.execute(FRONTIER).one()
