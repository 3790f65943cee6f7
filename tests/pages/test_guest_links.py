"""Guest links open one video for whoever has the address, and end alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from playout.kit.clock import rfc3339, utcnow
from playout.web import application
from tests.helpers.live import until
from tests.pages.helpers.reader import Page
from tests.pages.helpers.stored_video import BYTES, store

FILE = re.compile(r"/media/[^\"]+/video\.mp4[^\"]*")


@pytest.fixture
def video(web, runtime, tenant, tmp_path):
    """A private video that is published and plays."""
    body = {"title": "Board film", "workspace": tenant.project_id, "visibility": "private"}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    store(runtime, UUID(made["uid"]), tmp_path / "file")
    path = f"/api/v1/videos/{made['id']}/publish/"
    assert web.post(path, headers=tenant.headers).status_code == 200
    return made


@pytest.fixture
def link(web, tenant, video):
    """Create a guest link to the video; return its JSON."""

    def create(**fields: object) -> dict[str, object]:
        body = {"name": "Ada at the agency"} | fields
        path = f"/api/v1/videos/{video['id']}/links/"
        answer = web.post(path, json=body, headers=tenant.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return create


@pytest.fixture
def own(web, tenant, video):
    """Call the route of one link."""

    def call(method: str, made: dict[str, object], **options: object):
        path = f"/api/v1/videos/{video['id']}/links/{made['id']}/"
        return web.request(method, path, headers=tenant.headers, **options)

    return call


@pytest.fixture
def visitor(runtime):
    """A browser without a session; each call makes another one."""
    app = application(runtime)
    return lambda: TestClient(app, raise_server_exceptions=False)


def file_of(page) -> str:
    """Return the address of the MP4 in the page of a link."""
    assert page.status_code == 200, page.text
    return FILE.search(page.text)[0].replace("&amp;", "&")


def enter(browser: TestClient, url: str, password: str):
    return browser.post(url, data={"password": password}, headers={"Origin": "http://testserver"})


class TestOpening:
    def test_it_plays_a_private_video_for_somebody_unknown(self, link, visitor):
        browser = visitor()
        page = browser.get(link()["url"])
        assert Page(page.text).texts["h1"] == "Board film"
        assert Page(page.text).meta("robots") == ["noindex"]
        assert page.headers["cache-control"] == "private, no-store"
        assert browser.get(file_of(page)).content == BYTES

    @pytest.mark.parametrize("slug", ["0" * 32, "x", "0" * 31, "%00"])
    def test_an_unknown_address_is_404(self, visitor, slug):
        assert visitor().get(f"/l/{slug}").status_code == 404

    def test_a_draft_is_not_shown(self, web, tenant, video, link, visitor):
        made = link()
        web.delete(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)
        page = visitor().get(made["url"])
        assert page.status_code == 404
        assert "not published" in page.text


class TestEnding:
    def test_each_is_revoked_alone_and_at_once(self, link, own, visitor):
        first, second = link(), link()
        browser = visitor()
        files = [file_of(browser.get(each["url"])) for each in (first, second)]
        assert own("DELETE", first).status_code == 204
        assert [browser.get(each).status_code for each in files] == [404, 200]
        assert browser.get(first["url"]).status_code == 404
        assert browser.get(second["url"]).status_code == 200
        assert own("GET", first).json()["state"] == "revoked"

    def test_it_expires_with_the_files_that_it_gave(self, link, own, visitor):
        made = link(expires_at=rfc3339(utcnow() + timedelta(seconds=1.5), "milliseconds"))
        browser = visitor()
        file = file_of(browser.get(made["url"]))
        assert browser.get(file).status_code == 200
        until(lambda: browser.get(file).status_code == 404, 5, "the end of the link")
        assert utcnow().isoformat() >= made["expires_at"].replace("Z", "")
        assert browser.get(made["url"]).status_code == 404
        assert own("GET", made).json()["state"] == "expired"

    def test_it_cannot_expire_in_the_past(self, web, tenant, video):
        body = {"name": "Late", "expires_at": "2020-01-01T00:00:00Z"}
        path = f"/api/v1/videos/{video['id']}/links/"
        answer = web.post(path, json=body, headers=tenant.headers)
        assert answer.status_code == 400
        assert "expires_at" in answer.text

    def test_a_revoked_one_stays_revoked(self, link, own):
        made = link()
        own("DELETE", made)
        assert own("PATCH", made, json={"name": "Again"}).status_code == 409
        assert own("DELETE", made).status_code == 204


class TestCounting:
    def test_a_visitor_is_counted_once(self, link, own, visitor):
        made = link()
        browsers = [visitor() for _ in range(3)]
        for _ in range(2):
            for each in browsers:
                assert each.get(made["url"]).status_code == 200
        visitor().head(made["url"])
        assert own("GET", made).json()["views"] == 3

    def test_who_only_looks_at_the_address_uses_no_view_up(self, link, own, visitor):
        made = link(max_views=1)
        preview = visitor().get(made["url"])
        assert (preview.status_code, FILE.search(preview.text)) == (200, None)
        assert own("GET", made).json()["views"] == 0
        assert FILE.search(enter(visitor(), made["url"], "").text)

    def test_no_more_visitors_than_allowed_come_in_even_at_once(self, link, own, visitor):
        made = link(max_views=3)
        browsers = [visitor() for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            pages = list(threads.map(lambda browser: enter(browser, made["url"], ""), browsers))
        assert sorted(page.status_code for page in pages) == [200] * 3 + [404] * 5
        assert own("GET", made).json() | {"views": 3, "state": "used_up"} == own("GET", made).json()
        let_in = browsers[[page.status_code for page in pages].index(200)]
        assert let_in.get(let_in.get(made["url"]).url).status_code == 200
        assert let_in.get(file_of(let_in.get(made["url"]))).status_code == 200


class TestPassword:
    def test_it_is_asked_for_once(self, link, own, visitor):
        made, browser = link(password="köder 12"), visitor()
        page = browser.get(made["url"])
        assert (page.status_code, FILE.search(page.text)) == (200, None)
        assert enter(browser, made["url"], "wrong").status_code == 403
        page = enter(browser, made["url"], "köder 12")
        assert browser.get(file_of(page)).content == BYTES
        assert FILE.search(browser.get(made["url"]).text)
        assert own("GET", made).json()["views"] == 1

    def test_the_cookie_of_one_opens_no_other(self, link, visitor):
        first, second = link(password="one"), link(password="two")
        browser = visitor()
        enter(browser, first["url"], "one")
        assert FILE.search(browser.get(first["url"]).text)
        assert not FILE.search(browser.get(second["url"]).text)

    def test_another_password_ends_what_the_old_one_opened(self, link, own, visitor):
        made, browser = link(password="one"), visitor()
        file = file_of(enter(browser, made["url"], "one"))
        assert own("PATCH", made, json={"password": "two"}).status_code == 200
        assert browser.get(file).status_code == 404
        assert not FILE.search(browser.get(made["url"]).text)
        assert browser.get(file_of(enter(browser, made["url"], "two"))).content == BYTES

    def test_guessing_is_limited_and_others_get_in_meanwhile(self, runtime, link, visitor):
        made, browser = link(password="one"), visitor()
        answers = []
        # Twice as many and one: a new minute may begin among them.
        while len(answers) < 21 and (not answers or answers[-1].status_code == 403):
            answers.append(enter(browser, made["url"], f"guess {len(answers)}"))
        assert answers[-1].status_code == 429
        assert len(answers) > 10
        assert int(answers[-1].headers["retry-after"]) > 0
        # A right one is refused as well: otherwise the limit would end no guessing.
        assert enter(browser, made["url"], "one").status_code == 429
        elsewhere = TestClient(application(runtime), client=("198.51.100.7", 1))
        assert FILE.search(enter(elsewhere, made["url"], "one").text)

    def test_a_form_of_another_site_is_refused(self, link, visitor):
        made = link(password="one")
        answer = visitor().post(
            made["url"], data={"password": "one"}, headers={"Origin": "https://evil.example"}
        )
        assert answer.status_code == 403

    def test_nothing_keeps_it_in_the_clear(self, runtime, tenant, link, own):
        made = link(password="in-the-clear")
        own("PATCH", made, json={"password": "still-clear"})
        with runtime.database.read_session() as session:
            tables = ("guest_links", "ledger", "kept_answers")
            for table in tables:
                rows = session.scalars(text(f"SELECT t::text FROM {table} t"))
                found = [row for row in rows if "-clear" in row]
                assert not found, table
            slug = made["url"].rpartition("/")[2]
            rows = session.scalars(text("SELECT t::text FROM ledger t"))
            assert not [row for row in rows if slug in row]


class TestList:
    def test_it_has_every_link_newest_first(self, web, tenant, video, link, own):
        made = [link(name=f"Guest {each}") for each in range(3)]
        own("DELETE", made[0])
        path = f"/api/v1/videos/{video['id']}/links/"
        listed = web.get(path, headers=tenant.headers).json()
        assert listed["count"] == 3
        assert [each["name"] for each in listed["results"]] == ["Guest 2", "Guest 1", "Guest 0"]
        assert [each["state"] for each in listed["results"]] == ["active", "active", "revoked"]
        assert "password" not in listed["results"][0]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": ""},
            {"name": "x" * 161},
            {"name": "A", "max_views": 0},
            {"name": "A", "password": ""},
            {"name": "A", "expires_at": "tomorrow"},
        ],
    )
    def test_what_is_wrong_is_refused_with_a_reason(self, web, tenant, video, body):
        path = f"/api/v1/videos/{video['id']}/links/"
        assert web.post(path, json=body, headers=tenant.headers).status_code == 400
