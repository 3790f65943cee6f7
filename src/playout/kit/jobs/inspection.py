"""Workers, queues, and jobs that failed for good, for whoever runs the installation."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

# For the version of procrastinate whose tables the migrations create.
WORKERS = text(
    """
    SELECT workers.id, last_heartbeat, count(jobs.id) AS running
    FROM procrastinate_workers AS workers
    LEFT JOIN procrastinate_jobs AS jobs ON jobs.worker_id = workers.id AND jobs.status = 'doing'
    GROUP BY workers.id, last_heartbeat ORDER BY workers.id
    """
)
QUEUES = text(
    """
    SELECT queue_name AS name,
        count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS ready,
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS later,
        count(*) FILTER (WHERE status = 'doing') AS running,
        count(*) FILTER (WHERE status = 'failed') AS failed
    FROM procrastinate_jobs GROUP BY queue_name ORDER BY queue_name
    """
)
FAILED = text(
    """
    SELECT id, task_name AS name, queue_name AS queue, attempts,
        (SELECT max(at) FROM procrastinate_events WHERE job_id = jobs.id) AS failed_at,
        queueing_lock IS NOT NULL AS is_periodic
    FROM procrastinate_jobs AS jobs
    WHERE status = 'failed' AND id < :before ORDER BY id DESC LIMIT :limit
    """
)
# What the clock defers comes again by itself, and must not wait twice.
RETRY = text(
    """
    SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs
    WHERE id = :id AND status = 'failed' AND queueing_lock IS NULL
    """
)
LAST_ID = 2**63 - 1


class WorkerState(NamedTuple):
    """A worker, when it last said that it lives, and how many jobs it runs."""

    id: int
    last_heartbeat: datetime
    running: int


class QueueState(NamedTuple):
    """A queue: jobs that could run, that wait for their time, that run, and that have failed."""

    name: str
    ready: int
    later: int
    running: int
    failed: int


class FailedJob(NamedTuple):
    """A job that failed as often as it may. A periodic one is deferred again by the clock."""

    id: int
    name: str
    queue: str
    attempts: int
    failed_at: datetime | None
    is_periodic: bool


def workers(session: Session) -> Sequence[WorkerState]:
    """Return the workers that have not ended, or of which nobody knows yet that they have."""
    return [WorkerState(*row) for row in session.execute(WORKERS)]


def queues(session: Session) -> Sequence[QueueState]:
    """Return the queues that have jobs, in the order of their names."""
    return [QueueState(*row) for row in session.execute(QUEUES)]


def failed_jobs(session: Session, before: int | None, limit: int) -> Sequence[FailedJob]:
    """Return jobs that failed, newest first, with ids below `before`."""
    values = {"before": before or LAST_ID, "limit": limit}
    return [FailedJob(*row) for row in session.execute(FAILED, values)]


def retry(session: Session, job_id: int) -> bool:
    """Let a failed job run again when this commits. Return False if it is none."""
    return session.execute(RETRY, {"id": job_id}).one_or_none() is not None
