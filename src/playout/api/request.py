"""One request to an API, with its principal and the transactions that it may open."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from playout.api.answer import Answer, replayed
from playout.api.denials import record_denial
from playout.api.json_body import StrictRequest
from playout.core.principal import Principal
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import Forbidden, Invalid
from playout.kit.http.idempotency import IdempotentRequest, find_answer, store_answer
from playout.runtime import Runtime

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request of an authenticated principal.

    `body` is the whole JSON body when the request has an `Idempotency-Key`. Otherwise it is empty.
    """

    runtime: Runtime
    principal: Principal
    origin: Origin
    http: Request
    body: bytes

    @contextmanager
    def read(self) -> Iterator[ReadUnit]:
        """Open a unit that only reads."""
        with self._recording_denials(), self.runtime.work.read(self.principal) as unit:
            yield unit

    @contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """Open a transaction that does not answer the request, for requests that need several."""
        with (
            self._recording_denials(),
            self.runtime.work.write(self.principal, self.origin) as unit,
        ):
            yield unit

    def answer_read(self, use: Callable[[ReadUnit], Answer[Any]]) -> Response:
        """Return the answer of a use case that reads."""
        with self.read() as unit:
            answer = use(unit)
        if self.http.method in {"GET", "HEAD"}:
            return answer.response_or_304(self.http, self._status())
        return answer.response(self._status())

    def answer_write(
        self, use: Callable[[WriteUnit], Answer[Any]], content: bytes = b""
    ) -> Response:
        """Run a use case that writes, commit, and return its answer.

        With an `Idempotency-Key` the answer is stored in the same transaction, and replayed when
        the same request comes again. `content` stands for a body that is not JSON: it differs when
        the body differs.
        """
        if_match = self.http.headers.get("if-match")
        idempotent = self._idempotent_request(content)
        with (
            self._recording_denials(),
            self.runtime.work.write(self.principal, self.origin, if_match) as unit,
        ):
            stored = find_answer(unit.session, idempotent, unit.now) if idempotent else None
            if stored is not None:
                return replayed(stored)
            answer = use(unit)
            if idempotent is not None:
                store_answer(
                    unit.session, idempotent, answer.storable_response(self._status()), unit.now
                )
        return answer.response(self._status())

    def refuse(self, reason: str) -> NoReturn:
        """Raise `Forbidden`, and record the denial in the ledger."""
        with self._recording_denials():
            raise Forbidden(reason)

    def _status(self) -> int:
        """Return the status that the route declares."""
        return self.http.scope["route"].status_code or 200

    def _idempotent_request(self, content: bytes) -> IdempotentRequest | None:
        key = self.http.headers.get("idempotency-key")
        if key is None:
            return None
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise Invalid("An Idempotency-Key has 1 to 255 printable characters.")
        caller = f"{self.principal.kind}:{self.principal.id}:{self.principal.organization_id}"
        line = f"{self.http.method} {self.http.url.path}?{self.http.url.query}\n"
        return IdempotentRequest.of(caller, key, line.encode() + self.body + content)

    @contextmanager
    def _recording_denials(self) -> Iterator[None]:
        try:
            yield
        except Forbidden as error:
            record_denial(self.runtime, self.principal, self.origin, error.message)
            raise


async def _runtime(request: Request) -> Runtime:
    """Return the runtime, with addresses at the host that the client uses, if it is allowed."""
    runtime: Runtime = request.app.state.runtime
    host = request.headers.get("host", "")
    return runtime.at(runtime.settings.address.for_request(request.scope["scheme"], host))


ApiRuntime = Annotated[Runtime, Depends(_runtime)]


async def _open_request(request: Request, runtime: ApiRuntime) -> OpenRequest:
    state = request.app.state
    origin = Origin(state.api, request.state.request_id)
    # Only JSON is read into memory here. Files are streamed to storage.
    reads_body = "idempotency-key" in request.headers and isinstance(request, StrictRequest)
    body = await request.body() if reads_body else b""
    return OpenRequest(runtime, request.state.principal, origin, request, body)


RenderRequest = Annotated[OpenRequest, Depends(_open_request)]
"""A request with any credential, also a render credential."""


async def _member_request(request: RenderRequest) -> OpenRequest:
    if request.principal.role is None:
        await run_in_threadpool(request.refuse, "A render credential can only render videos.")
    return request


ApiRequest = Annotated[OpenRequest, Depends(_member_request)]
"""A request of a key, a member or a sub-account. A render credential gets a 403."""


def takes_render_credentials(dependant: Dependant) -> bool:
    """Return True when a render credential may call the route with these dependencies."""
    return all(each.call is not _member_request for each in dependant.dependencies)
