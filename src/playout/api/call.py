"""A call: who asks, through which API, and the way to a unit of work."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, NoReturn

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from playout.api.answer import Answer, replayed
from playout.api.json_body import StrictRequest
from playout.core.ledger.model import Subject
from playout.core.principal import Principal
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import Forbidden, Invalid
from playout.kit.http.idempotency import IdempotentRequest, find_answer, store_answer
from playout.runtime import Runtime

KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class OneCall:
    """One request, as an endpoint needs it."""

    runtime: Runtime
    principal: Principal
    origin: Origin
    request: Request
    body: bytes

    @contextmanager
    def read(self) -> Iterator[ReadUnit]:
        with self._denials_recorded(), self.runtime.work.read(self.principal) as unit:
            yield unit

    @contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """A transaction with no answer of its own, for a request that needs several."""
        with self._denials_recorded(), self.runtime.work.write(self.principal, self.origin) as unit:
            yield unit

    def show(self, use: Callable[[ReadUnit], Answer]) -> Response:
        """Answer out of a read-only transaction."""
        with self.read() as unit:
            answer = use(unit)
        return answer.unless_known(self.request)

    def answer(self, use: Callable[[WriteUnit], Answer], content: bytes = b"") -> Response:
        """Carry out a use case and answer, once it is committed.

        With an `Idempotency-Key` the answer is kept in the same transaction, and given again to
        the same request; `content` stands for a body that is not JSON.
        """
        if_match = self.request.headers.get("if-match")
        idempotent = self._idempotent_request(content)
        with (
            self._denials_recorded(),
            self.runtime.work.write(self.principal, self.origin, if_match) as unit,
        ):
            kept = find_answer(unit.session, idempotent, unit.now) if idempotent else None
            if kept is not None:
                return replayed(kept)
            answer = use(unit)
            if idempotent is not None:
                store_answer(unit.session, idempotent, answer.to_keep(), unit.now)
        return answer.response()

    def refuse(self, reason: str) -> NoReturn:
        """Raise `Forbidden`, and record it."""
        with self._denials_recorded():
            raise Forbidden(reason)

    def _idempotent_request(self, content: bytes) -> IdempotentRequest | None:
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return None
        if not KEY.fullmatch(key):
            raise Invalid("An Idempotency-Key has 1 to 255 printable characters.")
        caller = f"{self.principal.kind}:{self.principal.id}:{self.principal.organization_id}"
        line = f"{self.request.method} {self.request.url.path}?{self.request.url.query}\n"
        return IdempotentRequest.of(caller, key, line.encode() + self.body + content)

    @contextmanager
    def _denials_recorded(self) -> Iterator[None]:
        """A denied attempt leaves a row of the ledger, in a transaction of its own."""
        try:
            yield
        except Forbidden as error:
            request = self.origin.request_id or ""
            subject = Subject("request", request, self.principal.organization_id)
            with self.runtime.work.write(self.principal, self.origin) as unit:
                unit.record("access.denied", subject, {"reason": [None, error.message]})
            raise


async def _any_call(request: Request) -> OneCall:
    state = request.app.state
    origin = Origin(state.api, request.state.request_id)
    # Only what is read as JSON is read whole; a file goes past here to storage.
    whole = "idempotency-key" in request.headers and isinstance(request, StrictRequest)
    body = await request.body() if whole else b""
    return OneCall(state.runtime, request.state.principal, origin, request, body)


AnyCall = Annotated[OneCall, Depends(_any_call)]
"""A call that a render credential may make, too."""


async def _call(call: AnyCall) -> OneCall:
    if call.principal.role is None:
        await run_in_threadpool(call.refuse, "A render credential may nothing but render.")
    return call


Call = Annotated[OneCall, Depends(_call)]


def takes_render_credentials(dependant: Dependant) -> bool:
    """Whether a route with these dependencies is one that a render credential may call."""
    return all(each.call is not _call for each in dependant.dependencies)
