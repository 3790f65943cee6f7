"""JSON bodies. Only JSON that has one meaning and can be stored is accepted."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from playout.api.denials import deny_write
from playout.api.errors import UnsupportedMediaType
from playout.api.etags import EXTENSION, WRITES_NOTHING
from playout.kit.errors import TooLarge
from playout.kit.strict_json import parse

READING_METHODS = frozenset({"GET", "HEAD"})
MAX_BODY_BYTES = 1024 * 1024
MAX_QUESTION_BYTES = 16 * 1024
"""Size of the body of a request that writes nothing. Whoever may only read may send one, so it must
not take long to parse."""
LONG_BODY_BYTES = 64 * 1024
"""Size from which a body is parsed in a thread: a whole MiB may take half a second."""


class StrictRequest(Request):
    """A request that rejects JSON that is ambiguous or cannot be stored."""

    max_bytes = MAX_BODY_BYTES

    async def body(self) -> bytes:
        """Return the body. Raise `UnsupportedMediaType` for one that is not declared as JSON."""
        if not hasattr(self, "_body"):
            self._body = await self._read_body()
        body = self._body
        if body and not _is_json(self.headers.get("content-type", "")):
            raise UnsupportedMediaType("The body must be JSON: Content-Type: application/json.")
        return body

    async def _read_body(self) -> bytes:
        body = bytearray()
        async for chunk in self.stream():
            body += chunk
            if len(body) > self.max_bytes:
                raise TooLarge(f"The body is larger than {self.max_bytes:,} bytes.")
        return bytes(body)

    async def json(self) -> Any:
        """Return the value of the body. Raise as `parse` does."""
        body = await self.body()
        if len(body) < LONG_BODY_BYTES:
            return parse(body)
        return await run_in_threadpool(parse, body)


class ShortRequest(StrictRequest):
    """A request that writes nothing, and that anybody with a credential may send."""

    max_bytes = MAX_QUESTION_BYTES


class StrictRoute(APIRoute):
    """A route that reads its body through `StrictRequest`.

    FastAPI parses the body before the endpoint can check the role. So those who may only read are
    refused here, before a byte of the body is read. The only bodies that they may send are short.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, which gets a `StrictRequest`."""
        handler = super().get_route_handler()
        reads = WRITES_NOTHING in (self.openapi_extra or {}).get(EXTENSION, ())

        async def strict(request: Request) -> Response:
            writes = not reads and request.method not in READING_METHODS
            if writes and request.state.principal.may_only_read:
                await run_in_threadpool(deny_write, request)
            kind = ShortRequest if reads else StrictRequest
            return await handler(kind(request.scope, request.receive))

        return strict


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
