"""Render credentials: created, shown once, used, revoked."""

import base64
from uuid import uuid4

import pytest
from sqlalchemy import text

from playout.core.permissions import Role
from tests.api.helpers.shares_client import NOBODY, OFFER, Shares, problem, shares_of


@pytest.fixture
def shares(web, tenant) -> Shares:
    return shares_of(web, tenant)


def basic(key: str, secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def two_headers(key: str, secret: str) -> dict[str, str]:
    return {"X-API-Key": key, "X-API-Secret": secret}


class TestCreate:
    def test_the_secret_is_in_this_answer_and_never_again(self, shares):
        made = shares.create_credential(name="Production landing page")
        assert made["apiKey"].startswith("pk_")
        assert made["apiSecret"].startswith("sk_")
        assert (made["status"], made["lastUsedAt"]) == ("active", None)
        listed = shares.request("GET", f"/credentials?projectId={shares.project_id}").json()
        assert listed == [{name: made[name] for name in made if name != "apiSecret"}]

    def test_a_name_may_be_left_out(self, shares):
        assert shares.create_credential()["name"] is None

    def test_no_table_holds_the_secret_not_even_the_kept_answer(self, shares, runtime):
        headers, body = {"Idempotency-Key": str(uuid4())}, {"projectId": shares.project_id}
        first, again = (shares.request("POST", "/credentials", body, **headers) for _ in range(2))
        secret = first.json()["apiSecret"]
        assert again.json()["id"] == first.json()["id"]
        assert "apiSecret" not in again.json()
        with runtime.database.read_session() as session:
            kept = session.scalars(text("SELECT body FROM kept_answers")).all()
            rows = session.scalars(text("SELECT c::text FROM render_credentials c")).all()
        assert not [row for row in kept if secret.encode() in bytes(row)]
        assert not [row for row in rows if secret in row]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "projectId"),
            ({"projectId": "nonsense"}, "projectId"),
            ({"projectId": NOBODY, "name": "x" * 256}, "name"),
        ],
    )
    def test_a_field_at_fault_is_named(self, shares, body, field):
        answer = shares.request("POST", "/credentials", body)
        assert answer.status_code == 400
        assert list(problem(answer)["errors"]) == [field]

    def test_a_list_is_of_one_project(self, shares):
        for query in ("", "?projectId=nonsense"):
            answer = shares.request("GET", f"/credentials{query}")
            assert answer.status_code == 400
            assert list(problem(answer)["errors"]) == ["projectId"]

    def test_it_takes_a_project_manager_to_make_and_to_list(self, shares):
        body = {"projectId": shares.project_id}
        path = f"/credentials?projectId={shares.project_id}"
        for role in (Role.VIEWER, Role.DEVELOPER):
            assert (
                shares.request("POST", "/credentials", body, shares.key_of(role)).status_code == 403
            )
            assert shares.request("GET", path, key=shares.key_of(role)).status_code == 403
        manager = shares.key_of(Role.PROJECT_MANAGER)
        assert shares.request("POST", "/credentials", body, manager).status_code == 201
        assert shares.request("GET", path, key=manager).status_code == 200

    def test_anothers_project_is_as_unknown_as_one_that_never_was(self, shares, other_tenant):
        credential = shares.create_credential()["id"]
        for method, path in (
            ("GET", "/credentials?projectId={}"),
            ("POST", "/credentials"),
            ("POST", "/credentials/{}/revoke"),
        ):
            mine = credential if "revoke" in path else shares.project_id
            foreign, unknown = (
                shares.request(
                    method,
                    path.format(name),
                    {"projectId": str(name)} if path == "/credentials" else None,
                    other_tenant.key,
                )
                for name in (mine, uuid4())
            )
            assert foreign.status_code == unknown.status_code == 404
            assert problem(foreign) == problem(unknown)


