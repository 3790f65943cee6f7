"""Answers with a file from storage: ranges and ETags (RFC 9110)."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Content, Response, StreamingResponse
from starlette.types import Send

from playout.kit.errors import NotFound
from playout.kit.storage.store import Storage

ASK_EVERY = 0.5
"""Seconds after which a body that is being sent asks again whether it may go on."""
MayContinue = Callable[[], Awaitable[bool]]
"""Returns whether a body that is being sent may go on."""
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
"""A single range. No file is so large that it needs more digits."""


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
    request: Mapping[str, str],
    headers: Mapping[str, str],
    may_continue: MayContinue,
) -> Response:
    """Return the file, the requested range of it, or 304 if the client has it already.

    `request` are the headers of the request, and `headers` those to add to the answer. A request
    for several ranges gets the whole file, as the standard allows. The body asks `may_continue`
    while it is sent, and breaks off when the answer is no.
    """
    common = {"ETag": file.etag, "Accept-Ranges": "bytes", **headers}
    if etag_matches(request.get("if-none-match", ""), file.etag):
        return Response(status_code=304, headers=common)
    is_current = request.get("if-range", file.etag) == file.etag
    byte_range = _parse_range(request.get("range", ""), file.size) if is_current else None
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
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def etag_matches(header: str, etag: str) -> bool:
    """Return True if an `If-None-Match` contains the ETag, by the weak comparison of RFC 9110."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or "*" in tags
