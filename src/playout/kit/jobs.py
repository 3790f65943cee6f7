"""Jobs: procrastinate in the same database, deferred in the transaction of the work itself."""

from typing import Any

import structlog
from procrastinate import App, JobContext, SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.kit.tracing import trace_arguments

HEARTBEAT = 2.0
"""Seconds between a worker's signs of life."""
STALLED_AFTER = 10.0
"""Seconds without a sign of life after which a worker is dead and its jobs are run again."""

registry = App(connector=SyncPsycopgConnector())
"""Every task there is. It is given a real connector where a worker runs."""

_deferrer = JobManager(SyncPsycopgConnector())
log = structlog.get_logger(__name__)


def defer(session: Session, name: str, **arguments: Any) -> None:
    """Defer a job, by its name, that exists if and only if the session's transaction commits."""
    task = registry.tasks[name]
    configure_task(
        name=task.name,
        job_manager=_deferrer,
        queue=task.queue,
        priority=task.priority,
        connection=session.connection().connection.driver_connection,
    ).defer(**arguments, **trace_arguments())


# Of the version of procrastinate whose tables the migrations have made.
ABSORB = text(
    """
    DELETE FROM procrastinate_jobs WHERE id = ANY(ARRAY(
        SELECT id FROM procrastinate_jobs
        WHERE task_name = :name AND status = 'todo'
            AND (scheduled_at IS NULL OR scheduled_at <= now())
        ORDER BY priority DESC, id LIMIT :most FOR UPDATE SKIP LOCKED
    ))
    RETURNING args
    """
)


def absorb(session: Session, name: str, most: int) -> list[dict[str, Any]]:
    """Take waiting jobs of that name over, and return their arguments.

    They are done if and only if the session's transaction commits. A crowd of short jobs is done in
    a fraction of the time that it takes to run each.
    """
    return list(session.scalars(ABSORB, {"name": name, "most": most}))


@registry.periodic(cron="* * * * * */5")  # the sixth field is the seconds
@registry.task(
    name="jobs.retry_stalled", queue="upkeep", queueing_lock="jobs.retry_stalled", pass_context=True
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Run again what dead workers left unfinished."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job.stalled", task=job.task_name, job=job.id)
        await manager.retry_job(job)
