"""The events of the ledger as they happen."""

import re
from collections.abc import Sequence
from typing import Any

from playout.console.authors import actor, actors
from playout.console.fields import text
from playout.console.visit import Outcome, Shown, Visit
from playout.core.events import queries
from playout.core.ledger import cursor
from playout.core.ledger.cursor import Position
from playout.core.ledger.events import EVENTS
from playout.core.ledger.model import Entry
from playout.core.ledger.queries import EventFilter
from playout.core.ledger.redaction import redacted
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.kit.errors import NotFound

SHOWN = 50
TYPE_LENGTH = 100
POSITION = re.compile(r"[0-9]{1,18}-[0-9]{1,18}")
NOUNS = tuple(dict.fromkeys(each.partition(".")[0] for each in EVENTS))


def index(visit: Visit) -> Outcome:
    """Show the newest events, and from where on others follow."""
    visit.principal.require(Permission.VIDEOS_READ)
    chosen = _filter(visit)
    with visit.read() as unit:
        # An event that commits in between then comes twice instead of never.
        position = cursor.now(unit.session)
        found = queries.page(unit, chosen, 0, SHOWN)
        rows = _rows(unit, found.entries)
    values = {
        "events": rows,
        "position": position,
        "type": chosen.event or "",
        "nouns": NOUNS,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("automation_events.html", values)


def after(visit: Visit) -> Outcome:
    """Show the events since a position as rows alone, newest first."""
    visit.principal.require(Permission.VIDEOS_READ)
    if not POSITION.fullmatch(visit.path["position"]):
        raise NotFound("There is no such position.")
    position = Position.parse(visit.path["position"])
    with visit.read() as unit:
        batch = queries.read_after(unit, _filter(visit), position, SHOWN)
        rows = _rows(unit, batch.entries[::-1])
    return Shown("automation_event_rows.html", {"events": rows, "position": batch.position})


def _filter(visit: Visit) -> EventFilter:
    return EventFilter(event=text(visit.query, "type", TYPE_LENGTH) or None)


def _rows(unit: ReadUnit, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    names = actors(unit, entries)
    return [_row(each, actor(each, names)) for each in entries]


def _row(entry: Entry, who: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "type": entry.event,
        "says": EVENTS.get(entry.event, ""),
        "at": entry.at,
        "subject": f"{entry.subject_type} {entry.subject_id}",
        "actor": who,
        "api": entry.api,
        "changes": redacted(entry.subject_type, entry.changes),
    }
