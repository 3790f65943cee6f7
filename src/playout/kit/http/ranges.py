"""Answering with a stored file: ranges and validators (RFC 9110), whatever the storage."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from starlette.responses import Content, Response, StreamingResponse
from starlette.types import Send

from playout.kit.storage.store import Storage

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
"""One range; longer numbers are nobody's, and are not worth being parsed."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that never changes: its key, length, strong ETag and media type."""

    key: str
    size: int
    etag: str
    media_type: str


def respond(
    storage: Storage, file: StoredFile, request: Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    """The file, the range of it that is asked for, or word that the client has it already.

    Several ranges at once are answered with the whole file, as the standard allows.
    """
    common = {"ETag": file.etag, "Accept-Ranges": "bytes", **headers}
    if matches(request.get("if-none-match", ""), file.etag):
        return Response(status_code=304, headers=common)
    wanted = request.get("range", "")
    if request.get("if-range", file.etag) != file.etag:
        wanted = ""
    span = _span(wanted, file.size)
    start, end = span or (0, file.size)
    if span and start >= end:
        return Response(
            status_code=416, headers={**common, "Content-Range": f"bytes */{file.size}"}
        )
    if span:
        common["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    common["Content-Length"] = str(end - start)
    body: AsyncIterator[bytes] = storage.read(file.key, start, end)
    return Stored(body, 206 if span else 200, common, media_type=file.media_type)


class Stored(StreamingResponse):
    """Begins once there is something to send, so that a storage that fails at once is an error.

    One that fails later breaks the connection: short of its length, no client takes it for whole.
    """

    async def stream_response(self, send: Send) -> None:
        chunks = aiter(self.body_iterator)
        first = await anext(chunks, b"")

        async def whole() -> AsyncIterator[Content]:
            yield first
            async for chunk in chunks:
                yield chunk

        self.body_iterator = whole()
        await super().stream_response(send)


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """The bytes to send, from and up to: none of them beyond the end; None for the whole file."""
    match = RANGE.fullmatch(wanted)
    if not match:
        return None
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def matches(header: str, etag: str) -> bool:
    """Whether an `If-None-Match` names that tag, weakly compared as the standard says."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or "*" in tags
