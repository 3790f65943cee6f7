"""Permissions of a key: properties, confined keys, roles, tenants, sub-accounts."""

import pytest

from playout.core.permissions import Role
from tests.api.helpers.productions_client import (
    Productions,
    error_message,
    ledger,
    new_key,
    new_project,
)


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


class TestProperty:
    def test_without_one_it_is_the_oldest_of_the_organization(self, api, tenant):
        new_project(tenant)
        assert api.create()["property"] == str(tenant.project_id)

    def test_the_keys_default_comes_before_the_oldest(self, web, tenant):
        second = new_project(tenant)
        settings = {"defaults": {"property": str(second)}}
        api = Productions(web, new_key(tenant, settings=settings))
        assert api.create()["property"] == str(second)
        assert api.create(property=str(tenant.project_id))["property"] == str(tenant.project_id)

    def test_a_default_that_may_not_be_used_is_refused(self, web, tenant, other_tenant):
        for default in (str(other_tenant.project_id), "junk", {"a": 1}):
            key = new_key(tenant, settings={"defaults": {"property": default}})
            api = Productions(web, key)
            assert api.call("GET", "/key").status_code == 200
            error_message(api.call("POST", "/productions", [{"name": "Nowhere"}]), 403)

    def test_odd_settings_of_a_key_do_no_harm(self, web, tenant):
        api = Productions(web, new_key(tenant, settings={"defaults": "none"}))
        assert api.call("GET", "/key").status_code == 200
        assert api.create()["property"] == str(tenant.project_id)

    def test_a_production_can_be_moved(self, api, tenant, other_tenant):
        second, created = str(new_project(tenant)), api.create()
        path = f"/productions/{created['id']}"
        assert api.one("PATCH", path, {"property": second})["property"] == second
        foreign = str(other_tenant.project_id)
        message = error_message(api.call("PATCH", path, {"property": foreign}), 403)
        assert error_message(api.call("PATCH", path, {"property": str(2**62)}), 403) == message
        assert api.one("GET", path)["property"] == second

    def test_the_list_can_be_of_one(self, api, tenant, other_tenant):
        second = str(new_project(tenant))
        here = [api.create()["id"] for _ in range(4)]
        there = [api.create(property=second)["id"] for _ in range(5)]
        found = api.all_pages(f"/productions?property={second}")
        assert [each["id"] for each in found] == there[::-1]
        found = api.all_pages(f"/productions?property={tenant.project_id}")
        assert [each["id"] for each in found] == here[::-1]
        for strange in (other_tenant.project_id, "abc", "", 2**70):
            assert api.all_pages(f"/productions?property={strange}") == []


class TestConfinedKey:
    def test_sees_and_touches_only_its_own_properties(self, api, web, tenant):
        second = new_project(tenant)
        outside, inside = api.create(), api.create(property=str(second))
        confined = Productions(web, new_key(tenant, project_ids=[second]))
        assert confined.all_pages("/productions") == [inside]
        default = confined.call("GET", "/key").json()["settings"]["defaults"]
        assert default == {"property": str(second)}
        assert confined.create()["property"] == str(second)
        path = f"/productions/{outside['id']}"
        for method, body in (("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)):
            error_message(confined.call(method, path, body), 404)
        body = [{"name": "Outside", "property": str(tenant.project_id)}]
        error_message(confined.call("POST", "/productions", body), 403)
        body = {"property": str(tenant.project_id)}
        error_message(confined.call("PATCH", f"/productions/{inside['id']}", body), 403)


class TestRoles:
    @pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER, Role.PROJECT_MANAGER])
    def test_hold_what_the_table_says(self, api, web, tenant, role):
        created, mine = api.create(), Productions(web, tenant.keys[role])
        path = f"/productions/{created['id']}"
        writes, children = role is not Role.VIEWER, role is Role.PROJECT_MANAGER
        new = [{"name": "New"}]

        def status(method, path, body=None):
            return mine.call(method, path, body).status_code

        assert status("GET", "/productions") == 200
        assert status("GET", path) == 200
        assert status("POST", "/productions", new) == (201 if writes else 403)
        assert status("PATCH", path, {"name": "Changed"}) == (200 if writes else 403)
        for noun in ("distributions", "activations"):
            assert status("GET", f"{path}/{noun}") == 200
            assert status("POST", f"{path}/{noun}", new) == (201 if children else 403)
            child = f"{path}/{noun}/{api.create(f'{path}/{noun}')['id']}"
            assert status("GET", child) == 200
            assert status("PATCH", child, {"name": "Changed"}) == (200 if children else 403)
            assert status("DELETE", child) == (200 if children else 403)
        assert status("DELETE", path) == (200 if writes else 403)

    def test_a_denial_is_answered_in_the_envelope_and_recorded(self, web, tenant):
        viewer = Productions(web, tenant.keys[Role.VIEWER])
        error_message(viewer.call("POST", "/productions", [{"name": "No"}]), 403)
        assert [row.event for row in ledger(tenant, "access.denied")] == ["access.denied"]


