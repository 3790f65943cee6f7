"""The events of landing pages that begin and end at a time.

Whether a page shows follows from the clock. Only its events need a ticker.
"""

from playout.core.shares import queries
from playout.core.unit import WriteUnit


def record_due_edges(unit: WriteUnit, project_id: int) -> None:
    """Record that landing pages of a project have begun or ended, once each, in that order."""
    for share in queries.due(unit, project_id):
        for event, at in (
            ("share.published", share.publish_at),
            ("share.expired", share.expires_at),
        ):
            if at is not None and share.turns_at is not None and share.turns_at <= at <= unit.now:
                # Time has passed; nobody has changed the share.
                unit.record(event, share.subject)
        share.plan_turn(unit.now)
        unit.invalidate(share)
