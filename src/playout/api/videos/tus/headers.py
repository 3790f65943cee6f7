"""The headers of tus: reading those of a request, and making those of an answer."""

import re
from datetime import UTC
from email.utils import format_datetime
from typing import NoReturn

from fastapi import Request

from playout.api.errors import UnsupportedMediaType
from playout.api.videos.tus.checksum import decode_base64
from playout.core.uploads.model import Upload
from playout.core.uploads.service import UploadRequest
from playout.core.videos.model import TITLE_LENGTH
from playout.kit.errors import Invalid, PreconditionFailed
from playout.kit.ids import parse_id
from playout.kit.text import normalize

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
"""Media type of a body that holds bytes of an upload."""
METADATA_LENGTH = 8_000
UNTITLED = "Untitled Video"
NOW = "now"
"""The value of `replace` that ends the replaced files at once, without a grace period."""


async def require_version(request: Request) -> None:
    """Raise `PreconditionFailed` unless the client uses tus 1.0.0."""
    if request.headers.get("tus-resumable") != VERSION:
        raise PreconditionFailed(f"This is tus {VERSION}: Tus-Resumable: {VERSION}.")


def has_chunk(request: Request) -> bool:
    """Return whether the body holds bytes of the upload."""
    return request.headers.get("content-type") == CHUNK_TYPE


def require_chunk(request: Request) -> None:
    """Raise `UnsupportedMediaType` unless the body holds bytes of the upload."""
    if not has_chunk(request):
        raise UnsupportedMediaType(f"The body must be bytes: Content-Type: {CHUNK_TYPE}.")


def byte_count(request: Request, header: str) -> int:
    """Return the number of bytes that a header says. Raise `Invalid`."""
    text = request.headers.get(header, "")
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Invalid(f"{header} must be a whole number of bytes.", {header: "A number is needed."})
    return int(text)


def upload_in(request: Request) -> UploadRequest:
    """Return what a client wants to upload, and to which video. Raise `Invalid`."""
    header = request.headers.get("upload-metadata", "")
    metadata = _metadata(header)
    title = metadata.get("title") or metadata.get("filename") or metadata.get("name") or UNTITLED
    return UploadRequest(
        length=byte_count(request, "Upload-Length"),
        metadata=header,
        video_id=_id(metadata, "video"),
        title=title.strip()[:TITLE_LENGTH] or UNTITLED,
        project_id=_id(metadata, "workspace"),
        replace_at_once=_replaces_at_once(metadata),
    )


def upload_headers(upload: Upload) -> dict[str, str]:
    """Return the headers that describe an upload."""
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Upload-Expires": format_datetime(upload.expires_at.astimezone(UTC), usegmt=True),
        "Video-Id": str(upload.video_id),
        "Cache-Control": "no-store",
    }
    return (
        {**headers, "Upload-Metadata": upload.client_metadata}
        if upload.client_metadata
        else headers
    )


def _metadata(header: str) -> dict[str, str]:
    if len(header) > METADATA_LENGTH:
        _reject_metadata(f"is longer than {METADATA_LENGTH:,} characters")
    if not header.isascii() or not header.isprintable():
        _reject_metadata("holds characters that are not ASCII")
    values: dict[str, str] = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        name, _, encoded = pair.partition(" ")
        if name in values:
            _reject_metadata("names a key twice")
        try:
            values[name] = normalize(decode_base64(encoded, "Upload-Metadata").decode())
        except UnicodeDecodeError:
            # Values may be bytes. All values that are read here are texts.
            values[name] = ""
        if "\0" in values[name]:
            _reject_metadata("holds a NUL character")
    return values


def _id(metadata: dict[str, str], name: str) -> int | None:
    if name not in metadata:
        return None
    return parse_id(metadata[name]) or _reject_metadata(f"names a {name} that is no id")


def _replaces_at_once(metadata: dict[str, str]) -> bool:
    if metadata.get("replace", NOW) != NOW:
        _reject_metadata(f"has a replace that is not {NOW}, the only value allowed")
    return "replace" in metadata


def _reject_metadata(problem: str) -> NoReturn:
    raise Invalid(f"Upload-Metadata {problem}.", {"Upload-Metadata": f"It {problem}."})
