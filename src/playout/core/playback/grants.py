"""Addresses of a video's files, and who may have them at this moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from playout.core.media.model import MP4, Asset
from playout.core.playback.audience import may_watch
from playout.core.playback.manifests import manifest_name, master_name
from playout.core.playback.pictures import Looks, looks
from playout.core.principal import Principal
from playout.core.videos import queries
from playout.core.videos.model import Video, Visibility
from playout.kit.cache import Cache
from playout.kit.db import Database
from playout.kit.invalidation import Invalidations
from playout.kit.signing import Signer

GRANT_DAYS = 2
DAY = 86_400
PURPOSE = "playback"
REMEMBERED = 10_000
KEY = "~"
"""What the id of a key stands after in a grant; no slug of a share has it."""


@dataclass(frozen=True, slots=True)
class State:
    """What decides: who may see the video, and which grants are still good."""

    epoch: int
    is_draft: bool
    visibility: Visibility
    organization_id: int
    project_id: int
    sub_account_id: int | None
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute URLs of what a video has; empty or None where it has none."""

    video: str
    poster: str | None
    hls: str | None = None
    dash: str | None = None
    looks: Looks = field(default_factory=Looks)
    """Its pictures, `poster` among them."""


class Playback:
    """Makes playback addresses and checks them.

    A published public video has plain addresses. Any other has a grant in its address: it opens
    that one video for one to two days, and only in the epoch in which it was made. A grant that is
    given through a share says so, and is good only while that share serves; one that is given to
    who signed in names their key, and is good only while that key may watch. Who lets a file go
    out asks for that, too.
    """

    def __init__(
        self, database: Database, invalidations: Invalidations, signer: Signer, base_url: str
    ) -> None:
        self._database = database
        self._signer = signer
        self._states: Cache[State] = Cache(invalidations, REMEMBERED)
        self.base_url = base_url

    def addresses(
        self,
        video: Video,
        asset: Asset | None,
        now: datetime,
        through: str = "",
        most: int | None = None,
    ) -> Addresses:
        """Where the video plays from, for those to whom the video may be shown.

        `through` is the slug of the share that shows it or what `bound_to` says, "" for neither;
        `most` is the quality up to which the adaptive streams go (720 for 720p), None for all.
        """
        at = self.places(video, now, through)
        shown = looks(video, asset, at)
        if video.external_url is not None:
            return Addresses(video.external_url, shown.poster, looks=shown)
        if asset is None or asset.version is None:
            return Addresses("", shown.poster, looks=shown)
        return Addresses(
            at(asset.mp4_version or asset.version, MP4),
            shown.poster,
            at(asset.version, master_name(most)) if asset.ladder else None,
            at(asset.version, manifest_name(most)) if asset.ladder else None,
            shown,
        )

    def places(self, video: Video, now: datetime, through: str = "") -> Callable[[UUID, str], str]:
        """What makes addresses of a video's files, of their version and name; as `addresses`."""
        query = "" if may_watch(None, video) else f"?{self._grant(video, now, through)}"
        files = f"{self.base_url}/media/{video.uid}"
        return lambda version, name: f"{files}/{version}/{name}{query}"

    def recall(self, uid: UUID) -> State | None:
        """The state if it is in memory; no database."""
        return self._states.get(f"video:{uid}")

    def look_up(self, uid: UUID) -> State | None:
        """The state; None when there is no such video."""
        generation = self._states.generation
        with self._database.reading() as session:
            row = queries.playback_state(session, uid)
        if row is None:
            return None
        state = State(*row)
        self._states.put(f"video:{uid}", state, generation)
        return state

    def permits(self, state: State, uid: UUID, grant: str, now: datetime) -> bool:
        """Whether the files of the video may be had with that grant ("" for none)."""
        if may_watch(None, state):
            return True
        expires, signature, through = _parts(grant)
        if not expires.isdecimal() or len(expires) > 12 or int(expires) < now.timestamp():
            return False
        return self._signer.verify(PURPOSE, _message(uid, state.epoch, expires, through), signature)

    def _grant(self, video: Video, now: datetime, through: str) -> str:
        # Ends at the end of a day, so that an address stays the same for a while and is cached.
        expires = str((int(now.timestamp()) // DAY + GRANT_DAYS) * DAY)
        message = _message(video.uid, video.epoch, expires, through)
        parts = (expires, self._signer.signature(PURPOSE, message), through)
        return grant_query(".".join(part for part in parts if part))


def grant_query(grant: str) -> str:
    """The query of an address that carries that grant."""
    return urlencode({"grant": grant})


def bound_to(viewer: Principal) -> str:
    """What binds a grant to the key that its viewer came with."""
    return f"{KEY}{viewer.key_id}"


def share_of(grant: str) -> str:
    """The slug of the share that a grant was given through; "" where it was not."""
    through = _parts(grant)[2]
    return "" if through.startswith(KEY) else through


def key_of(grant: str) -> int | None:
    """The id of the key that a grant of ours was given to; None where it was not."""
    through = _parts(grant)[2]
    return int(through.removeprefix(KEY)) if through.startswith(KEY) else None


def _parts(grant: str) -> tuple[str, str, str]:
    expires, _, rest = grant.partition(".")
    signature, _, through = rest.partition(".")
    return expires, signature, through


def _message(uid: UUID, epoch: int, expires: str, through: str) -> str:
    return f"{uid}.{epoch}.{expires}" + (f".{through}" if through else "")
