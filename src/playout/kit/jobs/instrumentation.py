"""Counts each run of a job, logs those that fail and, with tracing enabled, records their spans."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from opentelemetry.trace import SpanKind
from procrastinate import JobContext

from playout.kit.clock import utcnow
from playout.kit.errors import PlayoutError, reason_of
from playout.kit.metrics import JOB_BUCKETS, counter, histogram
from playout.kit.tracing import TRACE_ARGUMENT, Tracing

JOBS = counter("playout_jobs", "Jobs run", ["task", "state"])
JOB_SECONDS = histogram("playout_job_seconds", "Seconds that a job ran for", ["task"], JOB_BUCKETS)

ARGUMENTS_LENGTH = 200
"""Characters of a job's arguments in the log: one line of a few hundred ids helps nobody."""

log = structlog.get_logger(__name__)
# procrastinate logs the end of a job, too, but no failure that is followed by a retry.
logging.getLogger("procrastinate.worker").addFilter(
    lambda record: not getattr(record, "action", "").startswith("job_")
)


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
        except (Exception, asyncio.CancelledError) as error:
            _log_failure(context, error)
            raise
        finally:
            JOBS.labels(job.task_name, state).inc()
            JOB_SECONDS.labels(job.task_name).observe(time.perf_counter() - started)


def _log_failure(context: JobContext, error: BaseException) -> None:
    """Log in one line that a job failed, and after how many seconds it runs again, if it does.

    The traceback is part of it if nobody expected the error. The other ones have theirs at level
    `debug`.
    """
    job = context.job
    strategy = context.task.retry_strategy
    retry = context.task.get_retry_exception(error, job)
    given_back = (*(getattr(strategy, "retry_exceptions", None) or ()), asyncio.CancelledError)
    is_expected = isinstance(error, (PlayoutError, *given_back))
    event, level = "job.failed", logging.WARNING if is_expected and retry else logging.ERROR
    if is_expected and retry and not isinstance(error, PlayoutError):
        event, level = "job.given_back", logging.INFO  # because the process ends
    log.log(
        level,
        event,
        task=job.task_name,
        job=job.id,
        arguments=str(job.task_kwargs)[:ARGUMENTS_LENGTH],
        attempt=job.attempts + 1,
        error=reason_of(error),
        retry_in=_seconds_until(retry.retry_decision.retry_at) if retry else None,
        exc_info=None if is_expected else error,
    )
    if is_expected:
        log.debug("job.traceback", job=job.id, exc_info=error)


def _seconds_until(time: datetime | None) -> float | None:
    return round((time - utcnow()).total_seconds(), 1) if time else None
