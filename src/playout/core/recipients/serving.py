"""Recipients as the public meets them: by their code."""

from collections.abc import Sequence
from datetime import datetime
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
    """Note what players say of recipients: id, kind of the event, and when it came."""
    for recipient_id, kind, at in sorted(events):  # one order, so that no two wait for each other
        if kind == OPENED:
            queries.note_opened(session, recipient_id, at)
        elif kind == WATCHED:
            queries.note_watched(session, recipient_id, at)
