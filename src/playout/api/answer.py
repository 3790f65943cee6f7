"""An answer, before it is bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from playout.kit.http.idempotency import StoredAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a use case came to, as JSON. `etag` is that of a single resource."""

    body: Any
    status: int = 200
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    shown_once: Mapping[str, Any] = field(default_factory=dict)
    """Secrets that go out with the body, and are kept nowhere: a replay goes without."""

    def response(self) -> Response:
        return self._with({**self.body, **self.shown_once} if self.shown_once else self.body)

    def to_keep(self) -> Response:
        """The response as it may be written down."""
        return self._with(self.body)

    def _with(self, body: Any) -> Response:
        headers = dict(self.headers) | ({"ETag": self.etag} if self.etag else {})
        if self.status == 204:
            return Response(status_code=204, headers=headers)
        return JSONResponse(body, self.status, headers)

    def unless_known(self, request: Request) -> Response:
        """The response, or 304 where the client has it already."""
        known = request.headers.get("if-none-match", "")
        if self.etag and self.etag in {tag.strip() for tag in known.split(",")}:
            return Response(status_code=304, headers={"ETag": self.etag})
        return self.response()


def replayed(kept: StoredAnswer) -> Response:
    """An earlier answer, byte for byte, that says that it is one."""
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return Response(kept.body, kept.status, headers)