class TestAtTheDoor:
    @pytest.mark.parametrize("send", [basic, two_headers])
    def test_it_is_known_at_all_apis_and_may_nothing_but_render(self, web, shares, send):
        made = shares.create_credential()
        headers = send(made["apiKey"], made["apiSecret"])
        for method, path, body in (
            ("GET", f"/api{shares.path}", None),
            ("PUT", f"/api{shares.path}/PROD", OFFER),
            ("GET", f"/api/credentials?projectId={shares.project_id}", None),
            ("GET", "/v1/video/list_completed_video_sessions", None),
            ("GET", "/api/v1/videos/1/", None),
            ("GET", "/api/v1/workspaces/", None),
            ("GET", "/api/v1/organizations/", None),
            ("POST", "/api/v1/videos/", {}),
            ("GET", "/productions", None),
            ("POST", "/productions", {}),
        ):
            answer = web.request(method, path, json=body, headers=headers)
            assert answer.status_code == 403, (path, answer.text)

    @pytest.mark.parametrize("send", [basic, two_headers])
    def test_a_secret_is_good_with_its_own_key_alone(self, web, shares, send):
        one, other = shares.create_credential(), shares.create_credential()
        for key, secret in (
            (one["apiKey"], other["apiSecret"]),
            (one["apiKey"], ""),
            (one["apiKey"], "sk_" + "A" * 32),
            (one["apiSecret"], one["apiKey"]),
        ):
            assert web.get("/api/Projects", headers=send(key, secret)).status_code == 401

    def test_neither_half_is_a_key_by_itself(self, web, shares):
        made = shares.create_credential()
        for half in (made["apiKey"], made["apiSecret"]):
            answer = web.get("/api/Projects", headers={"Authorization": f"Bearer {half}"})
            assert answer.status_code == 401

    @pytest.mark.parametrize("junk", ["%%%", "cGtf", "", "ÿ"])
    def test_junk_is_refused(self, web, junk):
        headers = {b"Authorization": f"Basic {junk}".encode("latin-1")}
        assert web.get("/api/Projects", headers=headers).status_code == 401

    def test_its_last_use_is_answered(self, web, shares, runtime):
        made = shares.create_credential()
        web.get("/api/Projects", headers=basic(made["apiKey"], made["apiSecret"]))
        runtime.credentials.flush_uses()
        (listed,) = shares.request("GET", f"/credentials?projectId={shares.project_id}").json()
        assert listed["lastUsedAt"] >= made["createdAt"]


class TestRevoke:
    def test_it_stops_at_once_and_again_is_no_error(self, web, shares):
        made = shares.create_credential()
        headers = basic(made["apiKey"], made["apiSecret"])
        assert web.get("/api/Projects", headers=headers).status_code == 403
        for _ in range(2):
            answer = shares.request("POST", f"/credentials/{made['id']}/revoke")
            assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
        assert web.get("/api/Projects", headers=headers).status_code == 401

    def test_the_page_that_renders_with_it_shows_the_notice(self, shares, make_video):
        make_video()
        credential = shares.create_credential()["id"]
        share = shares.create("DEV", apiCredentialId=credential)
        assert shares.page(share).status_code == 200
        shares.request("POST", f"/credentials/{credential}/revoke")
        gone = shares.page(share)
        assert gone.status_code == 404
        assert "Esta página está en pausa" in gone.text
        shares.create("DEV", apiCredentialId=shares.create_credential()["id"])
        assert shares.page(share).status_code == 200

    def test_the_ledger_records_both_once(self, shares, tenant, web):
        made = shares.create_credential(name="Landing")
        for _ in range(2):
            shares.request("POST", f"/credentials/{made['id']}/revoke")
        events = web.get("/api/v1/events/?page_size=50", headers=tenant.headers).json()["results"]
        mine = [event for event in events if event["subject"]["id"] == made["id"]]
        assert [event["type"] for event in mine] == ["credential.revoked", "credential.created"]

    @pytest.mark.parametrize("name", [NOBODY, "nonsense"])
    def test_an_unknown_one_is_not_found(self, shares, name):
        assert shares.request("POST", f"/credentials/{name}/revoke").status_code == 404
