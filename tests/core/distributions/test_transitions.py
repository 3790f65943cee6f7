"""The beginning and the end of a campaign are recorded once each."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from playout.core.distributions.model import Activation
from playout.core.distributions.transitions import record_due_transitions
from playout.core.ledger.model import Entry
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from tests.helpers.tenants import Tenant

TRANSITIONS = {"activation.started", "activation.ended"}


@pytest.fixture
def campaign(web, tenant: Tenant, make_video):
    """Adds an activation that starts and ends so many seconds from now; returns its id."""
    production = make_video()["id"]

    def add(start: float, end: float) -> int:
        body = [{"name": "Spring", "settings": settings(start, end)}]
        path = f"/productions/{production}/activations"
        made = web.post(path, json=body, headers=tenant.headers).json()["data"][0]
        return int(made["id"])

    return add


def settings(start: float, end: float) -> dict[str, str]:
    now = utcnow()
    return {
        "startDate": (now + timedelta(seconds=start)).isoformat(),
        "endDate": (now + timedelta(seconds=end)).isoformat(),
    }


def recorded(runtime, activation: int) -> list[str]:
    """Return the events of its beginning and end."""
    with runtime.database.read_session() as session:
        query = select(Entry).filter_by(subject_type="activation", subject_id=str(activation))
        rows = session.scalars(query.order_by(Entry.id))
        return [each.event for each in rows if each.event in TRANSITIONS]


def run_job(runtime, activation: int, start: float, end: float) -> None:
    """Do what the job does at such a time."""
    with runtime.work.write(WORKER, Origin("tests")) as unit:
        found = unit.session.get(Activation, activation)
        found.settings, found.turns_at = settings(start, end), unit.now
        unit.session.flush()
        record_due_transitions(unit, found.video_id)


class TestTransitions:
    def test_a_campaign_that_begins_and_ends_is_recorded(self, runtime, campaign):
        activation = campaign(3600, 7200)
        for start, end, expected in (
            (3600, 7200, []),
            (-1, 3600, ["activation.started"]),
            (-2, 3600, ["activation.started"]),
            (-3600, -1, ["activation.started", "activation.ended"]),
            (-3600, -2, ["activation.started", "activation.ended"]),
        ):
            run_job(runtime, activation, start, end)
            assert recorded(runtime, activation) == expected

    def test_a_change_that_begins_a_campaign_records_both(self, runtime, web, tenant, campaign):
        activation = campaign(3600, 7200)
        with runtime.database.read_session() as session:
            production = session.get(Activation, activation).video_id
        path = f"/productions/{production}/activations/{activation}"
        body = {"settings": settings(-60, 7200)}
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 200
        assert recorded(runtime, activation) == ["activation.started"]

    def test_one_that_began_and_ended_while_no_worker_ran_records_both_once(
        self, runtime, campaign
    ):
        activation = campaign(3600, 7200)
        for _ in range(2):
            run_job(runtime, activation, -7200, -3600)
            assert recorded(runtime, activation) == ["activation.started", "activation.ended"]
