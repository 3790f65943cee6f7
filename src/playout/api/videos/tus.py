"""What the addresses of uploads have around them: for browsers of other origins, and for tus."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.api.videos.upload_headers import ALGORITHMS, VERSION

METHODS = "POST, HEAD, PATCH, DELETE, OPTIONS"
SENT = (
    *("Authorization", "X-API-Key", "X-API-Secret", "X-Customer-Sub-Account-API-Key"),
    *("Content-Type", "Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset"),
    *("Upload-Checksum", "X-HTTP-Method-Override", "X-Requested-With", "X-Request-Id"),
    "Idempotency-Key",
)
READ = (
    *("Location", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    *("Tus-Checksum-Algorithm", "Upload-Offset", "Upload-Length", "Upload-Metadata"),
    *("Upload-Expires", "Video-Id", "X-Request-Id", "Retry-After"),
)
SAID = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(READ),
}
"""In every answer. Any origin may ask: credentials are headers that a page has to know, and none
that a browser adds by itself."""
OVERRIDDEN = frozenset({"PATCH", "DELETE", "HEAD"})


class Tus:
    """Around the Videos API: tells at `/uploads/…` what the server speaks, without a credential,
    and lets pages of any origin upload. It looks at nothing else."""

    def __init__(self, app: ASGIApp, max_size: int) -> None:
        self.app = app
        self._options = {
            "Tus-Extension": "creation,creation-with-upload,termination,checksum,expiration",
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
            "Tus-Max-Size": str(max_size),
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": ", ".join(SENT),
            "Access-Control-Max-Age": "86400",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not path.startswith("/uploads/"):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SAID)
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=self._options)(scope, receive, answer)
            return
        meant = Headers(scope=scope).get("x-http-method-override", "").upper()
        if meant in OVERRIDDEN and scope["method"] == "POST":
            scope = {**scope, "method": meant}
        await self.app(scope, receive, answer)
