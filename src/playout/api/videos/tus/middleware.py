"""Middleware around the addresses of uploads, for tus and for browsers of other origins."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.api.videos.tus.checksum import ALGORITHMS
from playout.api.videos.tus.headers import VERSION

PREFIX = "/uploads/"
METHODS = "POST, HEAD, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = (
    *("Authorization", "X-API-Key", "X-API-Secret", "X-Customer-Sub-Account-API-Key"),
    *("Content-Type", "Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset"),
    *("Upload-Checksum", "X-HTTP-Method-Override", "X-Requested-With", "X-Request-Id"),
    "Idempotency-Key",
)
"""Headers that a page of another origin may send."""
ANSWER_HEADERS = (
    *("Location", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    *("Tus-Checksum-Algorithm", "Upload-Offset", "Upload-Length", "Upload-Metadata"),
    *("Upload-Expires", "Video-Id", "X-Request-Id", "Retry-After"),
)
"""Headers that a page of another origin may read."""
IN_EVERY_ANSWER = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    # Any origin may ask. Credentials are headers that a page has to know: no browser adds them
    # by itself.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(ANSWER_HEADERS),
}
OVERRIDDEN_METHODS = frozenset({"PATCH", "DELETE", "HEAD"})


class TusMiddleware:
    """Middleware that describes the server to tus clients and lets pages of any origin upload.

    `OPTIONS` needs no credential. Requests outside `/uploads/` pass unchanged.
    """

    def __init__(self, app: ASGIApp, max_size: int) -> None:
        self.app = app
        self._options = {
            "Tus-Extension": "creation,creation-with-upload,termination,checksum,expiration",
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
            "Tus-Max-Size": str(max_size),
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
            "Access-Control-Max-Age": "86400",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not f"{path}/".startswith(PREFIX):
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(IN_EVERY_ANSWER)
            await send(message)

        if scope["method"] == "OPTIONS":
            options = Response(status_code=204, headers=self._options)
            await options(scope, receive, send_with_headers)
            return
        override = Headers(scope=scope).get("x-http-method-override", "").upper()
        if override in OVERRIDDEN_METHODS and scope["method"] == "POST":
            scope = {**scope, "method": override}
        await self.app(scope, receive, send_with_headers)
