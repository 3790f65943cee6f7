"""Campaigns that begin and end leave a row of the ledger each, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tenants import Tenant

from playout.core.distributions.model import Activation
from playout.core.distributions.transitions import record_due_transitions
from playout.core.ledger.model import Entry
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.kit.clock import utcnow

TURNS = {"activation.started", "activation.ended"}


@pytest.fixture
def campaign(web, tenant: Tenant, make_video):
    """Adds an activation with a start and an end, so many seconds from now."""
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


def told(runtime, activation: int) -> list[str]:
    """What the ledger says of its beginning and end."""
    with runtime.database.reading() as session:
        query = select(Entry).filter_by(subject_type="activation", subject_id=str(activation))
        rows = session.scalars(query.order_by(Entry.id))
        return [each.event for each in rows if each.event in TURNS]


def look(runtime, activation: int, start: float, end: float) -> None:
    """Look as the job does, once the clock stands there."""
    with runtime.work.write(WORKER, Origin("tests")) as unit:
        found = unit.session.get(Activation, activation)
        found.settings, found.turns_at = settings(start, end), unit.now
        unit.session.flush()
        record_due_transitions(unit, found.video_id)


class TestTurns:
    def test_a_campaign_is_told_of_when_it_begins_and_when_it_ends(self, runtime, campaign):
        activation = campaign(3600, 7200)
        for start, end, expected in (
            (3600, 7200, []),
            (-1, 3600, ["activation.started"]),
            (-2, 3600, ["activation.started"]),
            (-3600, -1, ["activation.started", "activation.ended"]),
            (-3600, -2, ["activation.started", "activation.ended"]),
        ):
            look(runtime, activation, start, end)
            assert told(runtime, activation) == expected

    def test_a_change_that_begins_one_is_told_with_the_change(self, runtime, web, tenant, campaign):
        activation = campaign(3600, 7200)
        with runtime.database.reading() as session:
            production = session.get(Activation, activation).video_id
        path = f"/productions/{production}/activations/{activation}"
        body = {"settings": settings(-60, 7200)}
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 200
        assert told(runtime, activation) == ["activation.started"]
