"""Jobs: functions that a worker calls later. procrastinate keeps them in the same database.

A job is deferred in the transaction of the work that needs it: it exists if and only if that
transaction commits.
"""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, Generic, Literal, ParamSpec, TypeVar, get_type_hints, overload

import structlog
from procrastinate import App, JobContext, RetryStrategy, SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.kit.tracing import trace_arguments

HEARTBEAT = 2.0
"""Seconds between two heartbeats of a worker."""
STALLED_AFTER = 10.0
"""Seconds without a heartbeat after which a worker counts as dead and its jobs run again."""

R_contra = TypeVar("R_contra", contravariant=True)
"""The resources of a job: a worker passes them as its first argument."""
Arguments = ParamSpec("Arguments")
"""The arguments that a job is deferred with."""

_deferrer = JobManager(SyncPsycopgConnector())
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a job. The first has the `number` 1."""

    number: int
    left: int
    """The number of retries that may follow. It is negative where more workers died while they ran
    the job than it has retries."""


@dataclass(frozen=True, eq=False)
class Job(Generic[R_contra, Arguments]):
    """A function that a worker calls later, and how it waits in the database until then.

    The arguments are stored as JSON, under the names of the function's parameters. Jobs outlive an
    upgrade in the database: the names of jobs and of their parameters must never change.
    """

    function: Callable[..., Any]
    name: str
    queue: str
    priority: int = 0
    """Of the jobs that wait in a queue, those with the highest number run first."""
    retry: RetryStrategy | None = None
    pass_attempt: bool = False
    cron: str | None = None
    lock: str | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments."""
        return tuple(self._signature.parameters)

    def encode(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> dict[str, Any]:
        """Return the arguments by name, in values that JSON can hold."""
        arguments = self._signature.bind(*args, **kwargs).arguments
        encoded: dict[str, Any] = to_jsonable_python(arguments)
        return encoded

    def add_to(self, app: App, resources: R_contra) -> None:
        """Let the workers of `app` run this job with these resources."""
        task = app.task(
            name=self.name,
            queue=self.queue,
            priority=self.priority,
            retry=self.retry or False,
            lock=self.lock,
            queueing_lock=self.name if self.cron else None,
            pass_context=True,
        )(self._runner(resources))
        if self.cron:
            app.periodic(cron=self.cron)(task)

    def _runner(self, resources: R_contra) -> Callable[..., Any]:
        def run(context: JobContext, **stored: Any) -> Any:
            attempt = [self._attempt(context.job.attempts)] if self.pass_attempt else []
            return self.function(resources, *attempt, **self._decode(stored))

        async def run_async(context: JobContext, **stored: Any) -> Any:
            return await run(context, **stored)

        # procrastinate runs a plain function in a thread, and a coroutine in the worker's loop.
        return run_async if inspect.iscoroutinefunction(self.function) else run

    def _attempt(self, before: int) -> Attempt:
        retries = 0 if self.retry is None else self.retry.max_attempts or sys.maxsize
        return Attempt(before + 1, retries - before)

    def _decode(self, stored: dict[str, Any]) -> dict[str, Any]:
        """Return stored arguments in the types that the function declares."""
        if self.cron:
            stored = {name: value for name, value in stored.items() if name != "timestamp"}
        arguments = self._signature.bind(**stored).arguments
        return {name: self._types[name].validate_python(arguments[name]) for name in arguments}

    @cached_property
    def _signature(self) -> inspect.Signature:
        """The function's signature without what the worker passes."""
        signature = inspect.signature(self.function)
        passed = 2 if self.pass_attempt else 1
        return signature.replace(parameters=list(signature.parameters.values())[passed:])

    @cached_property
    def _types(self) -> dict[str, TypeAdapter[Any]]:
        hints = get_type_hints(self.function)
        return {name: TypeAdapter(hints[name]) for name in self._signature.parameters}


@overload
def job(
    *,
    name: str,
    queue: str,
    priority: int = 0,
    retry: RetryStrategy | None = None,
    pass_attempt: Literal[False] = False,
) -> Callable[[Callable[Concatenate[R_contra, Arguments], Any]], Job[R_contra, Arguments]]: ...


@overload
def job(
    *,
    name: str,
    queue: str,
    priority: int = 0,
    retry: RetryStrategy | None = None,
    pass_attempt: Literal[True],
) -> Callable[
    [Callable[Concatenate[R_contra, Attempt, Arguments], Any]],
    Job[R_contra, Arguments],
]: ...


def job(
    *,
    name: str,
    queue: str,
    priority: int = 0,
    retry: RetryStrategy | None = None,
    pass_attempt: bool = False,
) -> Callable[[Callable[..., Any]], Job[Any, Any]]:
    """Make a function a job. Its first parameter is what it works with.

    With `pass_attempt` its second parameter is the `Attempt`. Its other parameters are what the
    job is deferred with.
    """
    return lambda function: Job(
        function, name, queue, priority=priority, retry=retry, pass_attempt=pass_attempt
    )


def periodic_job(
    *, name: str, queue: str, cron: str, priority: int = 0, lock: str | None = None
) -> Callable[[Callable[[R_contra], Any]], Job[R_contra, []]]:
    """Make a function a job that is deferred by the clock: `cron` may have a field for seconds.

    Of such a job no more than one waits, however many workers there are. Jobs with the same `lock`
    never run at the same time.
    """
    return lambda function: Job(function, name, queue, priority=priority, cron=cron, lock=lock)


def defer(
    session: Session,
    job: Job[Any, Arguments],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> None:
    """Defer a job that exists if and only if the session's transaction commits."""
    configure_task(
        name=job.name,
        job_manager=_deferrer,
        queue=job.queue,
        priority=job.priority,
        connection=session.connection().connection.driver_connection,
    ).defer(**job.encode(*args, **kwargs), **trace_arguments())


# For the version of procrastinate whose tables the migrations create.
TAKE_OVER = text(
    """
    DELETE FROM procrastinate_jobs WHERE id = ANY(ARRAY(
        SELECT id FROM procrastinate_jobs
        WHERE task_name = :name AND status = 'todo'
            AND (scheduled_at IS NULL OR scheduled_at <= now())
        ORDER BY priority DESC, id LIMIT :limit FOR UPDATE SKIP LOCKED
    ))
    RETURNING args
    """
)


def take_over(session: Session, job: Job[Any, ...], limit: int) -> list[dict[str, Any]]:
    """Delete up to `limit` waiting jobs of this kind, and return their stored arguments.

    The caller does their work in the same transaction: they are done if and only if it commits.
    Many short jobs take a fraction of the time in which workers would run them one by one.
    """
    return list(session.scalars(TAKE_OVER, {"name": job.name, "limit": limit}))


@periodic_job(name="jobs.retry_stalled", queue="upkeep", cron="* * * * * */5")
async def retry_stalled(manager: JobManager) -> None:
    """Let the jobs of dead workers run again."""
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job.stalled", task=stalled.task_name, job=stalled.id)
        await manager.retry_job(stalled)
