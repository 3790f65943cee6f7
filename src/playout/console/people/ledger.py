"""The ledger of an organization: who did what, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from playout.console.authors import actor, actors
from playout.console.reader import reader
from playout.console.texts import sentence
from playout.console.visit import Outcome, Shown, Visit
from playout.core.accounts import lists
from playout.core.events import queries as events
from playout.core.ledger.cursor import Position
from playout.core.ledger.events import EVENTS
from playout.core.ledger.model import Entry
from playout.core.ledger.queries import EventFilter
from playout.core.ledger.redaction import redacted
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid
from playout.kit.ids import parse_id

ON_A_PAGE = 50
FIELDS = ("event", "subject", "actor", "since", "until")
MEMBER = "member"
"""The subject of events that are about a member."""
NOUNS = sorted({event.partition(".")[0] for event in EVENTS})


def index(visit: Visit) -> Outcome:
    """Show the events that the member may read and that the search finds, a page at a time."""
    query = {name: visit.query.get(name, "").strip() for name in FIELDS}
    problem, entries = "", []
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
        try:
            position = _position(visit.query.get("before", ""))
            found = _filter(query)
            entries = events.read_before(unit, organization.id, found, position, ON_A_PAGE + 1)
        except Invalid as error:
            problem = sentence(error.message)
        members, names = _members(unit, entries), actors(unit, entries)
    shown, more = entries[:ON_A_PAGE], len(entries) > ON_A_PAGE
    last = str(Position(shown[-1].xid, shown[-1].id)) if more else ""
    values = {
        "tab": "ledger",
        "organization": organization,
        "query": query,
        "nouns": NOUNS,
        "events": EVENTS,
        "rows": [_row(each, actor(each, names), members) for each in shown],
        "next": urlencode({**query, "before": last}) if more else "",
        "is_searched": any(query.values()) or "before" in visit.query,
        "wrong": problem,
        "problem": None,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("ledger.html", values, 400 if problem else 200)


def _members(unit: ReadUnit, entries: Sequence[Entry]) -> Mapping[int, str]:
    """Return the names of the members whom events are about, by their ids."""
    ids = {parse_id(each.subject_id) for each in entries if each.subject_type == MEMBER}
    return lists.names(unit, ids)


def _row(entry: Entry, who: str, members: Mapping[int, str]) -> dict[str, Any]:
    is_member = entry.subject_type == MEMBER
    return {
        "at": entry.at,
        "event": entry.event,
        "says": EVENTS.get(entry.event, ""),
        "subject": f"{entry.subject_type}:{entry.subject_id}",
        "about": members.get(parse_id(entry.subject_id), "") if is_member else "",
        "actor": f"{entry.actor_kind}:{entry.actor_id}",
        "by": who,
        "api": entry.api,
        "changes": [
            (name, _short(before), _short(after))
            for name, (before, after) in redacted(entry.subject_type, entry.changes).items()
        ],
    }


def _short(value: Any) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _filter(query: dict[str, str]) -> EventFilter:
    event = query["event"]
    return EventFilter(
        event=f"{event}.*" if event in NOUNS else event or None,
        subject=query["subject"] or None,
        actor=query["actor"] or None,
        since=_day(query["since"]),
        until=_day(query["until"], timedelta(days=1)),
    )


def _day(text: str, after: timedelta = timedelta()) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=reader().zone) + after if text else None
    except (ValueError, OverflowError):
        raise Invalid(f"{text} is not a date: write 2026-11-20.") from None


def _position(cursor: str) -> Position | None:
    try:
        return Position.parse(cursor) if cursor else None
    except ValueError:
        raise Invalid("That is no place in the ledger: search anew.") from None
