"""Who may do what: every route of every API with every kind of credential.

The table is held against the routes that the applications really have, so that a new route
without a row fails.
"""

from dataclasses import dataclass

import pytest
from api_tools import bearer, endpoints, ledger, publish

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin

ROLES = tuple(role for role in Role if role is not Role.OWNER)
NOBODY = ("nothing", "junk", "bad checksum", "revoked")
STRANGERS = ("another organisation", "a sub-account", "another project")
CALLERS = (*NOBODY, *ROLES, *STRANGERS)


@dataclass(frozen=True)
class Rule:
    """What a route answers: when it is allowed, from which role on, and to strangers."""

    ok: int
    least: Role
    stranger: int
    body: dict[str, object] | None = None
    raw: bytes | None = None

    def status(self, caller: str) -> int:
        if caller in NOBODY:
            return 401
        if caller in STRANGERS:
            return self.stranger
        return self.ok if ROLES.index(Role(caller)) >= ROLES.index(self.least) else 403


PUBLISH = Rule(200, Role.PROJECT_MANAGER, 403, {"title": "Changed by the caller"})
REVOKE = Rule(200, Role.PROJECT_MANAGER, 403)
NEW = {"title": "New", "workspace": "{project}", "external_url": "https://cdn.example.com/n.mp4"}
RULES = {
    ("POST", "/v1/publications/publish"): PUBLISH,
    ("POST", "/v1/publications/edit"): PUBLISH,
    ("POST", "/v1/publications/revoke"): Rule(200, Role.PROJECT_MANAGER, 403, {}),
    ("POST", "/v1/publications/session/{session_id}"): PUBLISH,
    ("PATCH", "/v1/publications/session/{session_id}"): PUBLISH,
    ("DELETE", "/v1/publications/session/{session_id}"): REVOKE,
    ("GET", "/v1/video/list_completed_video_sessions"): Rule(200, Role.VIEWER, 200),
    ("POST", "/api/v1/videos/"): Rule(201, Role.DEVELOPER, 400, NEW),
    ("GET", "/api/v1/videos/{video_id}/"): Rule(200, Role.VIEWER, 404),
    ("GET", "/api/v1/workspaces/"): Rule(200, Role.VIEWER, 200),
    ("PUT", "/api/v1/videos/{video_id}/source/"): Rule(200, Role.DEVELOPER, 404, raw=b"no video"),
}
EXCEPTIONS = {
    # A sub-account enters videos of its own in the projects of its organisation.
    ("POST", "/api/v1/videos/", "a sub-account"): 201,
}
CASES = [(method, path, caller) for method, path in RULES for caller in CALLERS]


@pytest.fixture
def headers_of(runtime, tenant, other_tenant):
    """The headers that a caller of that name sends."""

    def confined() -> str:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            elsewhere = projects.create(unit, tenant.organization, "Elsewhere")
            return make_key(unit, project_ids=[elsewhere.id])[1]

    def revoked() -> str:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            key, secret = make_key(unit)
            accounts.revoke_key(unit, key.id)
        return secret

    def make_key(unit, **wanted):
        role = Role.ORGANIZATION_ADMIN
        return accounts.create_key(
            unit, runtime.signer, tenant.organization, "Key", role=role, **wanted
        )

    def headers(caller: str) -> dict[str, str]:
        if caller == "nothing":
            return {}
        last = tenant.key[-1]
        texts = {
            "junk": lambda: "junk",
            "bad checksum": lambda: tenant.key[:-1] + ("A" if last != "A" else "B"),
            "revoked": revoked,
            "another organisation": lambda: other_tenant.key,
            "a sub-account": tenant.sub_account_key,
            "another project": confined,
        }
        return bearer(texts[caller]() if caller in texts else tenant.keys[Role(caller)])

    return headers


def call(web, method, path, rule, video, project_id, headers):
    fields = None if rule.body is None else dict(rule.body)
    if fields is not None and path.startswith("/v1/") and "{session_id}" not in path:
        fields["session_id"] = video["session_id"]
    if fields and fields.get("workspace"):
        fields["workspace"] = project_id
    address = path.format(session_id=video["session_id"], video_id=video["id"])
    return web.request(method, address, json=fields, content=rule.raw, headers=headers)


class TestEveryRoute:
    def test_has_a_row_in_the_table(self, web):
        assert set(endpoints(web)) == set(RULES)

    @pytest.mark.parametrize(("method", "path", "caller"), CASES)
    def test_lets_in_whom_the_table_says_and_changes_nothing_for_others(
        self, web, runtime, tenant, make_video, headers_of, method, path, caller
    ):
        video, rule = make_video(), RULES[method, path]
        publish(web, tenant.key, video["session_id"])
        headers = headers_of(caller)

        def world():
            """All there is of the organisation, but for the rows that tell of denials."""
            rows = ledger(runtime, organization_id=tenant.organization.id)
            sessions = web.get(
                "/v1/video/list_completed_video_sessions", headers=tenant.headers
            ).json()
            detail = web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()
            events = [row.id for row in rows if row.event != "access.denied"]
            return events, sessions, detail, web.get(detail["custom_url"] or "/").text

        before = world()
        answer = call(web, method, path, rule, video, tenant.project_id, headers)
        expected = EXCEPTIONS.get((method, path, caller), rule.status(caller))
        assert answer.status_code == expected, answer.text
        if expected >= 400:
            assert world() == before
        self.denial_is_told(runtime, answer)

    @staticmethod
    def denial_is_told(runtime, answer):
        rows = ledger(runtime, request_id=answer.headers["x-request-id"], event="access.denied")
        assert len(rows) == (1 if answer.status_code == 403 else 0)


class TestOpenDoor:
    @pytest.mark.parametrize("api", ["/v1", "/api/v1"])
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
    def test_a_key_is_taken_from_any_header_that_is_usual(self, web, tenant, headers):
        assert web.get("/api/v1/workspaces/", headers=headers(tenant.key)).status_code == 200

    def test_of_two_credentials_the_sub_accounts_counts(self, web, tenant, make_video):
        video = make_video()
        headers = tenant.headers | {"x-customer-sub-account-api-key": tenant.sub_account_key()}
        assert web.get(f"/api/v1/videos/{video['id']}/", headers=headers).status_code == 404

    def test_headers_that_claim_a_role_or_an_organisation_are_not_trusted(
        self, web, other_tenant, tenant, make_video
    ):
        claims = {"X-Role": "Owner", "X-Organization-Id": str(tenant.organization.id)}
        headers = bearer(other_tenant.keys[Role.VIEWER]) | claims
        video = make_video()
        assert web.get(f"/api/v1/videos/{video['id']}/", headers=headers).status_code == 404
        body = {"session_id": video["session_id"]}
        answer = web.post("/v1/publications/publish", json=body, headers=headers)
        assert answer.status_code == 403

    def test_a_foreign_video_looks_just_as_one_that_never_was(self, web, other_tenant, make_video):
        foreign, absent = (
            web.get(f"/api/v1/videos/{video_id}/", headers=other_tenant.headers).json()
            for video_id in (make_video()["id"], 2**62)
        )
        assert foreign.pop("request_id") != absent.pop("request_id")
        assert foreign == absent
