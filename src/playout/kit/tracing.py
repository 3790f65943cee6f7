"""Traces: what one request led to, through its jobs, to what went out to others.

Spans go to an OTLP collector where one is configured. Where none is, no span is made and nothing
of OpenTelemetry is imported. What runs inside a span finds it by its context: jobs that are
deferred there, and requests that go out, belong to it without being told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span, Tracer

Kind = Literal["SERVER", "CONSUMER", "CLIENT"]
CARRIER = "_traceparent"
"""The argument of a job that says where it was deferred (W3C Trace Context)."""


@dataclass(frozen=True, slots=True)
class _Here:
    """The span in which something runs."""

    tracer: Tracer
    span: Span


_here: ContextVar[_Here | None] = ContextVar("span", default=None)


class Tracing:
    """Begins traces, if it is `on`."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("playout") if provider else None

    @classmethod
    def to(cls, url: str | None) -> Tracing:
        """Traces that go to an OTLP collector: `http://collector:4318/v1/traces`."""
        if url is None:
            return cls()
        # Only here: these take half as long to import as all the rest.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        return cls.through(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))

    @classmethod
    def through(cls, processor: SpanProcessor) -> Tracing:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

        provider = TracerProvider(resource=Resource.create({"service.name": "playout"}))
        provider.add_span_processor(processor)
        return cls(provider)

    @property
    def on(self) -> bool:
        return self._tracer is not None

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None = None, **attributes: str
    ) -> Iterator[Span | None]:
        """A span under a `traceparent`, or a trace of its own."""
        if self._tracer is None:
            yield None
            return
        with _open(self._tracer, name, kind, _context_of(parent), attributes) as span:
            yield span

    def close(self) -> None:
        """Send what is left."""
        if self._provider is not None:
            self._provider.shutdown()


@contextmanager
def inner(name: str, kind: Kind, **attributes: str) -> Iterator[Span | None]:
    """A span inside the one that is open here; none where none is."""
    here = _here.get()
    if here is None:
        yield None
        return
    from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

    context = set_span_in_context(here.span)
    with _open(here.tracer, name, kind, context, attributes) as span:
        yield span


def carried() -> dict[str, str]:
    """What a job takes along, so that it belongs to the span in which it is deferred."""
    here = _here.get()
    if here is None:
        return {}
    context = here.span.get_span_context()
    trace_id, span_id = format(context.trace_id, "032x"), format(context.span_id, "016x")
    return {CARRIER: f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"}


@contextmanager
def _open(
    tracer: Tracer, name: str, kind: Kind, context: Context | None, attributes: Mapping[str, str]
) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    dotted = {key.replace("_", "."): value for key, value in attributes.items()}
    with tracer.start_as_current_span(
        name, context=context, kind=SpanKind[kind], attributes=dotted
    ) as span:
        token = _here.set(_Here(tracer, span))
        try:
            yield span
        finally:
            _here.reset(token)


def _context_of(traceparent: str | None) -> Context:
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
        TraceContextTextMapPropagator,
    )

    told = {"traceparent": traceparent} if traceparent else {}
    return TraceContextTextMapPropagator().extract(told, Context())
