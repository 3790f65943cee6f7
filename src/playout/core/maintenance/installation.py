"""The installation, for its Owner: all organizations, and what workers do."""

from collections.abc import Sequence
from typing import NamedTuple

from playout.core.maintenance import installation_queries as queries
from playout.core.maintenance.installation_queries import Tenant
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import NotFound
from playout.kit.jobs import inspection
from playout.kit.jobs.inspection import FailedJob, QueueState, WorkerState


class Work(NamedTuple):
    """The workers, the queues, and the newest jobs that failed."""

    workers: Sequence[WorkerState]
    queues: Sequence[QueueState]
    failed: Sequence[FailedJob]


def organizations(unit: ReadUnit, search: str, before: int | None, limit: int) -> Sequence[Tenant]:
    """Return organizations, newest first, whose name or slug contains a text."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    return queries.organizations(unit, search, before, limit)


def work(unit: ReadUnit, before: int | None, limit: int) -> Work:
    """Return what workers do; of the failed jobs, those with ids below `before`."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    session = unit.session
    return Work(
        inspection.workers(session),
        inspection.queues(session),
        inspection.failed_jobs(session, before, limit),
    )


def retry(unit: WriteUnit, job_id: int) -> None:
    """Let a job that failed run again. Raise `NotFound`."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    if not inspection.retry(unit.session, job_id):
        raise NotFound("There is no such job that failed.")
