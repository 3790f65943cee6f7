"""Traces: a request, the jobs that it deferred, and the requests that these jobs sent to others.

Spans go to an OTLP collector if one is configured. Only then are the SDK and the exporter of
OpenTelemetry imported, which take half as long to import as everything else. The current span
is in OpenTelemetry's own context: jobs that are deferred inside a span, and requests that are sent
inside it, become part of its trace without being passed anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, NoOpTracer, Span, SpanKind, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

TRACE_ARGUMENT = "_traceparent"
"""The argument of a job that names the span in which it was deferred (W3C Trace Context)."""

_W3C = TraceContextTextMapPropagator()


class Tracing:
    """Starts spans. Without a provider tracing is disabled, and a span records nothing."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("playout") if provider else NoOpTracer()

    @classmethod
    def to_collector(cls, url: str | None) -> Tracing:
        """Send spans to an OTLP collector (`http://collector:4318/v1/traces`); None disables."""
        if url is None:
            return cls()
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        return cls.to_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))

    @classmethod
    def to_processor(cls, processor: SpanProcessor) -> Tracing:
        """Hand each span that ends to a processor."""
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

        provider = TracerProvider(resource=Resource.create({"service.name": "playout"}))
        provider.add_span_processor(processor)
        return cls(provider)

    @property
    def enabled(self) -> bool:
        return not isinstance(self._tracer, NoOpTracer)

    @contextmanager
    def entry_span(
        self, name: str, kind: SpanKind, traceparent: str | None, attributes: Mapping[str, str]
    ) -> Iterator[Span]:
        """Open a span for work that comes in: a request, or a run of a job.

        It is a child of the span that `traceparent` names. Without one, or with one that is not
        valid, it starts a new trace.
        """
        context = _W3C.extract({"traceparent": traceparent or ""}, Context())
        with self._tracer.start_as_current_span(
            name, context=context, kind=kind, attributes=attributes
        ) as span:
            yield span

    @contextmanager
    def client_span(self, name: str, attributes: Mapping[str, str]) -> Iterator[Span]:
        """Open a span for a request that goes out. It records nothing outside any other span."""
        if not get_current_span().get_span_context().is_valid:
            yield INVALID_SPAN
            return
        with self._tracer.start_as_current_span(
            name, kind=SpanKind.CLIENT, attributes=attributes
        ) as span:
            yield span

    def close(self) -> None:
        """Send the spans that are not sent yet."""
        if self._provider is not None:
            self._provider.shutdown()


def trace_arguments() -> dict[str, str]:
    """Return the arguments that make a job part of the current trace; empty outside any span."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return {TRACE_ARGUMENT: carrier["traceparent"]} if carrier else {}
