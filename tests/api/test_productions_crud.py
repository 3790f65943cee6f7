"""Productions: the key, creating, reading, changing, deleting."""

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


class TestKey:
    def test_answers_without_an_envelope_with_the_default_property(self, api, tenant):
        assert api.call("GET", "/key").json() == {
            "name": "OrganizationAdmin",
            "settings": {"defaults": {"property": str(tenant.project_id)}},
            "value": {"componentName": "key"},
            "organization": str(tenant.organization.uid),
            "legacy_org_id": tenant.organization.id,
            "vidvita_org_id": tenant.organization.id,
        }

    def test_answers_its_own_settings(self, web, tenant):
        second = new_project(tenant)
        settings = {"defaults": {"property": str(second), "own": 1}, "theme": "dark"}
        key = new_key(tenant, settings=settings)
        body = Productions(web, key).call("GET", "/key").json()
        assert body["name"] == "Its name"
        assert body["settings"] == settings

    def test_answers_a_sub_account_too(self, web, tenant):
        body = Productions(web, tenant.sub_account_key()).call("GET", "/key").json()
        assert body["name"] == "Sub"
        assert body["value"] == {"componentName": "sub_account"}

    @pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
    def test_comes_in_either_header(self, web, tenant, header):
        value = f"Bearer {tenant.key}" if header == "Authorization" else tenant.key
        assert web.get("/key", headers={header: value}).status_code == 200

    @pytest.mark.parametrize("path", ["/key", "/productions", "/productions/1"])
    @pytest.mark.parametrize("headers", [{}, {"X-API-Key": "app.v1.junk"}])
    def test_a_missing_or_wrong_one_is_refused_in_the_envelope(self, web, path, headers):
        error_message(web.get(path, headers=headers), 401)


