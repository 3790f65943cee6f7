"""The playback URLs of videos, and whether a request may have the files behind them."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Row

from playout.core.media.model import Asset, version_in
from playout.core.playback.audience import may_watch
from playout.core.playback.grants import (
    Grant,
    grant_query,
    holder_of_distribution,
    key_holder,
    sign_grant,
    unsigned_grant,
)
from playout.core.playback.manifests import dash_name, hls_name
from playout.core.playback.pictures import PictureUrls, UrlBuilder, picture_urls
from playout.core.principal import Principal
from playout.core.videos import queries
from playout.core.videos.chapters import chapters_of
from playout.core.videos.model import Video, Visibility
from playout.kit.cache import Cache
from playout.kit.database.engine import Database
from playout.kit.invalidation import Invalidations
from playout.kit.signing import Signer
from playout.transcode.names import CHAPTERS, MP4

CACHE_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class PlaybackState:
    """The facts of a video that decide who may have its files, and which grants are valid."""

    epoch: int
    is_draft: bool
    visibility: Visibility
    organization_id: int
    project_id: int
    sub_account_id: int | None
    owner_id: int | None
    versions: frozenset[UUID]
    """The versions of all files that the video has now."""
    replaced: Mapping[UUID, datetime]
    """The versions that were replaced a moment ago, and when each of them ends."""

    def has(self, version: UUID, now: datetime) -> bool:
        """Return whether the files of that version are the video's, now or until a moment ago."""
        if version in self.versions:
            return True
        return version in self.replaced and now < self.replaced[version]


@dataclass(frozen=True, slots=True)
class PlaybackUrls:
    """URLs of what a video has; "" or None for what it does not have."""

    video: str
    """The MP4, or the address of a video that is kept elsewhere."""
    poster: str | None
    hls: str | None = None
    dash: str | None = None
    pictures: PictureUrls = field(default_factory=PictureUrls)
    """All pictures, `poster` among them."""
    chapters: str | None = None
    """A WebVTT file."""


class Playback:
    """The playback URLs of videos, and the rules of who may have their files.

    A published public video has plain URLs: everybody may have its files.

    Every URL of any other video carries a grant. A grant is valid for one video, until the end of
    the next day (UTC), and only in the epoch in which it was signed: a new epoch ends all grants of
    a video at once. It begins when the video is unpublished, or when others may watch it than
    before.

    A grant has a holder, and opens nothing that its holder may not have at that moment:

    - One that was made through a share is good only while that share serves and plays the video.
    - One that was made through a guest link is good only while that link opens the video, with the
      password that it had then.
    - One that was made for the caller of an API, or for a viewer who signed in, names the key or
      user token. It is good only while `may_play` allows that key the video.

    The URLs of a distribution name it, also for a public video. They open nothing while its
    campaigns do not admit the viewer.

    `permits` checks all but the holder and the campaigns. Whoever serves a file also checks these.
    """

    def __init__(
        self, database: Database, invalidations: Invalidations, signer: Signer, base_url: str
    ) -> None:
        self._database = database
        self._signer = signer
        self._cache: Cache[PlaybackState] = Cache(invalidations, CACHE_SIZE)
        self.base_url = base_url

    def at(self, base_url: str) -> Self:
        """Return the same playback, with URLs that begin with `base_url`; "" makes them paths."""
        other = copy.copy(self)
        other.base_url = base_url
        return other

    def urls(
        self,
        video: Video,
        asset: Asset | None,
        now: datetime,
        *,
        via: str = "",
        viewer: Principal | None = None,
        distribution_id: int | None = None,
        max_height: int | None = None,
    ) -> PlaybackUrls:
        """Return the URLs of a video that plays the asset.

        The caller has checked that the video may be shown. `via` is the slug of the share that
        shows it, or the `link_holder` of a guest link; `viewer` is the caller of an API or who
        signed in to watch it. Either becomes the holder of the grant. With neither, only the URLs
        of a public video open anything. The campaigns of `distribution_id` decide over its URLs as
        well. The manifests list renditions up to `max_height`, such as 720, or all of them.
        """
        url_of = self.url_builder(
            video, now, via=via, viewer=viewer, distribution_id=distribution_id
        )
        pictures = picture_urls(video, asset, url_of)
        if video.external_url is not None:
            return PlaybackUrls(video.external_url, pictures.poster, pictures=pictures)
        if asset is None or asset.version is None:
            return PlaybackUrls("", pictures.poster, pictures=pictures)
        return PlaybackUrls(
            video=url_of(asset.mp4_version or asset.version, MP4),
            poster=pictures.poster,
            hls=url_of(asset.version, hls_name(max_height)) if asset.ladder else None,
            dash=url_of(asset.version, dash_name(max_height)) if asset.ladder else None,
            pictures=pictures,
            chapters=url_of(asset.version, CHAPTERS) if chapters_of(video, asset) else None,
        )

    def url_builder(
        self,
        video: Video,
        now: datetime,
        *,
        via: str = "",
        viewer: Principal | None = None,
        distribution_id: int | None = None,
    ) -> UrlBuilder:
        """Return a function that makes the URLs of the video's files; see `urls`."""
        holder = key_holder(viewer.key_id) if viewer else via
        folder = f"{self.base_url}/media/{video.uid}"

        @cache
        def query() -> str:
            """Return what follows each path. It is signed only for a video that has files here."""
            if may_watch(None, video):
                grant = unsigned_grant(distribution_id)
            elif holder:
                whole = holder_of_distribution(holder, distribution_id)
                grant = sign_grant(self._signer, video.uid, video.epoch, now, whole)
            else:
                grant = ""
            return f"?{grant_query(grant)}" if grant else ""

        return lambda version, name: f"{folder}/{version}/{name}{query()}"

    def cached(self, uid: UUID) -> PlaybackState | None:
        """Return the state of a video if it is in memory, without asking the database."""
        return self._cache.get(f"video:{uid}")

    def load(self, uid: UUID) -> PlaybackState | None:
        """Return the state of a video, or None if there is no such video."""
        generation = self._cache.generation
        with self._database.read_session() as session:
            row = queries.playback_state(session, uid)
        if row is None:
            return None
        state = _state(row)
        self._cache.put(f"video:{uid}", state, generation)
        return state

    def permits(self, state: PlaybackState, uid: UUID, grant: Grant, now: datetime) -> bool:
        """Return whether a request with that grant may have the files of the video.

        The holder of the grant and the campaigns of its distribution are not checked.
        """
        return may_watch(None, state) or grant.is_valid(self._signer, uid, state.epoch, now)


def _state(row: Row[*tuple[Any, ...]]) -> PlaybackState:
    """Return the state that a row of `queries.playback_state` describes."""
    named = {row.poster_version, row.version, row.mp4_version, row.pictures_version} - {None}
    return PlaybackState(
        epoch=row.epoch,
        is_draft=row.is_draft,
        visibility=row.visibility,
        organization_id=row.organization_id,
        project_id=row.project_id,
        sub_account_id=row.sub_account_id,
        owner_id=row.owner_id,
        versions=frozenset({*named, *row.captions, *(UUID(version_in(f)) for f in row.folders)}),
        replaced=dict(zip(row.replaced, row.ends, strict=True)),
    )
