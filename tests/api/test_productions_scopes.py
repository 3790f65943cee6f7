"""What a key sees and may do: properties, confined keys, roles, tenants, sub-accounts."""

import pytest
from productions_client import Productions, ledger, new_key, new_project, told

from playout.core.permissions import Role


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


class TestProperty:
    def test_without_one_it_is_the_oldest_of_the_organization(self, api, tenant):
        new_project(tenant)
        assert api.made()["property"] == str(tenant.project_id)

    def test_the_keys_default_comes_before_the_oldest(self, web, tenant):
        second = new_project(tenant)
        settings = {"defaults": {"property": str(second)}}
        api = Productions(web, new_key(tenant, settings=settings))
        assert api.made()["property"] == str(second)
        assert api.made(property=str(tenant.project_id))["property"] == str(tenant.project_id)

    def test_a_default_that_may_not_be_used_is_refused(self, web, tenant, other_tenant):
        for default in (str(other_tenant.project_id), "junk", {"a": 1}):
            key = new_key(tenant, settings={"defaults": {"property": default}})
            api = Productions(web, key)
            assert api.call("GET", "/key").status_code == 200
            told(api.call("POST", "/productions", [{"name": "Nowhere"}]), 403)

    def test_odd_settings_of_a_key_do_no_harm(self, web, tenant):
        api = Productions(web, new_key(tenant, settings={"defaults": "none"}))
        assert api.call("GET", "/key").status_code == 200
        assert api.made()["property"] == str(tenant.project_id)

    def test_a_production_can_be_moved(self, api, tenant, other_tenant):
        second, made = str(new_project(tenant)), api.made()
        path = f"/productions/{made['id']}"
        assert api.one("PATCH", path, {"property": second})["property"] == second
        foreign = str(other_tenant.project_id)
        message = told(api.call("PATCH", path, {"property": foreign}), 403)
        assert told(api.call("PATCH", path, {"property": str(2**62)}), 403) == message
        assert api.one("GET", path)["property"] == second

    def test_the_list_can_be_of_one(self, api, tenant, other_tenant):
        second = str(new_project(tenant))
        here = [api.made()["id"] for _ in range(4)]
        there = [api.made(property=second)["id"] for _ in range(5)]
        found = api.every(f"/productions?property={second}")
        assert [each["id"] for each in found] == there[::-1]
        found = api.every(f"/productions?property={tenant.project_id}")
        assert [each["id"] for each in found] == here[::-1]
        for strange in (other_tenant.project_id, "abc", "", 2**70):
            assert api.every(f"/productions?property={strange}") == []


class TestConfinedKey:
    def test_sees_and_touches_only_its_own_properties(self, api, web, tenant):
        second = new_project(tenant)
        outside, inside = api.made(), api.made(property=str(second))
        confined = Productions(web, new_key(tenant, project_ids=[second]))
        assert confined.every("/productions") == [inside]
        default = confined.call("GET", "/key").json()["settings"]["defaults"]
        assert default == {"property": str(second)}
        assert confined.made()["property"] == str(second)
        path = f"/productions/{outside['id']}"
        for method, body in (("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)):
            told(confined.call(method, path, body), 404)
        body = [{"name": "Outside", "property": str(tenant.project_id)}]
        told(confined.call("POST", "/productions", body), 403)
        body = {"property": str(tenant.project_id)}
        told(confined.call("PATCH", f"/productions/{inside['id']}", body), 403)


class TestRoles:
    @pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER, Role.PROJECT_MANAGER])
    def test_hold_what_the_table_says(self, api, web, tenant, role):
        made, mine = api.made(), Productions(web, tenant.keys[role])
        path = f"/productions/{made['id']}"
        writes, parts = role is not Role.VIEWER, role is Role.PROJECT_MANAGER
        new = [{"name": "New"}]

        def status(method, path, body=None):
            return mine.call(method, path, body).status_code

        assert status("GET", "/productions") == 200
        assert status("GET", path) == 200
        assert status("POST", "/productions", new) == (201 if writes else 403)
        assert status("PATCH", path, {"name": "Changed"}) == (200 if writes else 403)
        for noun in ("distributions", "activations"):
            assert status("GET", f"{path}/{noun}") == 200
            assert status("POST", f"{path}/{noun}", new) == (201 if parts else 403)
            part = f"{path}/{noun}/{api.made(f'{path}/{noun}')['id']}"
            assert status("GET", part) == 200
            assert status("PATCH", part, {"name": "Changed"}) == (200 if parts else 403)
            assert status("DELETE", part) == (200 if parts else 403)
        assert status("DELETE", path) == (200 if writes else 403)

    def test_a_denial_is_told_in_the_envelope_and_in_the_ledger(self, web, tenant):
        viewer = Productions(web, tenant.keys[Role.VIEWER])
        told(viewer.call("POST", "/productions", [{"name": "No"}]), 403)
        assert [row.event for row in ledger(tenant, "access.denied")] == ["access.denied"]


