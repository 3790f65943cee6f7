"""Serving guest links to visitors: what a link opens, and whether it still does."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.links import queries
from playout.core.links.model import GuestLink, LinkState, link_key
from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.errors import NotFound
from playout.kit.ids import RANDOM_SLUG
from playout.kit.invalidation import Invalidations

CACHE_SIZE = 10_000


class LinkOver(NotFound):
    """The link exists, but opens nothing any more, or not yet."""

    def __init__(self, message: str, video: Video) -> None:
        super().__init__(message)
        self.video = video


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that opens its video."""

    link: GuestLink
    video: Video
    asset: Asset | None


def open_link(session: Session, slug: str, now: datetime) -> OpenLink:
    """Return what the link at that address opens.

    Raise `NotFound` for an unknown slug, and `LinkOver` when the link is revoked or expired, or
    when its video is not published or not complete.
    """
    row = queries.by_slug(session, slug) if re.fullmatch(RANDOM_SLUG, slug) else None
    if row is None:
        raise NotFound("There is no such page.")
    link, video, asset = row
    if link.state(now) is LinkState.EXPIRED:
        raise LinkOver("This link has expired.", video)
    if not link.admits(now):
        raise LinkOver("This link was taken back.", video)
    if video.is_draft or not video.playable:
        raise LinkOver("The video of this link is not published.", video)
    return OpenLink(link, video, asset)


@dataclass(frozen=True, slots=True)
class Opened:
    """The video that a link opens at this moment; None if it opens nothing."""

    uid: UUID | None
    epoch: int = 0
    expires_at: datetime | None = None

    def opens(self, uid: UUID, epoch: int, now: datetime) -> bool:
        """Return whether whoever was let in, in that epoch of the link, may have the files."""
        is_over = self.expires_at is not None and self.expires_at <= now
        return self.uid == uid and self.epoch == epoch and not is_over


class ServingLinks:
    """The links that are in use. Their grants open the files of their video."""

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._opened: Cache[Opened] = Cache(invalidations, CACHE_SIZE)

    def cached(self, slug: str) -> Opened | None:
        """Return what the link opens if that is in memory; it reads no database."""
        return self._opened.get(link_key(slug))

    def load(self, slug: str) -> Opened:
        """Return what the link at that address opens."""
        generation = self._opened.generation
        with self._database.read_session() as session:
            try:
                found = open_link(session, slug, utcnow())
            except NotFound:
                return Opened(None)
            link, video = found.link, found.video
        opened = Opened(video.uid, link.epoch, link.expires_at)
        self._opened.put(link.cache_key, opened, generation, video.cache_key)
        return opened
