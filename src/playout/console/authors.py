"""The people who did something, by the names that their organization calls them.

Rows and events say `Member 17`, so that no name stays in them for ever.
"""

from collections.abc import Iterable, Mapping

from playout.console.texts import translated
from playout.core.accounts import lists
from playout.core.accounts.member_names import member_in, written_name
from playout.core.ledger.model import Entry
from playout.core.unit import ReadUnit
from playout.kit.ids import parse_id


def authors(unit: ReadUnit, written: Iterable[str]) -> Mapping[str, str]:
    """Return what a page calls each author in rows: a member by name, all others as written."""
    members = {each: member_in(each) for each in written}
    names = lists.names(unit, {id for id in members.values() if id})
    return {each: _called(names, id) if id else each for each, id in members.items()}


def actors(unit: ReadUnit, entries: Iterable[Entry]) -> Mapping[str, str]:
    """Return the names of the members who caused events, by the ids that events have of them."""
    return authors(
        unit, [written_name(parse_id(each.actor_id)) for each in entries if _is_member(each)]
    )


def actor(entry: Entry, names: Mapping[str, str]) -> str:
    """Return what a page calls the cause of an event: a member by name, all others as written."""
    called = entry.actor_name
    if _is_member(entry):
        called = names[written_name(parse_id(entry.actor_id))]
    return called or entry.actor_kind


def _called(names: Mapping[int, str], id: int) -> str:
    return names.get(id) or translated("Member {number}", number=id)


def _is_member(entry: Entry) -> bool:
    return entry.actor_kind == "user"
