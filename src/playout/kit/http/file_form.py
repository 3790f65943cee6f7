"""Forms with files (multipart/form-data, RFC 7578), received into a scratch folder."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from uuid import uuid4

from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from playout.kit.errors import Invalid, TooLarge

MAX_FIELD_BYTES = 64 * 1024
MAX_PARTS = 100
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form. `filename` is what the client calls it."""

    filename: str
    path: Path
    size: int
    sha256: str


@dataclass(slots=True)
class Form:
    """A form: its texts, its files, and what identifies all of it."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[FormFile]] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        """Return what is the same for a form that is sent again, with another boundary."""
        files = [
            (name, each.filename, each.sha256) for name in self.files for each in self.files[name]
        ]
        return hashlib.sha256(repr((sorted(self.texts.items()), sorted(files))).encode()).digest()

    def file(self, name: str) -> FormFile | None:
        """Return the only file of that name. Raise `Invalid` if there are more."""
        files = self.files.get(name, [])
        if len(files) > 1:
            raise Invalid(f"{name}: There may be one file only.", {name: "Send one file."})
        return files[0] if files else None


async def read_form(
    request: Request, folder: Path, max_bytes: int, large: Collection[str] = ()
) -> Form:
    """Receive a form. Its files go into `folder`, and so do texts whose names are in `large`.

    Raise `TooLarge`, and `Invalid` for a body that is broken, or no form.
    """
    boundary = boundary_of(request)
    if boundary is None:
        raise Invalid("Send a form: Content-Type: multipart/form-data.")
    reader = _Reader(boundary, folder, large)
    received, pending = 0, bytearray()
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > max_bytes:
                raise TooLarge(f"The form may have {max_bytes:,} bytes at the most.")
            pending += chunk
            if len(pending) >= _CHUNK:
                await run_in_threadpool(reader.feed, bytes(pending))
                pending.clear()
        await run_in_threadpool(reader.feed, bytes(pending))
        return reader.finish()
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole form had arrived.") from error
    finally:
        reader.close()


def boundary_of(request: Request) -> str | None:
    """Return what separates the parts of a form; None for another body."""
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    return str(options.get("boundary", "")) or None if media_type == "multipart/form-data" else None


class _Reader:
    """Takes the bytes of a form as they come."""

    def __init__(self, boundary: str, folder: Path, large: Collection[str]) -> None:
        self._parser = PushMultipartParser(boundary, max_segment_count=MAX_PARTS, strict=True)
        self._folder = folder
        self._large = large
        self._form = Form()
        self._part: _Part | None = None

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            return
        with _form_errors():
            for event in self._parser.parse(chunk):
                self._take(event)

    def finish(self) -> Form:
        with _form_errors():
            self._parser.close()
        return self._form

    def close(self) -> None:
        if self._part:
            self._part.close()

    def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._part = _Part(event, self._folder, self._large)
        elif self._part is None:
            return
        elif event is None:
            self._part.add_to(self._form)
            self._part = None
        else:
            self._part.write(event)


class _Part:
    """One part of a form: a file if it has a file name or is `large`, and else a text."""

    def __init__(self, segment: MultipartSegment, folder: Path, large: Collection[str]) -> None:
        # PHP and its users write `assetFiles[]` for a list.
        self._name = segment.name.removesuffix("[]")
        self._filename = segment.filename or (self._name if self._name in large else None)
        self._path = folder / str(uuid4())
        self._digest = hashlib.sha256()
        self._size = 0
        self._file: IO[bytes] | None = self._path.open("wb") if self._filename else None
        self._text = bytearray()

    def write(self, data: bytes | bytearray) -> None:
        self._size += len(data)
        if self._file:
            self._digest.update(data)
            self._file.write(data)
        elif self._size > MAX_FIELD_BYTES:
            raise TooLarge(f"{self._name} may have {MAX_FIELD_BYTES:,} bytes at the most.")
        else:
            self._text += data

    def add_to(self, form: Form) -> None:
        self.close()
        if self._filename:
            digest = self._digest.hexdigest()
            found = FormFile(self._filename, self._path, self._size, digest)
            form.files.setdefault(self._name, []).append(found)
            return
        if self._name in form.texts:
            raise Invalid(f"{self._name} is there twice.", {self._name: "Send it once."})
        try:
            form.texts[self._name] = self._text.decode()
        except UnicodeDecodeError:
            raise Invalid(f"{self._name} is not UTF-8.", {self._name: "Send UTF-8."}) from None

    def close(self) -> None:
        if self._file:
            self._file.close()


@contextmanager
def _form_errors() -> Iterator[None]:
    try:
        yield
    except MultipartError as error:
        raise Invalid(f"The form cannot be read: {error}.") from error
