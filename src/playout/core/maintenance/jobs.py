"""What has to be done now and then, whatever anybody asks for."""

from procrastinate import JobContext

from playout.core.maintenance.garbage_collection import sweep
from playout.core.videos import counts
from playout.kit.clock import utcnow
from playout.kit.http.idempotency import delete_expired_answers
from playout.kit.jobs import registry


@registry.periodic(cron="17 * * * *")
@registry.task(name="upkeep.forget_answers", queue="upkeep", pass_context=True)
def forget_answers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Drop the answers to idempotency keys that are a day old."""
    with context.additional_context["runtime"].database.writing() as session:
        delete_expired_answers(session, utcnow())


@registry.periodic(cron="*/2 * * * *")
@registry.task(
    name="upkeep.add_up_counts",
    queue="upkeep",
    queueing_lock="upkeep.add_up_counts",
    pass_context=True,
)
def add_up_counts(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Keep the counts of videos short to read."""
    with context.additional_context["runtime"].database.writing() as session:
        counts.compact(session)


@registry.periodic(cron="29 3 * * *")
@registry.task(
    name="upkeep.sweep_storage",
    queue="upkeep",
    queueing_lock="upkeep.sweep_storage",
    lock="upkeep.sweep_storage",
    pass_context=True,
)
def sweep_storage(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove from the storage what no row points at, and what was deleted long ago."""
    sweep(context.additional_context["runtime"])