class TestCreate:
    def test_answers_an_array_of_one_for_an_array_of_one(self, api, tenant):
        settings = {"key": "value", "nested": {"list": [1, 2.5, None, "ü"]}}
        created = api.one(
            "POST", "/productions", [{"name": " My New Production ", "settings": settings}]
        )
        assert created["id"].isdecimal()
        assert created["name"] == "My New Production"
        assert created["settings"] == settings
        assert created["status"] == "draft"
        assert created["property"] == str(tenant.project_id)
        assert created["created_at"] == created["updated_at"]
        assert created["created_at"].endswith("Z")
        assert api.one("GET", f"/productions/{created['id']}") == created

    def test_it_is_a_video_at_the_other_apis(self, api, web, tenant):
        created = api.create(name="Seen everywhere")
        video = web.get(f"/api/v1/videos/{created['id']}/", headers=tenant.headers).json()
        assert video["title"] == "Seen everywhere"
        assert (video["uid"], video["session_id"]) == (created["uid"], created["session_id"])

    def test_keeps_the_order_of_the_array(self, api):
        names = [f"Number {number}" for number in range(20)]
        created = api.data("POST", "/productions", [{"name": name} for name in names])
        assert [each["name"] for each in created] == names

    def test_leaves_one_row_of_the_ledger_for_each(self, api, tenant):
        api.data("POST", "/productions", [{"name": "One"}, {"name": "Two"}])
        rows = ledger(tenant, "video.created")
        assert [row.changes["title"] for row in rows] == [[None, "One"], [None, "Two"]]
        assert {row.api for row in rows} == {"productions"}

    def test_ignores_what_it_does_not_know(self, api):
        created = api.create(organization="someone", status="published", id="7")
        assert created["status"] == "draft"
        assert created["id"] != "7"

    def test_the_same_idempotency_key_makes_it_once(self, api):
        body = [{"name": "Once"}]
        answers = [api.call("POST", "/productions", body, Idempotency_Key="k1") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["Idempotency-Replayed"] == "true"
        assert len(api.all_pages("/productions")) == 1
        other = [{"name": "Another"}]
        error_message(api.call("POST", "/productions", other, Idempotency_Key="k1"), 422)


class TestStatus:
    def test_follows_the_video(self, api, web, tenant, make_video):
        video = make_video()
        path = f"/productions/{video['id']}"
        assert api.one("GET", path)["status"] == "ready"
        publish = {"session_id": video["session_id"]}
        web.post("/v1/publications/publish", json=publish, headers=tenant.headers)
        assert api.one("GET", path)["status"] == "published"
        web.post("/v1/publications/revoke", json=publish, headers=tenant.headers)
        assert api.one("GET", path)["status"] == "ready"


class TestChange:
    def test_merges_settings_and_keeps_what_is_not_named(self, api):
        created = api.create(settings={"a": 1, "b": {"c": 2, "d": 3}, "gone": True})
        path = f"/productions/{created['id']}"
        patch = {"settings": {"b": {"c": None, "e": [4]}, "gone": None, "new": "x"}}
        changed = api.one("PATCH", path, patch)
        assert changed["settings"] == {"a": 1, "b": {"d": 3, "e": [4]}, "new": "x"}
        assert changed["name"] == created["name"]
        assert changed["updated_at"] > created["updated_at"]
        assert api.one("GET", path) == changed

    def test_a_new_name_leaves_the_settings(self, api, tenant):
        created = api.create(settings={"a": 1})
        changed = api.one("PATCH", f"/productions/{created['id']}", {"name": "Renamed"})
        assert (changed["name"], changed["settings"]) == ("Renamed", {"a": 1})
        [row] = ledger(tenant, "video.updated")
        assert row.changes == {"title": ["A thing", "Renamed"]}

    def test_what_changes_nothing_leaves_no_trace(self, api, tenant):
        created = api.create(settings={"a": 1})
        patch = {"name": "A thing", "settings": {"a": 1, "b": None}}
        assert api.one("PATCH", f"/productions/{created['id']}", patch) == created
        assert api.one("PATCH", f"/productions/{created['id']}", {}) == created
        assert ledger(tenant, "video.updated") == []

    def test_an_etag_guards_against_the_changes_of_others(self, api):
        created = api.create()
        path = f"/productions/{created['id']}"
        first = api.call("GET", path).headers["ETag"]
        assert api.call("GET", path, If_None_Match=first).status_code == 304
        second = api.call("PATCH", path, {"name": "Mine"}, If_Match=first).headers["ETag"]
        assert second != first
        error_message(api.call("PATCH", path, {"name": "Yours"}, If_Match=first), 412)
        error_message(api.call("DELETE", path, If_Match=first), 412)
        assert api.one("GET", path)["name"] == "Mine"
        assert api.call("DELETE", path, If_Match=second).status_code == 200


class TestDelete:
    def test_takes_it_out_of_every_api(self, api, web, tenant):
        created = api.create()
        path = f"/productions/{created['id']}"
        assert api.data("DELETE", path) == [{"id": created["id"]}]
        unknown = error_message(api.call("GET", f"/productions/{2**62}"), 404)
        assert error_message(api.call("GET", path), 404) == unknown
        assert error_message(api.call("DELETE", path), 404) == unknown
        assert api.all_pages("/productions") == []
        answer = web.get(f"/api/v1/videos/{created['id']}/", headers=tenant.headers)
        assert answer.status_code == 404
        assert len(ledger(tenant, "video.deleted")) == 1

    def test_unpublishes_a_published_production(self, api, web, tenant, make_video):
        video = make_video()
        body = {"session_id": video["session_id"]}
        out = web.post("/v1/publications/publish", json=body, headers=tenant.headers).json()
        page = out["publication"]["page_url"]
        assert web.get(page).status_code == 200
        developer = Productions(web, tenant.keys[Role.DEVELOPER])
        path = f"/productions/{video['id']}"
        error_message(developer.call("DELETE", path), 403)
        assert web.get(page).status_code == 200
        api.data("DELETE", path)
        assert web.get(page).status_code == 404
