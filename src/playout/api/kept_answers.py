"""Answers that stay in memory while nothing changes that they tell of.

An answer is kept for one principal as it is now, with its role and its reach: whoever has others
gets another answer. It is dropped when anything changes in the organization, in any process. What
comes before is done for each request as ever: the credential, the rate limit, the log.
"""

import time
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.core.permissions import Role
from playout.core.principal import Principal
from playout.core.unit import answers_key
from playout.kit.cache import Cache
from playout.kit.etags import if_none_match
from playout.kit.invalidation import Invalidations

TOTAL_BYTES = 16 * 1024 * 1024
LARGEST_BYTES = 256 * 1024
DAY_SECONDS = 86_400
LONGEST_KEY = 1_000
"""Characters of the host, the path and the query of a request whose answer may be kept."""
OVERHEAD_BYTES = 2_000
"""Bytes that an answer takes in memory beside its body: its headers, and its key at its longest."""


class KeptAnswer(NamedTuple):
    """An answer in memory, and the route that gave it. `etag` is None if it never gets a 304."""

    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    etag: str | None
    route: BaseRoute


def kept_answers(invalidations: Invalidations) -> Cache[KeptAnswer]:
    """Return the memory for the answers of a process."""
    return Cache(invalidations, TOTAL_BYTES, lambda answer: len(answer.body) + OVERHEAD_BYTES)


class KeptAnswersMiddleware:
    """Middleware that answers from memory, before anything is parsed or asked from the database."""

    def __init__(self, app: ASGIApp, kept: Cache[KeptAnswer]) -> None:
        self.app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        found = self._kept.get(key)
        if found is None:
            scope["state"]["keeping"] = _Keeping(self._kept, key, self._kept.generation)
            await self.app(scope, receive, send)
            return
        scope["route"] = found.route
        response = unmodified(scope, found.etag)
        if response is not None:
            await response(scope, receive, send)
            return
        headers = list(found.headers)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": found.body})


class _Keeping(NamedTuple):
    """A place for the answer of a request. The generation is from before it was computed."""

    kept: Cache[KeptAnswer]
    key: Hashable
    generation: int


def keep(scope: Scope, response: Response, etag: str | None) -> None:
    """Keep the answer of a request, if it may be kept."""
    keeping: _Keeping | None = scope["state"].get("keeping")
    if keeping is None or response.status_code != 200 or len(response.body) > LARGEST_BYTES:
        return
    principal: Principal = scope["state"]["principal"]
    answer = KeptAnswer(response.raw_headers, bytes(response.body), etag, scope["route"])
    tag = answers_key(principal.organization_id)
    keeping.kept.put(keeping.key, answer, keeping.generation, tag)


def unmodified(scope: Scope, etag: str | None) -> Response | None:
    """Return a 304 if the client has the version with that ETag, or else None."""
    if etag is None or not if_none_match(Headers(scope=scope).get("if-none-match", ""), etag):
        return None
    return Response(status_code=304, headers={"ETag": etag})


def _key(scope: Scope) -> Hashable | None:
    """Return everything that decides about the answer to a request; None if none may be kept.

    An Owner sees all organizations, and no key is invalidated by changes in all of them. Addresses
    in answers begin with the host of the request, where that is allowed. They carry grants, which
    are the same for a day.
    """
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    principal: Principal | None = scope.get("state", {}).get("principal")
    if principal is None or principal.role in (None, Role.OWNER):
        return None
    day = int(time.time()) // DAY_SECONDS
    host = Headers(scope=scope).get("host", "")
    path, query = scope["path"], scope["query_string"]
    if len(host) + len(path) + len(query) > LONGEST_KEY:
        return None
    return principal, scope["scheme"], host, path, query, day
