"""What the public sees of a share, and whether at this moment it sees anything."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from playout.core.media.model import Asset
from playout.core.projects.model import ProjectStatus
from playout.core.shares import queries
from playout.core.shares.model import SLUG_PATTERN, Share
from playout.core.unit import project_key
from playout.core.videos.model import Video
from playout.kit.cache import Cache
from playout.kit.db import Database
from playout.kit.errors import NotFound
from playout.kit.invalidation import Invalidations

REMEMBERED = 10_000


class NotServing(NotFound):
    """The share is there, but shows nothing at this moment."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What stands on the page of a share that serves."""

    share: Share
    video: Video
    asset: Asset | None


def landing(session: Session, slug: str) -> Landing:
    """What the share at that address shows.

    Raises `NotFound` alike for a slug that never was, one that is retired and one of an archived
    project, and `NotServing` when the share is disabled, its credential is revoked, or its channel
    has no video yet.
    """
    row = queries.by_slug(session, slug) if re.fullmatch(SLUG_PATTERN, slug) else None
    if row is None or row[1].status is ProjectStatus.ARCHIVED:
        raise NotFound("There is no such page.")
    share, project, credential = row
    if not share.serves(project, credential):
        raise NotServing("This page has been switched off for now.")
    played = queries.played(session, share)
    if played is None:
        raise NotServing("There is no video on this page yet.")
    return Landing(share, *played)


class Serving:
    """Knows which shares serve, so that each file of their videos can ask."""

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._known: Cache[bool] = Cache(invalidations, REMEMBERED)

    def recall(self, slug: str) -> bool | None:
        """Whether the share serves, if it is in memory; no database."""
        return self._known.get(f"share:{slug}")

    def look_up(self, slug: str) -> bool:
        """Whether there is a share at that address and it serves."""
        generation = self._known.generation
        with self._database.reading() as session:
            row = queries.by_slug(session, slug)
        if row is None:
            return False
        share, project, credential = row
        serves = share.serves(project, credential)
        self._known.put(f"share:{slug}", serves, generation, project_key(project.id))
        return serves
