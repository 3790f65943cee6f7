"""The history of a landing page: who did what to it, and when."""

from typing import Any
from uuid import UUID

from playout.console.authors import actor, actors
from playout.console.visit import Outcome, Shown, Visit
from playout.core.ledger.model import Entry
from playout.core.ledger.redaction import redacted
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.shares import service
from playout.kit.errors import NotFound

MOST = 200
"""Events on the page."""
WORDS = {
    "share.created": "Created",
    "share.updated": "Changed",
    "share.disabled": "Disabled",
    "share.restored": "Restored",
    "share.rotated": "New address",
    "share.published": "Began",
    "share.expired": "Ended",
}
LONG = 80
"""Characters of a value that are shown."""


def show(visit: Visit) -> Outcome:
    """Show what happened to a landing page, newest first."""
    try:
        uid, channel = UUID(visit.path["project"]), Channel(visit.path["channel"])
    except ValueError:
        raise NotFound("There is no such page.") from None
    with visit.read() as unit:
        entries = service.audit(unit, uid, channel, MOST)
        names = actors(unit, entries)
        values = {
            "project": projects.get(unit, uid),
            "channel": channel,
            "entries": [_entry(each, actor(each, names)) for each in entries],
            "most": MOST,
        }
    return Shown("share_history.html", values)


def _entry(entry: Entry, who: str) -> dict[str, Any]:
    changes = [
        (name.replace("_", " ").capitalize(), _text(before), _text(after))
        for name, (before, after) in redacted(entry.subject_type, entry.changes).items()
    ]
    return {
        "at": entry.at,
        "word": WORDS.get(entry.event, entry.event),
        "who": who,
        "through": entry.api,
        # What was created had nothing before.
        "changes": [each for each in changes if each[1] != each[2]],
    }


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
