"""Who may do what: the other half of the tables, and what holds at every door."""

import pytest

from tests.api.helpers.authorization import ROLES, Role
from tests.api.helpers.authorization_stage import Stage, set_up
from tests.api.helpers.authorization_tables import RULES, call, callers
from tests.api.helpers.things import INNER, Things
from tests.api.helpers.tools import bearer, ledger

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def busy(web, runtime) -> Stage:
    """One organization, to which all of it happens."""
    return set_up(web, runtime)


class TestEveryRoute:
    @pytest.mark.parametrize("route", RULES, ids=" ".join)
    def test_lets_in_whom_the_table_says(self, web, runtime, busy, route):
        asks = route[1].endswith(("by-url/", "/preview")) or "/gallery/" in route[1]
        reads = route[0] in {"GET", "HEAD"} or asks
        for caller in callers(route, let_in=True):
            # What is only read is there for all; each change is made to things of its own.
            things = busy.things if reads else Things(web, busy.tenant, busy.things.headers)
            answer = call(web, route, things, busy.headers[caller])
            told = f"{caller}: {answer.text}"
            assert answer.status_code == RULES[route].status(caller), told
            rows = ledger(runtime, request_id=answer.headers["x-request-id"])
            assert bool(rows) is not reads, told
            if caller not in ROLES and "/gallery/" not in route[1]:  # the gallery is for everybody
                assert INNER not in answer.text, told


class TestOpenDoor:
    @pytest.mark.parametrize("api", ["/v1", "/api/v1", "/api", ""])
    def test_the_openapi_document_is_for_everybody(self, web, api):
        assert web.get(f"{api}/openapi.json").json()["openapi"].startswith("3.1")

    @pytest.mark.parametrize(
        "headers",
        [
            lambda key: {"Authorization": f"Bearer {key}"},
            lambda key: {"Authorization": f"bearer {key}"},
            lambda key: {"X-API-Key": key},
        ],
    )
    @pytest.mark.parametrize(
        "path", ["/v1/video/list_completed_video_sessions", "/api/v1/workspaces/", "/api/Projects"]
    )
    def test_a_key_is_taken_from_any_header_that_is_usual(self, web, busy, headers, path):
        assert web.get(path, headers=headers(busy.tenant.key)).status_code == 200

    def test_of_two_credentials_the_sub_accounts_counts(self, web, busy):
        headers = busy.tenant.headers | {
            "x-customer-sub-account-api-key": busy.tenant.sub_account_key()
        }
        path = f"/api/v1/videos/{busy.things['video_id']}/"
        assert web.get(path, headers=headers).status_code == 404

    def test_headers_that_claim_a_role_or_an_organization_are_not_trusted(
        self, web, other_tenant, busy
    ):
        claims = {"X-Role": "Owner", "X-Organization-Id": str(busy.tenant.organization.id)}
        headers = bearer(other_tenant.keys[Role.VIEWER]) | claims
        path = f"/api/v1/videos/{busy.things['video_id']}/"
        assert web.get(path, headers=headers).status_code == 404
        body = {"session_id": busy.things["session_id"]}
        answer = web.post("/v1/publications/publish", json=body, headers=headers)
        assert answer.status_code == 403

    def test_what_is_out_may_only_be_removed_by_who_may_publish(self, web, busy):
        path = f"/api/v1/videos/{busy.things['published']}/"
        headers = bearer(busy.tenant.keys[Role.DEVELOPER])
        assert web.delete(path, headers=headers).status_code == 403
        body = [{"id": str(busy.things["published"])}]
        answer = web.request("DELETE", "/productions", json=body, headers=headers)
        assert answer.status_code == 403
        assert web.get(path, headers=headers).json()["is_draft"] is False
