"""Answers that are kept in memory as they are sent: plain, in gzip, and as a 304."""

import time
from collections.abc import Mapping
from email.utils import formatdate

from starlette.datastructures import Headers
from starlette.responses import Response

from playout.kit.http.compression import (
    CONDITIONS,
    MIN_BYTES,
    VARIES,
    RawHeaders,
    accepts_gzip,
    gzip,
    gzip_etag,
    without_suffix,
)
from playout.kit.http.ranges import precondition_status

SINCE = b"if-modified-since"


class KeptAnswer:
    """A 200 that is the same for everybody, with an ETag. It is compressed once.

    `headers` are all but the length, the ETag, the time, and what depends on the coding.

    `Last-Modified` is the second in which the answer was made. An answer that was made later in the
    same second may differ, so the time is told only when that second is over. A client that names
    exactly this time has this answer. An older or later time proves nothing: another process may
    have made another answer.
    """

    def __init__(self, body: bytes, headers: Mapping[str, str], etag: str) -> None:
        self._etag = etag
        self.size = len(body)
        self._made_at = int(time.time())
        self._modified = formatdate(self._made_at, usegmt=True)
        if len(body) < MIN_BYTES:
            self._plain = self._gzip = self._variant(body, {**headers, "ETag": etag})
            return
        varying = {**headers, "Vary": VARIES}
        self._plain = self._variant(body, {**varying, "ETag": etag})
        self._gzip = self._variant(
            gzip(body), {**varying, "ETag": gzip_etag(etag), "Content-Encoding": "gzip"}
        )

    def response(self, request: RawHeaders) -> Response:
        """Return the response to a request with these headers: 200, 304 or 412."""
        variant = self._gzip if accepts_gzip(request) else self._plain
        is_dated = self._made_at < int(time.time())
        names = {name for name, _ in request}
        if not CONDITIONS.isdisjoint(names):
            _, plain = without_suffix(request)
            status = precondition_status(Headers(raw=plain), self._etag)
        else:
            is_known = is_dated and SINCE in names and self._names_time(request)
            status = 304 if is_known else None
        if status is None:
            return variant.whole[is_dated]
        return Response(status_code=status, headers=variant.headers[is_dated])

    def _names_time(self, request: RawHeaders) -> bool:
        return (SINCE, self._modified.encode()) in request

    def _variant(self, body: bytes, headers: Mapping[str, str]) -> "_Variant":
        return _Variant(body, headers, self._modified)


class _Variant:
    """The answer in one coding: each of both without its time and with it."""

    def __init__(self, body: bytes, headers: Mapping[str, str], modified: str) -> None:
        described = {"Content-Type", "Content-Encoding"}
        both = (headers, {**headers, "Last-Modified": modified})
        self.whole = tuple(Response(body, headers=each) for each in both)
        self.headers = tuple(
            {name: value for name, value in each.items() if name not in described} for each in both
        )
