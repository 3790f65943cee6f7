"""Answers in gzip, for clients that accept it (RFC 9110).

Only whole answers in text are compressed: a page, JSON, a style sheet. Media, ranges and streams go
out as they are. So does an answer that no cache may store: it is for one person, and whoever can
choose a part of it could guess a secret in it from its length (the attack called BREACH).

An answer in gzip has an ETag of its own, because its bytes differ. The application never sees that
one: a request that names it seems to name the ETag of the plain answer.
"""

import zlib
from collections.abc import Iterable
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIN_BYTES = 1024
"""A smaller answer fits into one packet as it is."""
LEVEL = 5
"""Level of an answer that is sent once: 30 kB of JSON take 0.2 ms."""
KEPT_LEVEL = 9
"""Level of an answer that is kept, and sent many times."""
MEDIA_TYPES = frozenset(
    {b"application/json", b"application/problem+json", b"image/svg+xml"}
    | {b"application/atom+xml", b"application/feed+json", b"application/rss+xml"}
    | {b"application/xml", b"text/css", b"text/html", b"text/javascript", b"text/plain"}
    | {b"text/xml"}
)
CONDITIONS = frozenset({b"if-match", b"if-none-match", b"if-range"})
SUFFIX = '-gzip"'
"""The end of the ETag of an answer in gzip."""
VARIES = "Accept-Encoding"

RawHeaders = list[tuple[bytes, bytes]]


def gzip(body: bytes, level: int = KEPT_LEVEL) -> bytes:
    """Return the body in gzip. The same body always becomes the same bytes."""
    compressor = zlib.compressobj(level, wbits=zlib.MAX_WBITS | 16)
    return compressor.compress(body) + compressor.flush()


def gzip_etag(etag: str) -> str:
    """Return the ETag of the same thing in gzip."""
    return f"{etag[:-1]}{SUFFIX}"


def accepts_gzip(headers: RawHeaders) -> bool:
    """Return whether the headers of a request allow an answer in gzip."""
    accepted = [value for name, value in headers if name == b"accept-encoding"]
    return bool(accepted) and _allows_gzip(b",".join(accepted))


@lru_cache(maxsize=256)
def _allows_gzip(header: bytes) -> bool:
    weights: dict[str, float] = {}
    for item in header.decode("latin-1").lower().split(","):
        coding, *parameters = (part.strip() for part in item.split(";"))
        weights[coding] = _weight(parameters)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0))) > 0


def _weight(parameters: Iterable[str]) -> float:
    for each in parameters:
        if each.startswith("q="):
            try:
                return float(each[2:])
            except ValueError:
                return 0
    return 1


class Compression:
    """A middleware that compresses the answers of the application that are worth it.

    An answer that has a coding already is passed on as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known, headers = without_suffix(scope["headers"])
        answer = _Answer(send, accepts_gzip(headers), known)
        await self.app({**scope, "headers": headers} if known else scope, receive, answer.send)


class _Answer:
    """One answer on its way out. Its head waits for the body, which decides what becomes of it."""

    def __init__(self, send: Send, is_accepted: bool, known: frozenset[bytes]) -> None:
        self._send = send
        self._is_accepted = is_accepted
        self._known = known
        """The ETags that the client knows from answers in gzip, as the application has them."""
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] == 304:
                self._restore_etag(message)
            if _is_compressible(message):
                self._head = message
                return
        elif self._head is not None:
            head, self._head = self._head, None
            if not message.get("more_body") and len(message.get("body", b"")) >= MIN_BYTES:
                message = self._compressed(head, message)
            await self._send(head)
        await self._send(message)

    def _compressed(self, head: Message, message: Message) -> Message:
        """Change the head for the body in gzip, and return that body."""
        headers: RawHeaders = head["headers"]
        _vary(headers)
        if not self._is_accepted:
            return message
        body = gzip(message["body"], LEVEL)
        _replace(headers, b"content-length", str(len(body)).encode())
        headers.append((b"content-encoding", b"gzip"))
        etag = _value(headers, b"etag")
        if etag:
            _replace(headers, b"etag", gzip_etag(etag.decode("latin-1")).encode("latin-1"))
        return {**message, "body": body}

    def _restore_etag(self, message: Message) -> None:
        """Name the ETag in the 304 that the client knows."""
        headers = _headers(message)
        etag = _value(headers, b"etag")
        if self._is_accepted and etag in self._known:
            _replace(headers, b"etag", gzip_etag(etag.decode("latin-1")).encode("latin-1"))
            _vary(headers)


def without_suffix(headers: RawHeaders) -> tuple[frozenset[bytes], RawHeaders]:
    """Return the ETags of answers in gzip that a request names, and its headers with plain ones."""
    suffix, plain = SUFFIX.encode(), b'"'
    if not any(suffix in value for name, value in headers if name in CONDITIONS):
        return frozenset(), headers
    known: set[bytes] = set()
    changed: RawHeaders = []
    for name, value in headers:
        if name in CONDITIONS and suffix in value:
            tags = (each.strip().removeprefix(b"W/") for each in value.split(b","))
            known.update(each.replace(suffix, plain) for each in tags if each.endswith(suffix))
            changed.append((name, value.replace(suffix, plain)))
        else:
            changed.append((name, value))
    return frozenset(known), changed


def _is_compressible(message: Message) -> bool:
    headers = _headers(message)
    if message["status"] in {204, 206, 304} or _value(headers, b"content-encoding"):
        return False
    media_type = _value(headers, b"content-type").partition(b";")[0].strip().lower()
    return media_type in MEDIA_TYPES and b"no-store" not in _value(headers, b"cache-control")


def _headers(message: Message) -> RawHeaders:
    """Return the headers of a head, in a list of its own that may be changed."""
    headers: RawHeaders = list(message.get("headers", ()))
    message["headers"] = headers
    return headers


def _value(headers: RawHeaders, wanted: bytes) -> bytes:
    return next((value for name, value in headers if name.lower() == wanted), b"")


def _replace(headers: RawHeaders, replaced: bytes, value: bytes) -> None:
    headers[:] = [each for each in headers if each[0].lower() != replaced]
    headers.append((replaced, value))


def _vary(headers: RawHeaders) -> None:
    """Add to `Vary` that the answer depends on the codings that the client accepts."""
    known = _value(headers, b"vary")
    if VARIES.lower().encode() not in known.lower():
        _replace(headers, b"vary", known + b", " * bool(known) + VARIES.encode())
