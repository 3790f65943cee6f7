"""Each request and each job, counted, and traced where that is wanted."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.kit.metrics import Metrics
from playout.kit.tracing import CARRIER, Tracing

NO_ROUTE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObservedRequests:
    """Stands around the application, inside of what gives each request its id."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing) -> None:
        self.app = app
        self._metrics = metrics
        self._tracing = tracing
        self._series: dict[tuple[str, str, str, int], tuple[Any, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._tracing.on:
            await self._traced(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._tracing.span(
            scope["method"],
            "SERVER",
            _traceparent(scope),
            http_request_method=scope["method"],
            playout_request_id=scope["state"]["request_id"],
        ) as span:
            status = await self._counted(scope, receive, send)
            assert span is not None  # noqa: S101  for the type checker
            api, route = _place(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes(
                {"http.route": route, "playout.api": api, "http.response.status_code": status}
            )

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> int:
        began, taken, status = time.perf_counter(), 0.0, 500

        async def answer(message: Message) -> None:
            nonlocal taken, status
            if message["type"] == "http.response.start":
                taken, status = time.perf_counter() - began, message["status"]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            self._count(scope, status, taken or time.perf_counter() - began)
        return status

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        api, route = _place(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        key = (api, route, method, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = (
                self._metrics.requests.labels(*key),
                self._metrics.request_seconds.labels(api, route),
            )
        counter, seconds_taken = series
        counter.inc()
        seconds_taken.observe(seconds)


class ObservedJobs:
    """A middleware of the worker."""

    def __init__(self, metrics: Metrics, tracing: Tracing) -> None:
        self._metrics = metrics
        self._tracing = tracing

    async def run(
        self,
        call_next: Callable[[], Awaitable[Any]],
        context: JobContext,
        worker: Any,  # noqa: ARG002
    ) -> Any:
        job = context.job
        parent = str(job.task_kwargs.pop(CARRIER, "")) or None
        began, state = time.perf_counter(), "failed"
        try:
            with self._tracing.span(
                job.task_name, "CONSUMER", parent, playout_job=str(job.id), playout_queue=job.queue
            ):
                result = await call_next()
            state = "succeeded"
            return result
        finally:
            self._metrics.jobs.labels(job.task_name, state).inc()
            self._metrics.job_seconds.labels(job.task_name).observe(time.perf_counter() - began)


def _place(scope: Scope) -> tuple[str, str]:
    """The API and the template of the route that a request came to."""
    api = getattr(scope["app"].state, "api", "pages")
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return api, NO_ROUTE
    return api, scope.get("root_path", "") + route.path


def _traceparent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value, "latin-1")
    return None
