"""What has to be done now and then, whatever anybody asks for."""

from procrastinate import JobContext

from playout.kit.clock import utcnow
from playout.kit.idempotency import forget_old
from playout.kit.jobs import registry


@registry.periodic(cron="17 * * * *")
@registry.task(name="upkeep.forget_answers", queue="upkeep", pass_context=True)
def forget_answers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Drop the answers to idempotency keys that are a day old."""
    with context.additional_context["runtime"].database.writing() as session:
        forget_old(session, utcnow())
