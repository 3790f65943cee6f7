"""Denied requests. Each one leaves an event in the ledger."""

from typing import NoReturn

from starlette.requests import Request

from playout.core.ledger.model import Subject
from playout.core.principal import Principal
from playout.core.unit import Origin
from playout.kit.errors import Forbidden
from playout.runtime import Runtime


def record_denial(runtime: Runtime, principal: Principal, origin: Origin, reason: str) -> None:
    """Record a denied request in a new transaction: that of the request is rolled back."""
    subject = Subject("request", origin.request_id or "", principal.organization_id)
    with runtime.work.write(principal, origin) as unit:
        unit.record("access.denied", subject, {"reason": [None, reason]})


def deny_write(request: Request) -> NoReturn:
    """Raise `Forbidden` for a write by a principal that may only read, and record it."""
    principal: Principal = request.state.principal
    reason = f"The role {principal.role} may only read."
    origin = Origin(request.app.state.api, request.state.request_id)
    record_denial(request.app.state.runtime, principal, origin, reason)
    raise Forbidden(reason)
