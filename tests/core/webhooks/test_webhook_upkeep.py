"""The cost of webhooks for those who do not use them, their rate, and what is deleted."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import text

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.core.webhooks import queries, service
from playout.core.webhooks.model import Delivery, DeliveryState, Message
from playout.kit.clock import utcnow
from tests.core.webhooks.helpers.webhook_endpoint import happen, happened
from tests.helpers.live import until

OWN_JOBS = text(
    "SELECT args FROM procrastinate_jobs"
    " WHERE task_name = 'webhooks.fan_out' AND xmin = pg_current_xact_id()::xid"
)


class Undone(Exception):
    """Takes a transaction back."""


def jobs_of(runtime, tenant, *events: str) -> list[dict[str, list[int]]]:
    """Return the jobs that a transaction with these events defers."""
    with suppress(Undone), runtime.work.write(OPERATOR, Origin("tests")) as unit:
        for event in events:
            happen(unit, tenant, event)
        unit.flush_outbox()
        found = list(unit.session.scalars(OWN_JOBS))
        raise Undone
    return found


class TestCost:
    def test_where_nobody_listens_there_is_no_job(self, runtime, tenant):
        assert jobs_of(runtime, tenant, "video.updated") == []

    def test_what_webhooks_do_not_carry_makes_none_either(self, runtime, tenant, hook):
        hook()
        assert jobs_of(runtime, tenant, "key.created") == []

    def test_a_transaction_has_one_job_whatever_happens_in_it(self, runtime, tenant, hook):
        hook()
        (job,) = jobs_of(runtime, tenant, *["video.updated"] * 3, "key.created")
        assert len(job["event_ids"]) == 3


class TestRate:
    def test_no_more_go_out_in_a_second_than_an_endpoint_wants(
        self, runtime, tenant, hook, receiver
    ):
        hook(rate=10)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            for _ in range(25):
                happen(unit, tenant)
        came = sorted(each.at for each in receiver.wait(25, patience=15))
        assert came[-1] - came[0] > 1.4


class TestForgetting:
    def test_what_is_old_and_over_goes_and_what_is_pending_stays(
        self, runtime, tenant, hook, receiver
    ):
        listening = hook()
        for _ in range(2):
            happened(tenant)
        until(
            lambda: (
                [each.state for each in listening.deliveries()] == [DeliveryState.DELIVERED] * 2
            ),
            5,
            "deliveries",
        )
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            service.pause(unit, listening.id)
        old = utcnow() - timedelta(days=40)
        with runtime.database.write_session() as session:
            over, waiting = (each.id for each in listening.deliveries())
            session.get(Delivery, waiting).state = DeliveryState.PENDING
            for each in listening.deliveries():
                session.get(Message, each.event_id).at = old
        happened(tenant)
        until(lambda: len(listening.deliveries()) == 3, 5, "a new one")
        with runtime.database.write_session() as session:
            assert queries.delete_old(session, utcnow() - timedelta(days=30), 1_000) >= 1
        left = [each.id for each in listening.deliveries()]
        assert over not in left
        assert waiting in left
        assert len(left) == 2
