"""The files of videos: to whom they may go is asked anew for each request."""

from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from playout.core.media.model import MP4, POSTER
from playout.core.runtime import Runtime
from playout.core.shares.serving import Serving
from playout.core.videos.audience import may_watch
from playout.core.videos.playback import State, key_of, share_of
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, Unauthenticated
from playout.kit.ranges import StoredFile, respond

TYPES = {MP4: "video/mp4", POSTER: "image/jpeg"}
HEADERS = {
    # Revoking has to reach those who have seen it, too: they ask again each time.
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FOR_VIEWER = {**HEADERS, "Cache-Control": "private, no-store"}
REMEMBERED = 10_000


class Media:
    """Serves `/media/{uid}/{version}/{name}`."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._serving = Serving(runtime.database, runtime.changes)
        self._sizes: dict[str, int] = {}

    async def answer(self, request: Request) -> Response:
        uid, version = _uuid(request.path_params["uid"]), _uuid(request.path_params["version"])
        name = request.path_params["name"]
        grant = request.query_params.get("grant", "")
        headers = await self._permitted(uid, grant) if name in TYPES else None
        if headers is None:
            raise NotFound("There is no such file.")
        key = f"media/{uid}/{version}/{name}"
        file = StoredFile(key, await self._size(key), f'"{version}-{name}"', TYPES[name])
        answer = respond(self.runtime.storage, file, request.headers, headers)
        if request.method == "HEAD":
            # Without this the whole file would be read, for the server to throw away.
            return Response(status_code=answer.status_code, headers=answer.headers)
        return answer

    async def _permitted(self, uid: UUID, grant: str) -> dict[str, str] | None:
        """The headers that the file may go out with at this moment; None when it may not."""
        playback = self.runtime.playback
        state = playback.recall(uid) or await run_in_threadpool(playback.look_up, uid)
        if state is None or not playback.permits(state, uid, grant, utcnow()):
            return None
        if may_watch(None, state):
            return HEADERS
        key_id, share = key_of(grant), share_of(grant)
        if key_id is not None:
            return FOR_VIEWER if await self._watches(key_id, state) else None
        return HEADERS if not share or await self._serves(share) else None

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
