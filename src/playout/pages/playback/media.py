"""The files of videos. Each request is checked anew, so that a revocation ends access at once.

A file that is being sent is checked again every half second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from playout.core.distributions.serving import ServingDistributions
from playout.core.distributions.settings import Platform
from playout.core.links.serving import ServingLinks
from playout.core.playback.audience import asks_password, may_play, may_watch
from playout.core.playback.grants import Grant, grant_query, unsigned_grant
from playout.core.playback.manifests import Manifests, manifest_type
from playout.core.playback.playback import PlaybackState, playback_key
from playout.core.shares.serving import ServingShares
from playout.kit.cache_tags import cache_tag_headers
from playout.kit.clock import utcnow
from playout.kit.errors import Forbidden, NotFound, Unauthenticated
from playout.kit.http.ranges import StoredFile, file_response, precondition_status
from playout.pages.playback.campaigns import PLATFORM, viewer_of_campaign
from playout.pages.playback.downloads import download_headers
from playout.pages.playback.segment_requests import note_segment
from playout.runtime import Runtime
from playout.transcode.encode.ladder import RESOLUTIONS
from playout.transcode.manifests.streams import fill_queries
from playout.transcode.names import (
    AUDIO,
    AUDIO_COPY,
    MORE_AUDIO,
    MP4,
    PREVIEW,
    STORYBOARD_IMAGE,
    VIDEO_COPY,
)
from playout.transcode.pictures.posters import POSTERS

VIDEO_FILES = (MP4, *(f"{name}.mp4" for name in (VIDEO_COPY, *(each.name for each in RESOLUTIONS))))
AUDIO_NAMES = (AUDIO, AUDIO_COPY, *MORE_AUDIO)
STORED_TYPES = {
    **{name: f"image/{'jpeg' if name.endswith('jpg') else 'webp'}" for name in POSTERS},
    STORYBOARD_IMAGE: "image/jpeg",
    PREVIEW: "image/webp",
    **dict.fromkeys((f"{name}.mp4" for name in AUDIO_NAMES), "audio/mp4"),
    **dict.fromkeys(VIDEO_FILES, "video/mp4"),
}
"""The media type of each file that lies in the storage. Other files are made from rows."""
HEADERS = {
    # A cache has to ask each time: otherwise it would go on serving what was revoked.
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    # Players on other sites read these files. A grant is in the URL, never in a cookie.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Length, Content-Range, ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
VIEWER_HEADERS = {**HEADERS, "Cache-Control": "private, no-store"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Match, If-None-Match, If-Range, CMCD-Request,"
    " CMCD-Object, CMCD-Status, CMCD-Session",
    "Access-Control-Max-Age": "86400",
}
REMEMBERED_SIZES = 10_000

Key = TypeVar("Key")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Access:
    """The permission to have a video's files at this moment."""

    headers: Mapping[str, str]
    """The headers of the response; they say who may keep it."""
    grant: str = ""
    """The grant that it depends on; "" if the files are public."""
    downloads: bool = True
    """False if the file may not be saved."""
    distribution_id: int | None = None
    """The distribution whose campaigns decide as well."""

    def tagged(self, *keys: str, is_purged: bool) -> "Access":
        """Return the same permission, with tags by which shared caches drop the file."""
        tags = cache_tag_headers(keys, is_purged=is_purged)
        return replace(self, headers={**self.headers, **tags})


