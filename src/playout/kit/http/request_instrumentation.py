"""The id of each request, its line in the log, its count and, if tracing is enabled, its span."""

import random
import re
import time
from collections.abc import Callable

from opentelemetry.trace import SpanKind
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from playout.kit.http.client_address import client_address, masked_address
from playout.kit.http.request_counts import RequestCounts
from playout.kit.log import requests
from playout.kit.metrics import REGISTRY
from playout.kit.tracing import Tracing

REQUESTS = RequestCounts()
REGISTRY.register(REQUESTS)
NO_ROUTE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ReadyAnswers = Callable[[Scope], Response | None]
PERSONAL = ("/films/", "/{code}")
"""Parts of the routes whose addresses open what is made for one person. A log has the route."""
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


class RequestInstrumentation:
    """A middleware around the whole application, which observes each request once.

    It takes `X-Request-Id` from a request, or makes one. The id is in `request.state.request_id`,
    in the answer, and in all lines logged meanwhile. Of the visitors of an app whose
    `state.masks_clients` is true, it logs the network alone.

    The label `api` of a request is that of the application that it reached (`app.state.api`).

    What `ready` returns for a request is sent at once, without the middleware and the application
    inside, which would take longer than everything else.
    """

    def __init__(self, app: ASGIApp, tracing: Tracing, ready: ReadyAnswers) -> None:
        self.app = app
        self._tracing = tracing
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, answer = _request_id(scope), self._ready(scope)
        if answer is not None and not self._tracing.enabled:
            await _send(answer, request_id, scope, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id
        app = answer or self.app
        bound = bind_contextvars(request_id=request_id)
        observe = self._trace if self._tracing.enabled else self._observe
        try:
            await observe(app, request_id, scope, receive, send)
        finally:
            reset_contextvars(**bound)

    async def _trace(
        self, app: ASGIApp, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        attributes = {
            "http.request.method": scope["method"],
            "playout.request.id": request_id,
        }
        with self._tracing.entry_span(
            scope["method"], SpanKind.SERVER, _traceparent(scope), attributes
        ) as span:
            status = await self._observe(app, request_id, scope, receive, send)
            api, route = _api_and_route(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes(
                {"http.route": route, "playout.api": api, "http.response.status_code": status}
            )

    async def _observe(
        self, app: ASGIApp, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> int:
        """Run the application, count and log the request, and return the status of the answer."""
        path, name = scope["path"], (b"x-request-id", request_id.encode())
        started, seconds, status = time.perf_counter(), 0.0, 0

        async def observed_send(message: Message) -> None:
            nonlocal seconds, status
            if message["type"] == "http.response.start":
                seconds, status = time.perf_counter() - started, message["status"]
                message["headers"] = [*message.get("headers", ()), name]
            await send(message)

        try:
            await app(scope, receive, observed_send)
        finally:
            whole = time.perf_counter() - started
            _count(scope, status or 500, seconds or whole)
            _log(scope, path, status, whole, request_id)
        return status or 500


async def _send(answer: Response, request_id: str, scope: Scope, send: Send) -> None:
    """Send an answer that is ready, count and log it."""
    started, status = time.perf_counter(), answer.status_code
    headers = [*answer.raw_headers, (b"x-request-id", request_id.encode())]
    try:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
    finally:
        seconds = time.perf_counter() - started
        _count(scope, status, seconds)
        _log(scope, scope["path"], status, seconds, request_id)


def _count(scope: Scope, status: int, seconds: float) -> None:
    api, route = _api_and_route(scope)
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.add(api, route, method, status, seconds)


def _log(scope: Scope, path: str, status: int, seconds: float, request_id: str) -> None:
    client = _client(scope)
    method = scope["method"]
    template = getattr(scope.get("route"), "path", "")
    if any(part in template for part in PERSONAL):
        path = template
    requests.answered(method, path, status, client, seconds=seconds, request_id=request_id)


def _api_and_route(scope: Scope) -> tuple[str, str]:
    """Return the API that a request reached, and the template of its route."""
    api: str = scope["app"].state.api
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return api, NO_ROUTE
    return api, scope.get("root_path", "") + route.path


def _client(scope: Scope) -> str:
    """Return the address to log. It is asked after the request, which has reached its app then."""
    state = getattr(scope.get("app"), "state", None)
    masks = getattr(state, "masks_clients", False)
    return masked_address(scope) if masks else client_address(scope)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    # It is no secret, and a secret would cost a system call.
    return f"{random.getrandbits(64):016x}"


def _traceparent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value, "latin-1")
    return None