class TestRenderCredential:
    def test_is_told_who_it_is_and_sees_nothing(self, web, tenant):
        project = web.get("/api/Projects", headers=tenant.headers).json()[0]["id"]
        body = {"projectId": project, "name": "Renders"}
        made = web.post("/api/credentials", json=body, headers=tenant.headers).json()
        api = Productions(web, made["apiKey"])
        headers = {"X_API_Secret": made["apiSecret"]}
        key = api.call("GET", "/key", **headers).json()
        assert (key["name"], key["value"]) == ("Renders", {"componentName": "render"})
        assert key["organization"] == str(tenant.organization.uid)
        told(api.call("GET", "/productions", **headers), 403)
        told(api.call("POST", "/productions", [{"name": "No"}], **headers), 403)


class TestTenants:
    def test_what_is_anothers_looks_as_if_it_had_never_been(self, api, web, other_tenant):
        made = api.made()
        path = f"/productions/{made['id']}"
        parts = [
            f"{path}/{noun}/{api.made(f'{path}/{noun}')['id']}"
            for noun in ("distributions", "activations")
        ]
        foreign = Productions(web, other_tenant.key)
        calls = [(method, each) for each in (path, *parts) for method in ("GET", "DELETE")]
        calls += [("GET", f"{path}/distributions"), ("GET", f"{path}/activations")]
        for method, each in calls:
            absent = each.replace(made["id"], str(2**62), 1)
            assert foreign.call(method, each).json() == foreign.call(method, absent).json()
            told(foreign.call(method, each), 404)
        told(foreign.call("PATCH", path, {"name": "Mine"}), 404)
        told(foreign.call("PATCH", "/productions", [{"id": made["id"], "name": "Mine"}]), 404)
        told(foreign.call("DELETE", "/productions", [{"id": made["id"]}]), 404)
        told(foreign.call("POST", f"{path}/activations", [{"name": "Mine"}]), 404)
        assert foreign.every("/productions") == []
        assert api.one("GET", path) == made

    @pytest.mark.parametrize("strange", ["abc", "0", "-1", "1.5", "007", "٣", "9" * 30, "%00", "'"])
    def test_an_id_that_is_none_is_answered_like_an_unknown_one(self, api, strange):
        unknown = told(api.call("GET", f"/productions/{2**62}"), 404)
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            assert told(api.call(method, f"/productions/{strange}", body), 404) == unknown

    def test_a_sub_account_sees_its_own_alone(self, api, web, tenant):
        api.made()
        mine, others = (Productions(web, tenant.sub_account_key()) for _ in range(2))
        made = mine.made()
        assert mine.every("/productions") == [made]
        assert others.every("/productions") == []
        told(others.call("GET", f"/productions/{made['id']}"), 404)
        assert len(api.every("/productions")) == 2
