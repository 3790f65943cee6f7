"""Uploads of members who are signed in: the tus endpoint of the API, with the session in front."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.kit.errors import Forbidden
from playout.pages.forms import check_origin
from playout.pages.responses import PRIVATE
from playout.pages.viewers import Viewers

ROOT = "/console"
PATHS = ("/console/uploads/", "/console/uploads/{upload_id}/")
READING = frozenset({"HEAD", "OPTIONS"})
"""Methods for which browsers do not name the origin of a page to its own site."""


class SessionUploads:
    """Serves the tus endpoint of `app` below `/console` for whoever the cookie belongs to.

    Unlike the endpoint itself it reads cookies, so it takes nothing from pages of other sites.
    """

    def __init__(self, app: ASGIApp, viewers: Viewers, base_url: str) -> None:
        self._app = app
        self._viewers = viewers
        self._base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            if request.method not in READING:
                check_origin(request, self._base_url)
        except Forbidden as error:
            await JSONResponse({"detail": error.message}, 403, PRIVATE)(scope, receive, send)
            return
        member = await self._viewers.viewer_of(request)
        if member is None:
            answer = JSONResponse({"detail": "Sign in again."}, 401, PRIVATE)
            await answer(scope, receive, send)
            return
        state = {**scope.get("state", {}), "principal": member}
        await self._app({**scope, "root_path": ROOT, "state": state}, receive, send)
