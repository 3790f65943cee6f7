"""Request bodies that are the bytes of a file, instead of JSON."""

from typing import Any

from fastapi import Request

from playout.api.errors import UnsupportedMediaType
from playout.kit.errors import TooLarge
from playout.kit.http.file_chunks import file_chunks


def file_body(description: str, **other: Any) -> dict[str, Any]:
    """Return the part of an OpenAPI operation that says that its body is a file.

    `other` has the schema of each other media type that the body may have. The media type of the
    file is always the general one, for the bytes say what it is, and generators of clients know no
    other for bytes.
    """
    # `format` comes from OpenAPI 3.0: generators know it better than the keywords of 3.1.
    file = {"type": "string", "format": "binary", "description": description}
    schemas = {"application/octet-stream": file, **other}
    content = {media_type: {"schema": schema} for media_type, schema in schemas.items()}
    return {"requestBody": {"content": content, "required": True}}


def reject_form(request: Request) -> None:
    """Raise `UnsupportedMediaType` for a form: the body must be the file itself."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType("Send the bytes of the file as the body, not a form.")


def reject_text(request: Request) -> None:
    """Raise `UnsupportedMediaType` for JSON or text, which is never the file of a video."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type.endswith(("/json", "+json")):
        raise UnsupportedMediaType(
            f"Send the bytes of the file, not {media_type}: Content-Type: video/mp4, or"
            " application/octet-stream."
        )


async def read_file(request: Request, max_bytes: int) -> bytes:
    """Return a small file, whole in memory. Check first whether the caller may send it.

    Raise `TooLarge` beyond `max_bytes`, `UnsupportedMediaType` for a form, and `Invalid` when the
    connection breaks.
    """
    reject_form(request)
    check_length(request, max_bytes)
    file = bytearray()
    async for chunk in file_chunks(request):
        file += chunk
        if len(file) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(file)


def check_length(request: Request, max_bytes: int) -> None:
    """Raise `TooLarge` before the first byte is read, if the client says how many there are."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(f"This file may have {max_bytes:,} bytes at the most.")
