"""The files of videos: to whom they may go is asked anew for each request."""

from hashlib import sha256
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from playout.core.media.model import MP4
from playout.core.playback.audience import may_watch
from playout.core.playback.grants import State, grant_query, key_of, share_of
from playout.core.playback.manifests import Streams, media_type, with_query
from playout.core.shares.serving import Serving
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, Unauthenticated
from playout.kit.http.ranges import StoredFile, matches, respond
from playout.runtime import Runtime
from playout.transcode.encode.ladder import STEPS
from playout.transcode.encode.tracks import AUDIO, AUDIO_COPY, COPY
from playout.transcode.pictures.picture_set import POSTERS, PREVIEW
from playout.transcode.pictures.storyboard import STORYBOARD

TYPES = {
    **{name: f"image/{'jpeg' if name.endswith('jpg') else 'webp'}" for name in POSTERS},
    STORYBOARD: "image/jpeg",
    PREVIEW: "image/webp",
    **dict.fromkeys((f"{name}.mp4" for name in (AUDIO, AUDIO_COPY)), "audio/mp4"),
    **dict.fromkeys((MP4, f"{COPY}.mp4", *(f"{step.name}.mp4" for step in STEPS)), "video/mp4"),
}
HEADERS = {
    # Revoking has to reach those who have seen it, too: they ask again each time.
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    # Players on other sites read these; a grant is in the address, never in a cookie.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FOR_VIEWER = {**HEADERS, "Cache-Control": "private, no-store"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
REMEMBERED = 10_000


class Media:
    """Serves `/media/{uid}/{version}/{name}`."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._serving = Serving(runtime.database, runtime.changes)
        self._streams = Streams(runtime.database, runtime.changes)
        # What lies in an object store is not on nginx's disk.
        self._front = runtime.settings.accel_redirect if runtime.storage.folder else None
        self._sizes: dict[str, int] = {}

    async def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=HEADERS | PREFLIGHT)
        uid, version = _uuid(request.path_params["uid"]), _uuid(request.path_params["version"])
        name, grant = request.path_params["name"], request.query_params.get("grant", "")
        is_list = media_type(name) is not None
        given = await self._given(uid, grant) if is_list or name in TYPES else None
        if given is None:
            raise NotFound("There is no such file.")
        headers, grant = given
        if is_list:
            # Players send no query of their own with segments: what is needed is handed on.
            query = grant_query(grant) if grant else ""
            return await self._list(request, uid, version, query, headers)
        key = f"media/{uid}/{version}/{name}"
        file = StoredFile(key, await self._size(key), f'"{version}-{name}"', TYPES[name])
        if self._front is not None:
            return Response(
                media_type=file.media_type,
                headers=headers | {"X-Accel-Redirect": f"{self._front}/{key}"},
            )
        answer = respond(self.runtime.storage, file, request.headers, headers)
        if request.method == "HEAD":
            # Without this the whole file would be read, for the server to throw away.
            return Response(status_code=answer.status_code, headers=answer.headers)
        return answer

    async def _list(
        self, request: Request, uid: UUID, version: UUID, query: str, headers: dict[str, str]
    ) -> Response:
        """A playlist or a manifest."""
        name = request.path_params["name"]
        text = self._streams.recall(uid, version, name)
        if text is None:
            text = await run_in_threadpool(self._streams.look_up, uid, version, name)
        if text is None:
            raise NotFound("There is no such file.")
        body = with_query(text, query).encode()
        headers = {"ETag": f'"{sha256(body).hexdigest()[:24]}"', **headers}
        if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers | {"Content-Type": media_type(name) or ""})

    async def _given(self, uid: UUID, grant: str) -> tuple[dict[str, str], str] | None:
        """What the video's files may go out with at this moment: headers, and the grant that it
        takes, "" for none. None when they may not."""
        playback = self.runtime.playback
        state = playback.recall(uid) or await run_in_threadpool(playback.look_up, uid)
        if state is None or not playback.permits(state, uid, grant, utcnow()):
            return None
        if may_watch(None, state):
            return HEADERS, ""
        key_id, share = key_of(grant), share_of(grant)
        if key_id is not None:
            return (FOR_VIEWER, grant) if await self._watches(key_id, state) else None
        return (HEADERS, grant) if not share or await self._serves(share) else None

    async def _watches(self, key_id: int, state: State) -> bool:
        credentials = self.runtime.credentials
        try:
            viewer = credentials.recall_key(key_id) or await run_in_threadpool(
                credentials.resolve_key, key_id
            )
        except Unauthenticated:
            return False
        return may_watch(viewer, state)

    async def _serves(self, share: str) -> bool:
        serves = self._serving.recall(share)
        return await run_in_threadpool(self._serving.look_up, share) if serves is None else serves

    async def _size(self, key: str) -> int:
        # A key is written once, so that its size may be kept for as long as there is room.
        if key not in self._sizes:
            if len(self._sizes) >= REMEMBERED:
                self._sizes.clear()
            self._sizes[key] = await self.runtime.storage.size(key)
        return self._sizes[key]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is no such file.") from error
