"""The answer of an endpoint, before it becomes an HTTP response."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from playout.api.kept_answers import keep, unmodified
from playout.kit.http.idempotency import StoredAnswer

Body_co = TypeVar("Body_co", covariant=True)
Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class StreamedText:
    """The text of an answer in another form than JSON, piece by piece."""

    media_type: str
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Answer(Generic[Body_co]):
    """The body of an endpoint's answer, with its status and headers."""

    body: Body_co
    status: int | None = None
    """HTTP status. None means the `status_code` of the route."""
    etag: str | None = None
    """ETag of a single resource."""
    headers: Mapping[str, str] = field(default_factory=dict)
    shown_once: Mapping[str, str] = field(default_factory=dict)
    """Secrets added to the body. They are never stored, so a replayed answer lacks them."""
    can_be_unmodified: bool = True
    """True when a matching `If-None-Match` gets a 304. It must be False for a resource that can
    change while its ETag stays the same, because time passes or another resource changes."""

    is_kept: bool = False
    """True for an answer that stays in memory until something changes in the organization of the
    caller. It must be False for one that time changes, or that counts what has no event."""

    streamed: StreamedText | None = None
    """The text that is sent instead of the body as JSON."""

    def response(self, default_status: int) -> Response:
        """Return the response to send."""
        body: Any = self.body
        return self._response(
            {**body, **self.shown_once} if self.shown_once else body, default_status
        )

    def storable_response(self, default_status: int) -> Response:
        """Return the response without its secrets, to be stored for a replay."""
        return self._response(self.body, default_status)

    def response_or_304(self, request: Request, default_status: int) -> Response:
        """Return the response, or a 304 when the client already has this version."""
        etag = self.etag if self.can_be_unmodified else None
        if not self.is_kept:
            return unmodified(request.scope, etag) or self.response(default_status)
        response = self.response(default_status)
        keep(request.scope, response, etag)
        return unmodified(request.scope, etag) or response

    def _response(self, body: Any, default_status: int) -> Response:
        status = self.status or default_status
        headers = dict(self.headers) | ({"ETag": self.etag} if self.etag else {})
        if status == 204:
            return Response(status_code=204, headers=headers)
        if self.streamed is not None:
            text = self.streamed
            return StreamingResponse(text.pieces, status, headers, text.media_type)
        return Response(to_json(body), status, headers, "application/json")


def kept(answer: Answer[Body]) -> Answer[Body]:
    """Return an answer that stays in memory; see `is_kept`."""
    return replace(answer, is_kept=True)


def replayed(stored: StoredAnswer) -> Response:
    """Return an earlier answer byte for byte, marked as a replay."""
    headers = {**stored.headers, "Idempotency-Replayed": "true"}
    return Response(stored.body, stored.status, headers)
