"""The headers of tus 1.0.0: what a client says in them, and what it is told."""

import base64
import binascii
import hashlib
import re
from datetime import UTC
from email.utils import format_datetime
from hmac import compare_digest
from typing import NoReturn

from fastapi import Request

from playout.api.errors import ChecksumMismatch, UnsupportedMediaType
from playout.core.uploads.model import Upload
from playout.core.uploads.service import UploadRequest
from playout.core.videos.model import TITLE_LENGTH
from playout.kit.errors import Invalid, PreconditionFailed
from playout.kit.ids import parse_id

VERSION = "1.0.0"
ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
BYTES = "application/offset+octet-stream"
METADATA_LENGTH = 8_000
UNTITLED = "Untitled Video"


def require_version(request: Request) -> None:
    """Raises `PreconditionFailed` for a client of another protocol."""
    if request.headers.get("tus-resumable") != VERSION:
        raise PreconditionFailed(f"This is tus {VERSION}: Tus-Resumable: {VERSION}.")


def require_bytes(request: Request) -> None:
    if request.headers.get("content-type") != BYTES:
        raise UnsupportedMediaType(f"The body must be bytes: Content-Type: {BYTES}.")


def number(request: Request, name: str) -> int:
    """A header that is a whole number of bytes. Raises `Invalid`."""
    text = request.headers.get(name, "")
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Invalid(f"{name} must be a whole number of bytes.", {name: "A number is needed."})
    return int(text)


def wanted(request: Request) -> UploadRequest:
    """What is to be uploaded, and to which video. Raises `Invalid`."""
    said = request.headers.get("upload-metadata", "")
    values = _metadata(said)
    title = values.get("title") or values.get("filename") or values.get("name") or UNTITLED
    return UploadRequest(
        length=number(request, "Upload-Length"),
        metadata=said,
        video_id=_id(values, "video"),
        title=title.strip()[:TITLE_LENGTH] or UNTITLED,
        project_id=_id(values, "workspace"),
    )


def told(upload: Upload) -> dict[str, str]:
    """How an upload stands."""
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


class Checksum:
    """The sum that the bytes of a request must have, and the one that they turn out to have."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        self._expected = expected
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        if len(expected) != self._digest.digest_size:
            raise Invalid(f"Upload-Checksum is no {algorithm}.")

    @classmethod
    def of(cls, request: Request) -> "Checksum | None":
        """What `Upload-Checksum` says. Raises `Invalid`."""
        said = request.headers.get("upload-checksum")
        if said is None:
            return None
        algorithm, _, encoded = said.partition(" ")
        if algorithm not in ALGORITHMS:
            raise Invalid(f"Upload-Checksum must be one of {', '.join(ALGORITHMS)}.")
        return cls(algorithm, _decoded(encoded, "Upload-Checksum"))

    def update(self, chunk: bytes | bytearray) -> None:
        self._digest.update(chunk)

    def verify(self) -> None:
        """Raises `ChecksumMismatch`."""
        if not compare_digest(self._digest.digest(), self._expected):
            raise ChecksumMismatch("The bytes are not those of Upload-Checksum; send them again.")


def _metadata(said: str) -> dict[str, str]:
    if len(said) > METADATA_LENGTH:
        _bad_metadata(f"is longer than {METADATA_LENGTH:,} characters")
    if not said.isascii() or not said.isprintable():
        _bad_metadata("holds characters that are not ASCII")
    values: dict[str, str] = {}
    for pair in filter(None, map(str.strip, said.split(","))):
        name, _, encoded = pair.partition(" ")
        if name in values:
            _bad_metadata("names a key twice")
        try:
            values[name] = _decoded(encoded, "Upload-Metadata").decode()
        except UnicodeDecodeError:
            values[name] = ""  # may be bytes; nothing that is read here is
        if "\0" in values[name]:
            _bad_metadata("holds a NUL character")
    return values


def _id(values: dict[str, str], name: str) -> int | None:
    if name not in values:
        return None
    return parse_id(values[name]) or _bad_metadata(f"names a {name} that is no id")


def _decoded(encoded: str, header: str) -> bytes:
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(f"{header} is not base64.", {header: "Base64 is needed."}) from error


def _bad_metadata(problem: str) -> NoReturn:
    raise Invalid(f"Upload-Metadata {problem}.", {"Upload-Metadata": f"It {problem}."})
