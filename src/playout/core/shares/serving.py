"""Serving shares to the public: the content of their pages, and whether they serve now."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.media.model import Asset
from playout.core.projects.model import ProjectStatus
from playout.core.shares import queries
from playout.core.shares.model import Share, is_time
from playout.core.unit import project_key
from playout.core.videos.model import Video
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.errors import NotFound
from playout.kit.ids import RANDOM_SLUG
from playout.kit.invalidation import Invalidations

CACHE_SIZE = 10_000


class NotServing(NotFound):
    """The share exists, but shows nothing at this moment: it is disabled, or has no video yet."""

    def __init__(self, share: Share) -> None:
        super().__init__("This page shows nothing at the moment.")
        self.share = share


@dataclass(frozen=True, slots=True)
class Landing:
    """The content of the page of a share that serves."""

    share: Share
    video: Video
    asset: Asset | None


def landing(session: Session, slug: str, now: datetime) -> Landing:
    """Return the content of the share at that address.

    Raise `NotFound` for a slug that is unknown, is retired or belongs to an archived project, which
    a visitor cannot tell apart. Raise `NotServing` when the share is disabled, has not begun or is
    over, when its credential is revoked, or when its channel has no video yet.
    """
    row = queries.by_slug(session, slug) if re.fullmatch(RANDOM_SLUG, slug) else None
    if row is None or row[1].status is ProjectStatus.ARCHIVED:
        raise NotFound("There is no such page.")
    share, project, credential = row
    if not share.serves(project, credential, now):
        raise NotServing(share)
    current = queries.current_video(session, share)
    if current is None:
        raise NotServing(share)
    return Landing(share, *current)


@dataclass(frozen=True, slots=True)
class Showing:
    """The video that a share shows between two times; None if it does not serve.

    `changes` is the key that is invalidated before it shows anything else.
    """

    uid: UUID | None
    changes: str = ""
    seal: str = ""
    publish_at: datetime | None = None
    expires_at: datetime | None = None

    def shows(self, uid: UUID, seal: str, now: datetime) -> bool:
        """Return whether whoever entered the password with that seal may have the files."""
        is_open = is_time(self.publish_at, self.expires_at, now)
        return self.uid == uid and self.seal == seal and is_open

    @property
    def ends_by_itself(self) -> bool:
        """Return whether it ends at a time, without any change."""
        return self.expires_at is not None


class ServingShares:
    """The shares that serve. Their grants open the files of the video that they play now."""

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._showing: Cache[Showing] = Cache(invalidations, CACHE_SIZE)

    def cached(self, slug: str) -> Showing | None:
        """Return what the share shows if that is in memory; it reads no database."""
        return self._showing.get(f"share:{slug}")

    def load(self, slug: str) -> Showing:
        """Return what the share at that address shows."""
        generation = self._showing.generation
        with self._database.read_session() as session:
            row = queries.by_slug(session, slug)
            if row is None:
                return Showing(None)
            share, project, credential = row
            now = utcnow()
            # What is in memory is good from the time on when the share begins, too.
            begins = max(share.publish_at or now, now)
            serves = share.serves(project, credential, begins)
            current = queries.current_video(session, share) if serves else None
            changes = project_key(project.id)
            showing = Showing(
                current[0].uid if current else None,
                changes,
                share.seal,
                share.publish_at,
                share.expires_at,
            )
        self._showing.put(f"share:{slug}", showing, generation, changes)
        return showing
