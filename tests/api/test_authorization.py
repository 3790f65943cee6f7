"""Who may not do what: every route of every API with every kind of credential.

The tables are held against the routes that the applications really have, so that a new route
without a row fails.
"""

import pytest

from tests.api.helpers.authorization_stage import Stage, set_up
from tests.api.helpers.authorization_tables import RULES, call, callers, named_by
from tests.api.helpers.snapshots import snapshot
from tests.api.helpers.things import INNER
from tests.api.helpers.tools import endpoints, ledger

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def untouched(web, runtime) -> Stage:
    """Nothing may happen to this one: only those ask it who are to be refused."""
    return set_up(web, runtime)


class TestEveryRoute:
    def test_has_a_row_in_the_table(self, web):
        has_body = {route: rule.body is not None for route, rule in RULES.items()}
        assert endpoints(web) == has_body

    @pytest.mark.parametrize("route", RULES, ids=" ".join)
    def test_changes_nothing_for_others(self, web, runtime, untouched, route):
        named_by(route, untouched.things)  # so that all of it is there
        before = snapshot(untouched.tenant)
        for caller in callers(route, let_in=False):
            answer = call(web, route, untouched.things, untouched.headers[caller])
            told = f"{caller}: {answer.text}"
            assert answer.status_code == RULES[route].status(caller), told
            assert INNER not in answer.text, told
            request = answer.headers["x-request-id"]
            denials = ledger(runtime, request_id=request, event="access.denied")
            assert len(denials) == (1 if answer.status_code == 403 else 0), told
        assert snapshot(untouched.tenant) == before
