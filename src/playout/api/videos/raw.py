"""Bodies that are a small file, whole in memory."""

from fastapi import Request
from starlette.requests import ClientDisconnect

from playout.api.errors import UnsupportedMediaType
from playout.kit.errors import Invalid, TooLarge


async def bytes_of(request: Request, most: int) -> bytes:
    """The body. Raises `TooLarge` beyond `most` bytes, `UnsupportedMediaType` for a form."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType("Send the bytes of the file as the body, not a form.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise TooLarge(f"This file may have {most:,} bytes at the most.")
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file was here.") from error
    return bytes(body)
