"""The room of the organization: who sees which page, and what its forms do."""

import re
from html import unescape
from secrets import token_hex

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from playout.console import paging
from playout.console.people.installation import HIDDEN, settings_in_force
from playout.console.people.ledger import ON_A_PAGE
from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.settings import Settings
from tests.helpers.tenants import bearer

FAIL = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock)"
    " VALUES ('nobody', 'tests.fails', 'failed', :lock) RETURNING id"
)
TAKE_AWAY = text(
    "DELETE FROM procrastinate_jobs WHERE queue_name = 'nobody' RETURNING id, status::text"
)
PAGES = {
    "": (Role.VIEWER, Role.DEVELOPER, Role.PROJECT_MANAGER, Role.ORGANIZATION_ADMIN, Role.OWNER),
    "/projects": tuple(Role),
    "/ledger": tuple(Role),
    "/members": (Role.ORGANIZATION_ADMIN, Role.OWNER),
    "/sub-accounts": (Role.ORGANIZATION_ADMIN, Role.OWNER),
    "/installation": (Role.OWNER,),
    "/all": (Role.OWNER,),
    "/jobs": (Role.OWNER,),
}
"""The pages of the room, and the roles that may open them."""


@pytest.fixture
def as_role(runtime, web, tenant):
    """Opens a page of the room as a member with a role; returns the answer."""
    tokens = {}

    def token(role: Role) -> str:
        if role not in tokens:
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                email = f"{role.lower()}@{tenant.organization.slug}.example"
                user = accounts.add_member(unit, tenant.organization, email, role, role)
                tokens[role] = accounts.create_key(
                    unit, runtime.signer, tenant.organization, "T", user=user
                )[1]
        return tokens[role]

    def ask(role: Role, path: str, form: dict[str, str] | None = None):
        headers = bearer(token(role)) | {"Origin": "http://testserver"}
        if not path.startswith("/console"):
            path = f"/console/organization{path}"
        if form is None:
            return web.get(path, headers=headers)
        return web.post(path, data=form, headers=headers, follow_redirects=False)

    return ask


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_a_role_opens_its_pages_and_is_offered_nothing_that_is_refused(
        self, web, tenant, as_role, role
    ):
        web.post("/api/v1/sub-accounts/", json={"name": "Customer"}, headers=tenant.headers)
        as_role(Role.ORGANIZATION_ADMIN, "/members", {"email": "a@b.example", "role": "Viewer"})
        tabs = None
        for path, roles in PAGES.items():
            answer = as_role(role, path)
            assert answer.status_code == (200 if role in roles else 403), path
            if role not in roles:
                continue
            tabs = set(re.findall(r'href="/console/organization(/[\w-]+)"', answer.text))
            forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', answer.text)
            for target in {*forms} - {"/sign-out"}:
                if not target.endswith("/remove"):
                    status = as_role(role, target, {}).status_code
                    assert status in {200, 303, 400, 409}, (target, status)
        assert tabs == {path for path, roles in PAGES.items() if path and role in roles}

    def test_the_forms_of_others_are_refused(self, as_role, tenant):
        for path in ("/members", "/sub-accounts", "/projects", "/members/1/remove"):
            answer = as_role(Role.VIEWER, path, {"name": "X", "email": "a@b.example", "role": "x"})
            assert answer.status_code in {400, 403}, path
        assert "No sub-account yet" in as_role(Role.OWNER, "/sub-accounts").text


class TestProjectsAndSubAccounts:
    def test_a_project_is_added_renamed_archived_and_used_again(self, as_role):
        admin = Role.ORGANIZATION_ADMIN
        assert as_role(admin, "/projects", {"name": "Môn Films"}).status_code == 303
        assert as_role(admin, "/projects", {"name": "Môn Films"}).status_code == 409
        page = as_role(admin, "/projects").text
        assert "0 B" in page
        path = re.findall(r'action="(/console/organization/projects/[\w-]+)"', page)[-1]
        assert as_role(admin, path, {"name": "Films"}).status_code == 303
        as_role(admin, f"{path}/archive", {})
        archived = as_role(admin, "/projects").text
        assert ("Archived" in archived, "Use again" in archived) == (True, True)
        as_role(admin, f"{path}/reactivate", {})
        assert "Use again" not in as_role(admin, "/projects").text

    def test_a_sub_account_is_added_once_with_a_name(self, as_role):
        admin = Role.ORGANIZATION_ADMIN
        assert as_role(admin, "/sub-accounts", {"name": " "}).status_code == 400
        assert as_role(admin, "/sub-accounts", {"name": "Customer <1>"}).status_code == 303
        assert "Customer &lt;1&gt;" in as_role(admin, "/sub-accounts").text


