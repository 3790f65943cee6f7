"""JSON bodies. Only JSON that has one meaning and can be stored is accepted."""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from playout.api.denials import deny_write
from playout.api.errors import UnsupportedMediaType
from playout.api.etags import EXTENSION, WRITES_NOTHING
from playout.kit.errors import Invalid, TooLarge

READING_METHODS = frozenset({"GET", "HEAD"})
MAX_BODY_BYTES = 1024 * 1024
MAX_QUESTION_BYTES = 16 * 1024
"""Size of the body of a request that writes nothing. Whoever may only read may send one, so it must
not take long to parse."""
MAX_DEPTH = 32
"""Levels of nesting."""
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


def parse(body: bytes) -> Any:
    """Return the value of a JSON text (RFC 8259).

    Raise `Invalid` for NaN and infinities, duplicate keys, more than 32 levels of nesting, and
    strings that PostgreSQL cannot store (with NUL or lone surrogates).
    """
    try:
        value = json.loads(body, parse_constant=_reject_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise _too_deep() from error
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(f"The body is not JSON: {error}.") from error
    _check(value)
    return value


def _check(value: Any) -> None:
    """Check a value level by level. Recursion could run out of stack."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, float) and not math.isfinite(item):
                raise Invalid("The body holds a number that is too large.")
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Invalid("The body holds a NUL character in a text.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The body holds half a surrogate pair in a text.") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Invalid("The body holds an object with the same key twice.")
    return value


def _reject_constant(name: str) -> NoReturn:
    raise Invalid(f"The body holds {name}, which is not JSON.")


def _too_deep() -> Invalid:
    return Invalid(f"The body is nested more than {MAX_DEPTH} levels deep.")


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