class TestRenderCredential:
    def test_reads_the_key_and_nothing_else(self, web, tenant):
        project = web.get("/api/Projects", headers=tenant.headers).json()[0]["id"]
        body = {"projectId": project, "name": "Renders"}
        created = web.post("/api/credentials", json=body, headers=tenant.headers).json()
        api = Productions(web, created["apiKey"])
        headers = {"X_API_Secret": created["apiSecret"]}
        key = api.call("GET", "/key", **headers).json()
        assert (key["name"], key["value"]) == ("Renders", {"componentName": "render"})
        assert key["organization"] == str(tenant.organization.uid)
        error_message(api.call("GET", "/productions", **headers), 403)
        error_message(api.call("POST", "/productions", [{"name": "No"}], **headers), 403)


class TestTenants:
    def test_what_is_anothers_looks_as_if_it_had_never_been(self, api, web, other_tenant):
        created = api.create()
        path = f"/productions/{created['id']}"
        children = [
            f"{path}/{noun}/{api.create(f'{path}/{noun}')['id']}"
            for noun in ("distributions", "activations")
        ]
        foreign = Productions(web, other_tenant.key)
        calls = [(method, each) for each in (path, *children) for method in ("GET", "DELETE")]
        calls += [("GET", f"{path}/distributions"), ("GET", f"{path}/activations")]
        for method, each in calls:
            absent = each.replace(created["id"], str(2**62), 1)
            assert foreign.call(method, each).json() == foreign.call(method, absent).json()
            error_message(foreign.call(method, each), 404)
        error_message(foreign.call("PATCH", path, {"name": "Mine"}), 404)
        error_message(
            foreign.call("PATCH", "/productions", [{"id": created["id"], "name": "Mine"}]), 404
        )
        error_message(foreign.call("DELETE", "/productions", [{"id": created["id"]}]), 404)
        error_message(foreign.call("POST", f"{path}/activations", [{"name": "Mine"}]), 404)
        assert foreign.all_pages("/productions") == []
        assert api.one("GET", path) == created

    @pytest.mark.parametrize("strange", ["abc", "0", "-1", "1.5", "007", "٣", "9" * 30, "%00", "'"])
    def test_a_text_that_is_no_id_is_answered_like_an_unknown_id(self, api, strange):
        unknown = error_message(api.call("GET", f"/productions/{2**62}"), 404)
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            assert error_message(api.call(method, f"/productions/{strange}", body), 404) == unknown

    def test_a_sub_account_sees_its_own_alone(self, api, web, tenant):
        api.create()
        mine, others = (Productions(web, tenant.sub_account_key()) for _ in range(2))
        created = mine.create()
        assert mine.all_pages("/productions") == [created]
        assert others.all_pages("/productions") == []
        error_message(others.call("GET", f"/productions/{created['id']}"), 404)
        assert len(api.all_pages("/productions")) == 2
