"""Serving distributions to viewers: which video each of them plays, and its campaigns."""

from dataclasses import dataclass
from uuid import UUID

from playout.core.distributions import queries
from playout.core.distributions.campaigns import Campaign, Viewer, admit
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.invalidation import Invalidations

CACHE_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Served:
    """The video and the campaigns of a distribution."""

    uid: UUID | None
    """None if there is no such distribution."""
    campaigns: tuple[Campaign, ...] = ()

    def plays(self, uid: UUID, viewer: Viewer) -> bool:
        """Return whether the distribution plays that video for the viewer at this moment."""
        return self.uid == uid and admit(self.campaigns, viewer, utcnow())


class ServingDistributions:
    """The distributions that are asked for, with the campaigns that decide over them."""

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._served: Cache[Served] = Cache(invalidations, CACHE_SIZE)

    def cached(self, distribution_id: int) -> Served | None:
        """Return the video and the campaigns of a distribution if they are in memory."""
        return self._served.get(_key(distribution_id))

    def load(self, distribution_id: int) -> Served:
        """Return the video and the campaigns of a distribution."""
        generation = self._served.generation
        with self._database.read_session() as session:
            video, settings = queries.served(session, distribution_id)
        if video is None:
            return Served(None)
        served = Served(video.uid, tuple(Campaign.parse(each) for each in settings))
        self._served.put(_key(distribution_id), served, generation, video.cache_key)
        return served


def _key(distribution_id: int) -> str:
    return f"distribution:{distribution_id}"
