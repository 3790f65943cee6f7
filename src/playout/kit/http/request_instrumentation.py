"""Counts each HTTP request and, where tracing is enabled, records a span for it."""

import time

from opentelemetry.trace import SpanKind
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.kit.http.request_counts import RequestCounts
from playout.kit.metrics import REGISTRY
from playout.kit.tracing import Tracing

REQUESTS = RequestCounts()
REGISTRY.register(REQUESTS)
NO_ROUTE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestInstrumentation:
    """A middleware around the whole application, inside `RequestLog`, which sets the request id.

    The label `api` of a request is that of the application that it reached (`app.state.api`).
    """

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._tracing.enabled:
            await self._trace(scope, receive, send)
        else:
            await self._count(scope, receive, send)

    async def _trace(self, scope: Scope, receive: Receive, send: Send) -> None:
        attributes = {
            "http.request.method": scope["method"],
            "playout.request.id": scope["state"]["request_id"],
        }
        with self._tracing.entry_span(
            scope["method"], SpanKind.SERVER, _traceparent(scope), attributes
        ) as span:
            status = await self._count(scope, receive, send)
            api, route = _api_and_route(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes(
                {"http.route": route, "playout.api": api, "http.response.status_code": status}
            )

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Run the application, count the request, and return the status of the answer."""
        started, seconds, status = time.perf_counter(), 0.0, 500

        async def observed_send(message: Message) -> None:
            nonlocal seconds, status
            if message["type"] == "http.response.start":
                seconds, status = time.perf_counter() - started, message["status"]
            await send(message)

        try:
            await self.app(scope, receive, observed_send)
        finally:
            self._observe(scope, status, seconds or time.perf_counter() - started)
        return status

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        api, route = _api_and_route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        REQUESTS.add(api, route, method, status, seconds)


def _api_and_route(scope: Scope) -> tuple[str, str]:
    """Return the API that a request reached, and the template of its route."""
    api: str = scope["app"].state.api
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return api, NO_ROUTE
    return api, scope.get("root_path", "") + route.path


def _traceparent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value, "latin-1")
    return None
