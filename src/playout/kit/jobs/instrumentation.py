"""Counts each run of a job and, where tracing is enabled, records a span for it."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from opentelemetry.trace import SpanKind
from procrastinate import JobContext

from playout.kit.metrics import JOB_BUCKETS, counter, histogram
from playout.kit.tracing import TRACE_ARGUMENT, Tracing

JOBS = counter("playout_jobs", "Jobs run", ["task", "state"])
JOB_SECONDS = histogram("playout_job_seconds", "Seconds that a job ran for", ["task"], JOB_BUCKETS)


class JobInstrumentation:
    """A middleware of a worker."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    async def __call__(
        self,
        call_next: Callable[[], Awaitable[Any]],
        context: JobContext,
        worker: Any,  # noqa: ARG002
    ) -> Any:
        """Run a job. Its span belongs to the trace in which the job was deferred."""
        job = context.job
        traceparent = str(job.task_kwargs.pop(TRACE_ARGUMENT, "")) or None
        attributes = {"playout.job": str(job.id), "playout.queue": job.queue}
        started, state = time.perf_counter(), "failed"
        try:
            with self._tracing.entry_span(
                job.task_name, SpanKind.CONSUMER, traceparent, attributes
            ):
                result = await call_next()
            state = "succeeded"
            return result
        finally:
            JOBS.labels(job.task_name, state).inc()
            JOB_SECONDS.labels(job.task_name).observe(time.perf_counter() - started)
