"""Answers with a file from storage: ranges and ETags (RFC 9110)."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Content, Response, StreamingResponse
from starlette.types import Send

from playout.kit.errors import NotFound
from playout.kit.etags import if_match, if_none_match
from playout.kit.storage.store import Storage

ASK_EVERY = 0.5
"""Seconds after which a body that is being sent asks again whether it may go on."""
MayContinue = Callable[[], Awaitable[bool]]
"""Returns whether a body that is being sent may go on."""
RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE | re.ASCII)
"""A single range. The name of a range unit may have any case."""
MAX_DIGITS = 18
"""No file is so large that a position in it needs more digits. Python converts only so many."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that never changes: its key, length in bytes, strong ETag and media type."""

    key: str
    size: int
    etag: str
    media_type: str


def file_response(
    storage: Storage,
    file: StoredFile,
    request: Request,
    headers: Mapping[str, str],
    may_continue: MayContinue,
) -> Response:
    """Return the file, the requested range of it, 304 if the client has it already, or 412.

    `headers` are added to the answer. A request for several ranges gets the whole file, as the
    standard allows. Only GET has ranges: HEAD describes the whole file. The body asks
    `may_continue` while it is sent, and breaks off when the answer is no.
    """
    common = {"ETag": file.etag, "Accept-Ranges": "bytes", **headers}
    status = precondition_status(request.headers, file.etag)
    if status is not None:
        return Response(status_code=status, headers=common)
    if request.method == "HEAD":
        # With a body the whole file would be read, only for the server to drop it.
        common |= {"Content-Length": str(file.size)}
        return Response(headers=common, media_type=file.media_type)
    is_current = request.headers.get("if-range", file.etag) == file.etag
    byte_range = _parse_range(request.headers.get("range", ""), file.size) if is_current else None
    start, end = byte_range or (0, file.size)
    if byte_range and start >= end:
        return Response(
            status_code=416, headers={**common, "Content-Range": f"bytes */{file.size}"}
        )
    if byte_range:
        common["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    common["Content-Length"] = str(end - start)
    body = _while_allowed(storage.read(file.key, start, end), may_continue)
    return StoredFileResponse(body, 206 if byte_range else 200, common, media_type=file.media_type)


class StoredFileResponse(StreamingResponse):
    """An answer that begins when its first bytes are there: a storage that fails then is an error.

    A storage that fails later, or an access that ends, breaks the connection. The answer is then
    shorter than its Content-Length, so no client takes it for the whole file.
    """

    async def stream_response(self, send: Send) -> None:
        chunks = aiter(self.body_iterator)
        first = await anext(chunks, b"")

        async def with_first() -> AsyncIterator[Content]:
            yield first
            async for chunk in chunks:
                yield chunk

        self.body_iterator = with_first()
        await super().stream_response(send)


async def _while_allowed(
    chunks: AsyncIterator[bytes], may_continue: MayContinue
) -> AsyncIterator[bytes]:
    """Yield chunks, and ask now and then whether they may go on. Raise `NotFound` if not."""
    asked_at = time.monotonic()
    async for chunk in chunks:
        # A client may have taken a long time for the last chunk, so ask before the next one.
        if time.monotonic() - asked_at >= ASK_EVERY:
            if not await may_continue():
                raise NotFound("There is no such file any more.")
            asked_at = time.monotonic()
        yield chunk


def _parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte of a range and the one after its last; None for the whole file.

    The first one may lie beyond the end of the file: there is nothing to send then.
    """
    match = RANGE.fullmatch(header)
    if not match:
        return None
    first, last = match.groups()
    if not first:
        return (max(0, size - _position(last)), size) if last else None
    start, end = _position(first), _position(last) + 1 if last else size
    if last and end <= start:
        return None
    return start, min(end, size)


def _position(digits: str) -> int:
    """Return the number that the digits stand for; one beyond every file if there are too many."""
    significant = digits.lstrip("0")
    return 10**MAX_DIGITS if len(significant) > MAX_DIGITS else int(significant or "0")


def precondition_status(request: Mapping[str, str], etag: str) -> int | None:
    """Return the status that ends a request for something with that ETag; None to go on.

    `request` are the headers of the request: a failed `If-Match` is a 412, and a matching
    `If-None-Match` a 304.
    """
    if "if-match" in request and not if_match(request["if-match"], etag):
        return 412
    return 304 if if_none_match(request.get("if-none-match", ""), etag) else None