class Media:
    """The endpoint `/media/{uid}/{version}/{name}`."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._shares = ServingShares(runtime.database, runtime.invalidations)
        self._links = ServingLinks(runtime.database, runtime.invalidations)
        self._distributions = ServingDistributions(runtime.database, runtime.invalidations)
        self._manifests = Manifests(runtime.database, runtime.invalidations)
        # nginx can send files from its own disk alone, and none from an object store.
        self._accel_redirect = runtime.settings.accel_redirect if runtime.storage.folder else None
        self._sizes: dict[str, int] = {}

    async def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=HEADERS | PREFLIGHT)
        uid, version = _uuid(request.path_params["uid"]), _uuid(request.path_params["version"])
        name, grant = request.path_params["name"], request.query_params.get("grant", "")
        is_known = manifest_type(name) is not None or name in STORED_TYPES
        access = await self._access(uid, version, grant) if is_known else None
        if access is None:
            raise NotFound("There is no such file.")
        if not await self._admits(request, uid, access):
            raise Forbidden("This distribution does not play for you now.")
        if name in STORED_TYPES:
            return await self._stored_file(request, uid, version, access)
        return await self._manifest(request, uid, version, access)

    async def _stored_file(
        self, request: Request, uid: UUID, version: UUID, access: Access
    ) -> Response:
        name = request.path_params["name"]
        headers = dict(access.headers)
        if request.query_params.get("download") == "1":
            if not access.downloads:
                raise Forbidden("This video may not be downloaded.")
            database, share = self.runtime.database, Grant.parse(access.grant).share
            headers |= await self.runtime.read_for_page(
                download_headers, database, uid, share, name
            )
        key = f"media/{uid}/{version}/{name}"
        if name in VIDEO_FILES:
            note_segment(self.runtime, request, uid, key, access.grant)
        file = StoredFile(key, await self._size(key), f'"{version}-{name}"', STORED_TYPES[name])
        if self._accel_redirect is not None:
            return Response(
                media_type=file.media_type,
                headers={**headers, "X-Accel-Redirect": f"{self._accel_redirect}/{key}"},
            )

        async def may_continue() -> bool:
            now = await self._access(uid, version, access.grant)
            return now is not None and await self._admits(request, uid, now)

        return file_response(self.runtime.storage, file, request, headers, may_continue)

    async def _manifest(
        self, request: Request, uid: UUID, version: UUID, access: Access
    ) -> Response:
        """Return a file that is made from rows: a playlist, a manifest, or WebVTT."""
        name = request.path_params["name"]
        text = self._manifests.cached(uid, version, name)
        if text is None:
            text = await self.runtime.read_for_page(self._manifests.load, uid, version, name)
        if text is None:
            raise NotFound("There is no such file.")
        # A player adds no query to the URLs of a manifest, so the grant is written into them.
        query = _query(request, access)
        body = fill_queries(text, escape(query) if name.endswith(".mpd") else query).encode()
        headers = {"ETag": f'"{sha256(body).hexdigest()[:24]}"', **access.headers}
        status = precondition_status(request.headers, headers["ETag"])
        if status is not None:
            return Response(status_code=status, headers=headers)
        return Response(body, headers=headers | {"Content-Type": manifest_type(name) or ""})

    async def _access(self, uid: UUID, version: UUID, grant_text: str) -> Access | None:
        """Return the access that a request with that grant has to a version of a video's files."""
        state, grant = await self._state(uid, version), Grant.parse(grant_text)
        if state is None or not self.runtime.playback.permits(state, uid, grant, utcnow()):
            return None
        distribution = grant.distribution_id
        kept = HEADERS if distribution is None else VIEWER_HEADERS
        # A file of a version that was replaced ends by itself, and nothing would tell a cache. So
        # does one of a video whose next change is planned.
        is_tagged = distribution is None and version in state.versions and state.turns_at is None
        downloads = state.downloads
        if may_watch(None, state):
            access = Access(kept, unsigned_grant(distribution), downloads, distribution)
            return self._tagged(access, playback_key(uid)) if is_tagged else access
        if not (grant.key_id is not None or grant.is_visitor or grant.link is not None):
            return await self._through_share(
                uid, grant, Access(kept, grant_text, downloads, distribution), is_tagged=is_tagged
            )
        if grant.key_id is not None:
            may_have = await self._key_may_play(grant.key_id, state)
        elif grant.link is not None:
            may_have = await self._link_opens(*grant.link, uid)
        else:
            may_have = asks_password(state)
        access = Access(VIEWER_HEADERS, grant_text, downloads, distribution)
        return access if may_have else None

    async def _through_share(
        self, uid: UUID, grant: Grant, access: Access, *, is_tagged: bool
    ) -> Access | None:
        """Return the access if the share of the grant shows the video."""
        showing = await self._known(self._shares.cached, self._shares.load, grant.share)
        if not showing.shows(uid, grant.share_seal, utcnow()):
            return None
        if not is_tagged or showing.ends_by_itself:
            return access
        return self._tagged(access, playback_key(uid), showing.changes)

    def _tagged(self, access: Access, *keys: str) -> Access:
        return access.tagged(*keys, is_purged=self.runtime.settings.purge_url is not None)

    async def _admits(self, request: Request, uid: UUID, access: Access) -> bool:
        """Return whether the campaigns of a distribution, if it is one, admit the viewer now."""
        if access.distribution_id is None:
            return True
        served = await self._known(
            self._distributions.cached, self._distributions.load, access.distribution_id
        )
        return served.plays(uid, viewer_of_campaign(request, self.runtime))

    async def _state(self, uid: UUID, version: UUID) -> PlaybackState | None:
        """Return the state of a video that has files of that version; None for any other video."""
        playback, now = self.runtime.playback, utcnow()
        state = playback.cached(uid)
        if state is None or not state.has(version, now):
            # The version may be so new that the notification of its commit is still on its way.
            state = await self.runtime.read_for_page(playback.load, uid)
        return state.as_of(now) if state is not None and state.has(version, now) else None

    async def _key_may_play(self, key_id: int, state: PlaybackState) -> bool:
        credentials = self.runtime.credentials
        try:
            holder = credentials.cached_by_id(key_id)
            if holder is None:
                holder = await self.runtime.read_for_page(credentials.load_by_id, key_id)
        except Unauthenticated:
            return False
        return may_play(holder, state)

    async def _link_opens(self, slug: str, epoch: int, uid: UUID) -> bool:
        opened = await self._known(self._links.cached, self._links.load, slug)
        return opened.opens(uid, epoch, utcnow())

    async def _known(
        self, cached: Callable[[Key], Found | None], load: Callable[[Key], Found], key: Key
    ) -> Found:
        """Return what is in memory under a key, or else in the database."""
        found = cached(key)
        return await self.runtime.read_for_page(load, key) if found is None else found

    async def _size(self, key: str) -> int:
        # A key is written only once, so its size never changes.
        if key not in self._sizes:
            if len(self._sizes) >= REMEMBERED_SIZES:
                self._sizes.clear()
            self._sizes[key] = await self.runtime.storage.size(key)
        return self._sizes[key]


def _query(request: Request, access: Access) -> str:
    """Return the query of the URLs in a manifest: the grant, and the platform of the client."""
    grant, platform = grant_query(access.grant), request.query_params.get(PLATFORM)
    if access.distribution_id is None or platform not in set(Platform):
        return grant
    return f"{grant}&{urlencode({PLATFORM: platform})}"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is no such file.") from error