class TestOwner:
    def test_all_organizations_are_found_by_name_with_their_numbers(
        self, runtime, tenant, as_role, make_video
    ):
        make_video()
        mark = token_hex(4)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            for number in range(paging.ON_A_PAGE + 1):
                accounts.create_organization(unit, f"Films {mark} {number} <b>")
        path, seen = f"/all?q={mark.upper()}", []
        while path:
            page = as_role(Role.OWNER, path).text
            seen += re.findall(rf"films-{mark}-\d+-b", page)
            more = re.search(r'class="button" href="(\?[^"]+)"', page)
            path = f"/all{unescape(more[1])}" if more else ""
        assert len(seen) == len(set(seen)) == paging.ON_A_PAGE + 1
        own = as_role(Role.OWNER, f"/all?q={tenant.organization.slug}").text
        assert "You are here" in own
        assert re.search(r'data-label="Members">[1-9]', own)
        assert re.search(r'data-label="Last event">\d', own)
        assert "Nothing matches" in as_role(Role.OWNER, "/all?q=%25_%00").text

    def test_a_failed_job_runs_again_once(self, runtime, as_role):
        with runtime.database.write_session() as session:
            job = session.scalar(FAIL, {"lock": None})
            periodic = session.scalar(FAIL, {"lock": token_hex(4)})
        page = as_role(Role.OWNER, "/jobs").text
        assert f"/jobs/{job}/retry" in page
        assert f"/jobs/{periodic}/retry" not in page
        assert as_role(Role.OWNER, f"/jobs/{job}/retry", {}).status_code == 303
        again = as_role(Role.OWNER, f"/jobs/{job}/retry", {})
        assert "There is no such job that failed" in again.text
        assert "There is no such" in as_role(Role.OWNER, f"/jobs/{periodic}/retry", {}).text
        with runtime.database.write_session() as session:
            rows = session.execute(TAKE_AWAY).all()
        assert dict(map(tuple, rows)) == {job: "todo", periodic: "failed"}


class TestLedger:
    def test_pages_follow_one_another_and_none_is_shown_twice(self, web, tenant, as_role):
        for number in range(ON_A_PAGE + 5):
            web.post("/api/v1/tags/", json={"name": f"Tag {number}"}, headers=tenant.headers)
        path, seen = "/ledger?event=tag", []
        while path:
            page = as_role(Role.ORGANIZATION_ADMIN, path).text
            seen += re.findall(r">(tag:\d+)</a>", page)
            more = re.search(r'class="button" href="/console/organization(/ledger\?[^"]+)"', page)
            path = unescape(more[1]) if more else ""
        assert len(seen) == len(set(seen)) == ON_A_PAGE + 5

    def test_it_is_searched_by_what_about_whom_and_when(self, as_role, make_video, other_tenant):
        video = make_video()
        admin = Role.ORGANIZATION_ADMIN
        assert "video.created" in as_role(admin, f"/ledger?subject=video:{video['uid']}").text
        assert "Nothing matches" in as_role(admin, "/ledger?until=2000-01-01").text
        assert "Nothing matches" in as_role(admin, "/ledger?actor=user:1").text
        for wrong in ("since=soon", "before=x", "until=9999-12-31"):
            assert as_role(admin, f"/ledger?{wrong}").status_code == 400

    def test_nobody_reads_what_others_did_elsewhere(self, web, as_role, make_video, other_tenant):
        web.post("/api/v1/tags/", json={"name": "Theirs"}, headers=other_tenant.headers)
        page = as_role(Role.OWNER, "/ledger?event=tag").text
        assert re.findall(r">tag:\d+</a>", page) == []


class TestInstallation:
    def test_a_setting_says_where_it_comes_from(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PLAYOUT_SITE_NAME", "Films")
        settings = Settings(data_dir=tmp_path, oidc_roles="staff=Viewer, chiefs=Owner")
        rows = {name: (value, source) for name, value, source in settings_in_force(settings)}
        assert rows["PLAYOUT_SITE_NAME"] == ("Films", "environment")
        assert rows["PLAYOUT_DATA_DIR"] == (str(tmp_path), "command line")
        assert rows["PLAYOUT_HOST"] == ("127.0.0.1", "default")
        assert rows["PLAYOUT_OIDC_ROLES"][0] == "staff=Viewer, chiefs=Owner"

    def test_an_owner_sees_health_and_settings(self, as_role):
        page = as_role(Role.OWNER, "/installation").text
        assert "PLAYOUT_ENCODER_PRESET" in page
        assert "Worker" in page

    def test_no_secret_is_shown(self, tmp_path):
        settings = Settings(
            data_dir=tmp_path,
            secret_key=SecretStr("x" * 40),
            encryption_keys=(SecretStr("y" * 40),),
            database_url="postgresql://ada:hidden@db.example/playout?password=hidden",
            redis_url="redis://:hidden@redis.example/0",
            smtp_url=SecretStr("smtp://ada:hidden@mail.example"),
            metrics_token=SecretStr("hidden" * 4),
            oidc_client_secret=SecretStr("hidden"),
        )
        shown = {name: value for name, value, _ in settings_in_force(settings)}
        assert "hidden" not in str(shown).replace(HIDDEN, "")
        assert "xxx" not in str(shown)
        assert "yyy" not in str(shown)
        assert shown["PLAYOUT_DATABASE_URL"] == f"postgresql://db.example/playout {HIDDEN}"
        assert shown["PLAYOUT_SECRET_KEY"] == HIDDEN
