"""Files that come as the body of a request."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from playout.kit.errors import Invalid
from playout.kit.metrics import counter

RECEIVED_BYTES = counter("playout_received_bytes", "Bytes of sources received")


async def file_chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield the bytes of a file. Raise `Invalid` when the connection breaks."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file had arrived.") from error
