"""The progress of videos that are being processed, for the list of uploads."""

from typing import Any

from playout.console.texts import sentence
from playout.console.videos.cards import card
from playout.console.visit import Outcome, Told, Visit
from playout.core.publications import details
from playout.core.videos.model import Status
from playout.kit.ids import parse_id

MOST = 50
"""Videos whose progress is told at once."""
OVER = (Status.COMPLETED, Status.FAILED)


def states(visit: Visit) -> Outcome:
    """Tell the states of the videos that the address names; those that are gone are left out."""
    ids = [parse_id(each) for each in visit.query.get("videos", "").split(",")][:MOST]
    found: dict[str, Any] = {}
    with visit.read() as unit:
        for shown in details.several(unit, ids):
            values = card(visit, shown)
            found[str(shown.video.id)] = {
                "state": values["state"],
                "word": values["word"],
                "reason": sentence(shown.video.failure_reason or ""),
                "picture": values["picture"],
                "is_over": shown.pending is None and shown.video.status in OVER,
            }
    return Told(found)
