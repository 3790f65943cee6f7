"""Settings of keys: what they may hold, and that Productions goes by them."""

import pytest

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.api.helpers.productions_client import Productions, new_project
from tests.helpers.tenants import bearer


@pytest.fixture
def keys(web, tenant):
    """Sends to the address of keys, or of one of them, as the tenant's administrator."""

    def send(method: str, body: object, key_id: int | None = None):
        path = "/api/v1/keys/" if key_id is None else f"/api/v1/keys/{key_id}/"
        return web.request(method, path, json=body, headers=tenant.headers)

    return send


def meaning(project: object, **more: object) -> dict[str, object]:
    """Settings by which that project is meant where none is named."""
    return {"defaults": {"property": project}, **more}


def new(keys, settings: object, **fields: object):
    return keys("POST", {"name": "Robot", "role": "Developer", "settings": settings} | fields)


class TestCreate:
    def test_productions_without_a_property_go_to_the_default_project(self, web, tenant, keys):
        second = str(new_project(tenant))
        key = new(keys, meaning(second, theme="dark")).json()
        assert key["settings"] == meaning(second, theme="dark")
        api = Productions(web, key["key"])
        assert api.call("GET", "/key").json()["settings"] == key["settings"]
        assert api.create()["property"] == second

    def test_a_number_is_kept_as_the_text_that_productions_know(self, tenant, keys):
        key = new(keys, meaning(tenant.project_id)).json()
        assert key["settings"] == meaning(str(tenant.project_id))

    def test_without_settings_they_are_empty(self, keys):
        assert keys("POST", {"name": "Bare", "role": "Viewer"}).json()["settings"] == {}

    def test_a_project_of_another_organization_is_unknown(self, other_tenant, keys):
        answer = new(keys, meaning(str(other_tenant.project_id)))
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["settings.defaults.property"]

    def test_a_project_that_the_key_is_not_confined_to_is_unknown(self, tenant, keys):
        mine, other = tenant.project_id, new_project(tenant)
        assert new(keys, meaning(str(other)), workspaces=[mine]).status_code == 400
        assert new(keys, meaning(str(mine)), workspaces=[mine]).status_code == 201

    def test_a_refused_key_is_not_there(self, web, tenant, keys):
        new(keys, meaning("987654321"), name="Never made")
        assert "Never made" not in web.get("/api/v1/keys/", headers=tenant.headers).text

    @pytest.mark.parametrize(
        "settings",
        [[], "dark", None, {"defaults": "none"}, meaning("junk"), meaning("0"), {"a": "x" * 16384}],
        ids=str,
    )
    def test_settings_of_another_shape_are_refused(self, keys, settings):
        assert new(keys, settings).status_code == 400


class TestUpdate:
    def test_the_settings_that_are_sent_stand_in_place_of_those_before(self, web, tenant, keys):
        second = str(new_project(tenant))
        key = new(keys, meaning(second, theme="dark")).json()
        changed = keys("PATCH", {"settings": {"theme": "light"}}, key["id"])
        assert changed.status_code == 200, changed.text
        assert changed.json()["settings"] == {"theme": "light"}
        assert Productions(web, key["key"]).create()["property"] == str(tenant.project_id)

    def test_a_default_that_the_key_may_not_use_is_refused_and_changes_nothing(
        self, web, tenant, keys
    ):
        mine, other = tenant.project_id, new_project(tenant)
        key = new(keys, meaning(str(mine)), workspaces=[mine]).json()
        assert keys("PATCH", {"settings": meaning(str(other))}, key["id"]).status_code == 400
        assert Productions(web, key["key"]).create()["property"] == str(mine)

    def test_a_change_leaves_one_row_in_the_ledger_and_no_change_none(self, web, tenant, keys):
        key = new(keys, {}).json()
        for _ in range(2):
            keys("PATCH", {"settings": {"theme": "dark"}}, key["id"])
        events = web.get("/api/v1/events/?type=key.updated", headers=tenant.headers).json()
        assert [event["changes"] for event in events["results"]] == [
            {"settings": [{}, {"theme": "…"}]}
        ]

    def test_a_key_that_is_not_there_is_not_found(self, keys):
        assert keys("PATCH", {"settings": {}}, 987654321).status_code == 404

    def test_a_members_token_takes_none(self, web, tenant, keys):
        with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            signer, where = tenant.runtime.signer, tenant.organization
            user = accounts.add_member(unit, where, f"x@{where.slug}.example", "", Role.VIEWER)
            token, secret = accounts.create_key(unit, signer, where, "Laptop", user=user)
        assert keys("PATCH", {"settings": {"theme": "dark"}}, token.id).status_code == 400
        assert web.get("/key", headers=bearer(secret)).status_code == 200
