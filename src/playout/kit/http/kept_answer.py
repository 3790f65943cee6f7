"""Answers that are kept in memory as they are sent: plain, in gzip, and as a 304."""

from collections.abc import Mapping

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


class KeptAnswer:
    """A 200 that is the same for everybody, with an ETag. It is compressed once.

    `headers` are all but the length, the ETag, and what depends on the coding.
    """

    def __init__(self, body: bytes, headers: Mapping[str, str], etag: str) -> None:
        self._etag = etag
        if len(body) < MIN_BYTES:
            self._plain = self._gzip = _Variant(body, {**headers, "ETag": etag})
            return
        varying = {**headers, "Vary": VARIES}
        self._plain = _Variant(body, {**varying, "ETag": etag})
        self._gzip = _Variant(
            gzip(body), {**varying, "ETag": gzip_etag(etag), "Content-Encoding": "gzip"}
        )

    def response(self, request: RawHeaders) -> Response:
        """Return the response to a request with these headers: 200, 304 or 412."""
        variant = self._gzip if accepts_gzip(request) else self._plain
        if not any(name in CONDITIONS for name, _ in request):
            return variant.whole
        _, plain = without_suffix(request)
        status = precondition_status(Headers(raw=plain), self._etag)
        return variant.whole if status is None else variant.without_body(status)


class _Variant:
    """The answer in one coding."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.whole = Response(body, headers=headers)
        described = {"Content-Type", "Content-Encoding"}
        self._headers = {name: value for name, value in headers.items() if name not in described}

    def without_body(self, status: int) -> Response:
        return Response(status_code=status, headers=self._headers)
