"""Recipients as the public meets them: by their code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.recipients import queries
from playout.core.recipients.model import Recipient
from playout.core.shares.model import Share

OPENED, WATCHED = "view", "complete"
"""The kinds of events of a player that say so."""


def admitted(session: Session, share: Share, code: str, now: datetime) -> Recipient | None:
    """Return the recipient whose link under a share leads to the film now."""
    row = queries.by_code(session, code)
    if row is None or not row[0].admits(now):
        return None
    own = row[1].project_id, row[1].channel
    return row[0] if own == (share.project_id, share.channel) else None


def note_events(session: Session, events: Sequence[tuple[UUID, str, datetime]]) -> None:
    """Note what players say of recipients: id, kind of the event, and when it came.

    The times are those of whole hours: with exact ones, somebody could find the same visitor among
    the events, which name nobody.
    """
    rows: dict[UUID, dict[str, Any]] = {}
    for recipient_id, kind, at in events:
        empty = {"seen_id": recipient_id, "more_views": 0, "opened": None, "watched": None}
        row = rows.setdefault(recipient_id, empty)
        hour = at.replace(minute=0, second=0, microsecond=0)
        if kind in {OPENED, WATCHED}:
            row["opened"] = row["opened"] or hour
        if kind == OPENED:
            row["more_views"] += 1
        elif kind == WATCHED:
            row["watched"] = row["watched"] or hour
    if rows:
        queries.note_seen(session, list(rows.values()))
