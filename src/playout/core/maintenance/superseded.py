"""Remove the files of renditions that were superseded, when the last grant over them has ended."""

from playout.core.maintenance.resources import Resources
from playout.core.media import queries
from playout.kit.clock import utcnow

BATCH = 100
"""Renditions of one transaction, which stays open while their files are removed."""


def remove_superseded_renditions(resources: Resources) -> None:
    """Remove rows and files of superseded renditions that no player may have any more."""
    while _remove_some(resources):
        pass


def _remove_some(resources: Resources) -> int:
    """Remove a batch, and return how many there were.

    Files first: if the process dies between the two, the row finds its file again.
    """
    with resources.database.write_session() as session:
        ended = queries.ended_renditions(session, utcnow(), BATCH)
        for rendition in ended:
            if not queries.is_file_used(session, rendition):
                resources.storage.delete(rendition.file)
            session.delete(rendition)
        return len(ended)
