"""Signing in and out: the forms and the cookie."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.accounts.sessions import LIFETIME, end_session
from playout.core.permissions import Role
from playout.core.principal import OPERATOR, WORKER
from playout.core.unit import Origin, Work
from playout.kit.clock import utcnow
from playout.kit.invalidation import Invalidations
from playout.pages.accounts.sign_in import ATTEMPTS_A_MINUTE, local_path
from playout.pages.viewers import COOKIE
from playout.settings import Settings
from playout.web import application
from tests.helpers.live import until
from tests.helpers.tenants import Tenant
from tests.pages.helpers.reader import Page

HOME = "http://testserver"


@pytest.fixture
def browser(runtime) -> Iterator[TestClient]:
    """A browser without a cookie, on a site that has counted no attempts."""
    with TestClient(application(runtime), follow_redirects=False) as client:
        client.headers["Origin"] = HOME
        yield client


@pytest.fixture
def token(runtime, tenant: Tenant) -> str:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        email = f"{tenant.organization.slug}@example.com"
        user = accounts.add_member(unit, tenant.organization, email, "Ada Lind", Role.VIEWER)
        return accounts.create_key(unit, runtime.signer, tenant.organization, "T", user=user)[1]


@pytest.fixture
def members_page(web, tenant, make_video) -> str:
    """The address of a video that only the organization may watch."""
    video = make_video(visibility="org")
    out = web.post(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers).json()
    return out["custom_url"].removeprefix(HOME)


class TestSignIn:
    def test_it_redirects_to_the_video_which_then_plays(self, browser, token, members_page):
        assert browser.get(members_page).status_code == 404
        form = Page(browser.get("/sign-in", headers={"Referer": HOME + members_page}).text)
        assert form.all("form", method="post", action="/sign-in")
        next_, *_ = form.all("input", name="next")
        answer = browser.post("/sign-in", data={"token": token, "next": next_["value"]})
        assert (answer.status_code, answer.headers["location"]) == (303, members_page)
        assert browser.get(members_page).status_code == 200
        assert "Ada Lind" in browser.get("/sign-in").text

    def test_scripts_other_sites_and_caches_do_not_get_the_cookie(self, browser, token):
        answer = browser.post("/sign-in", data={"token": f"  {token} "})
        cookie = answer.headers["set-cookie"]
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"{COOKIE}=ses.v1.")
        assert token not in cookie
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert "secure" not in parts
        assert answer.headers["cache-control"] == "private, no-store"

    def test_the_cookie_is_secure_on_https(self, runtime, token):
        settings = Settings(data_dir=runtime.settings.data_dir, public_url="https://video.example")
        answer = _on(runtime, settings).post(
            "/sign-in", data={"token": token}, headers={"Origin": "https://video.example"}
        )
        assert "secure" in answer.headers["set-cookie"].lower()

    def test_an_api_key_or_a_revoked_token_cannot_sign_in(self, browser, runtime, tenant, token):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.revoke_key(unit, runtime.credentials.resolve(token).key_id)
        for bad in (token, tenant.key, tenant.sub_account_key(), "", "x", "usr.v1.ü", "<b>"):
            answer = browser.post("/sign-in", data={"token": bad, "next": "/v/a"})
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            page = Page(answer.text)
            assert page.all("p", role="alert")
            assert page.all("input", name="next", value="/v/a")

    def test_signing_out_deletes_the_cookie(self, browser, token, members_page):
        browser.post("/sign-in", data={"token": token})
        answer = browser.post("/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert COOKIE not in browser.cookies
        assert browser.get(members_page).status_code == 404

    def test_the_page_of_a_member_has_a_button_to_sign_out(self, browser, token, members_page):
        browser.post("/sign-in", data={"token": token})
        answer = browser.get(members_page)
        assert Page(answer.text).all("form", method="post", action="/sign-out")
        assert "form-action 'self'" in answer.headers["content-security-policy"]
        assert "form-action 'none'" in browser.get("/docs").headers["content-security-policy"]


class TestSessions:
    @pytest.fixture
    def cookie(self, browser, token) -> str:
        browser.post("/sign-in", data={"token": token})
        return browser.cookies[COOKIE]

    @pytest.fixture
    def seen(self, web, members_page):
        """The status of a page for members, for another browser with a cookie of that text."""

        def seen(cookie: str) -> int:
            return web.get(members_page, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code

        return seen

    def test_signing_out_ends_the_session_for_whoever_has_the_cookie(self, browser, cookie, seen):
        assert seen(cookie) == 200
        browser.post("/sign-out")
        assert seen(cookie) == 404

    def test_it_ends_in_every_process_within_a_second(self, runtime, cookie, seen):
        assert seen(cookie) == 200
        elsewhere = Work(runtime.database, Invalidations(runtime.database.url))
        with elsewhere.write(WORKER, Origin("tests")) as unit:
            end_session(unit, runtime.signer, cookie)
        until(lambda: seen(cookie) == 404, 1, "the session ends")

    def test_other_sessions_of_the_token_go_on(self, runtime, browser, token, cookie, seen):
        with TestClient(application(runtime), headers={"Origin": HOME}) as other:
            other.post("/sign-in", data={"token": token}, follow_redirects=False)
            browser.post("/sign-out")
            assert (seen(cookie), seen(other.cookies[COOKIE])) == (404, 200)

    def test_signing_in_again_ends_the_session_before(self, browser, token, cookie, seen):
        browser.post("/sign-in", data={"token": token})
        assert (seen(cookie), seen(browser.cookies[COOKIE])) == (404, 200)

    def test_it_ends_with_its_token(self, runtime, token, cookie, seen):
        assert seen(cookie) == 200
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.revoke_key(unit, runtime.credentials.resolve(token).key_id)
        assert seen(cookie) == 404

    def test_it_ends_with_the_membership(self, runtime, tenant, cookie, seen):
        assert seen(cookie) == 200
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            email = f"{tenant.organization.slug}@example.com"
            accounts.remove_member(unit, tenant.organization, email)
        assert seen(cookie) == 404

    def test_it_expires(self, runtime, cookie, seen, monkeypatch):
        assert seen(cookie) == 200
        later = utcnow() + LIFETIME
        monkeypatch.setattr("playout.core.accounts.credentials.utcnow", lambda: later)
        assert seen(cookie) == 404

    def test_no_token_is_a_cookie_and_no_cookie_is_a_token(self, web, token, cookie, seen):
        assert seen(token) == 404
        for bad in (f"{cookie}x", cookie[:-1], "ses.v1.", ""):
            assert seen(bad) == 404
        answer = web.get("/api/v1/videos/", headers={"Authorization": f"Bearer {cookie}"})
        assert answer.status_code == 401

    def test_the_database_holds_no_text_of_it(self, runtime, cookie):
        with runtime.database.read_session() as session:
            rows = session.scalars(text("SELECT sessions::text FROM sessions")).all()
        assert rows
        assert not [row for row in rows if cookie in row or cookie.encode().hex() in row]


class TestForms:
    @pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "", "http://[", "http://testserver.evil.example"]
    )
    def test_a_form_of_another_site_is_refused(self, browser, token, path, origin):
        browser.cookies.set(COOKIE, token)
        answer = browser.post(path, data={"token": token}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    def test_too_many_attempts_are_refused(self, browser):
        for _ in range(ATTEMPTS_A_MINUTE):
            assert browser.post("/sign-in", data={"token": "x"}).status_code == 403
        answer = browser.post("/sign-in", data={"token": "x"})
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0

    def test_a_right_token_gets_in_however_many_wrong_ones_came(self, browser, token):
        for _ in range(ATTEMPTS_A_MINUTE + 1):
            refused = browser.post("/sign-in", data={"token": "x"})
        assert refused.status_code == 429
        assert browser.post("/sign-in", data={"token": token}).status_code == 303

    def test_behind_a_trusted_proxy_nobody_waits_for_the_attempts_of_another(self, runtime):
        settings = runtime.settings.model_copy(
            update={"trusted_proxies": (ip_network("10.0.0.0/8"),)}
        )
        app = application(replace(runtime, settings=settings))
        browser = TestClient(app, follow_redirects=False, client=("10.0.0.1", 4711))

        def attempt(client: str) -> int:
            headers = {"Origin": HOME, "X-Forwarded-For": f"{secrets.randbits(24)}, {client}"}
            return browser.post("/sign-in", data={"token": "x"}, headers=headers).status_code

        for _ in range(ATTEMPTS_A_MINUTE):
            assert attempt("198.51.100.7") == 403
        assert attempt("198.51.100.7") == 429
        assert attempt("198.51.100.8") == 403

    @pytest.mark.parametrize("body", [b"\xff\x00&&==%", b"a&" * 4000, b"token=" + b"x" * 8000])
    def test_malformed_forms_are_refused(self, browser, body):
        assert browser.post("/sign-in", content=body).status_code == 403

    def test_a_form_that_is_too_large_is_refused(self, browser):
        assert browser.post("/sign-in", content=b"x" * 100_000).status_code == 413


class TestNextPage:
    @pytest.mark.parametrize("path", ["/", "/v/crossing", "/v/a?x=1#t", "/sign-in"])
    def test_a_path_of_this_site_is_kept(self, path):
        assert local_path(path) == path

    @pytest.mark.parametrize(
        "path",
        [
            *("", "v/a", "//evil.example", "https://evil.example", "/\\evil.example"),
            *("\\\\evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example"),
            *("javascript:alert(1)", "/v/a\r\nSet-Cookie: a=b"),
        ],
    )
    def test_other_paths_become_the_home_page(self, path):
        assert local_path(path) == "/"

    @pytest.mark.parametrize("came_from", ["https://evil.example/v/a", "http://[", "x"])
    def test_a_referrer_of_another_site_is_ignored(self, browser, came_from):
        page = Page(browser.get("/sign-in", headers={"Referer": came_from}).text)
        assert page.all("input", name="next", value="/")


def _on(runtime, settings: Settings) -> TestClient:
    """A browser on the same installation with other settings."""
    return TestClient(application(replace(runtime, settings=settings)), follow_redirects=False)
