"""A call: who asks, through which API, and the way to a unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from playout.core.ledger.model import Subject
from playout.core.principal import Principal
from playout.core.runtime import Runtime
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import Forbidden


@dataclass(frozen=True, slots=True)
class OneCall:
    """One request, as an endpoint needs it."""

    runtime: Runtime
    principal: Principal
    origin: Origin

    @contextmanager
    def read(self) -> Iterator[ReadUnit]:
        with self._denials_recorded(), self.runtime.work.read(self.principal) as unit:
            yield unit

    @contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """Commits at the end of the block."""
        with (
            self._denials_recorded(),
            self.runtime.work.write(self.principal, self.origin) as unit,
        ):
            yield unit

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


async def _call(request: Request) -> OneCall:
    state = request.app.state
    origin = Origin(state.api, request.state.request_id)
    return OneCall(state.runtime, request.state.principal, origin)


Call = Annotated[OneCall, Depends(_call)]
