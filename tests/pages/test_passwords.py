"""Passwords of watch pages, landing pages and players in frames."""

from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.kit.clock import utcnow
from playout.ticker import tick
from tests.helpers.tenants import bearer
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import BYTES
from tests.pages.helpers.taking_back import Stage

PASSWORD, SITE = "köder 12", "https://partner.example"


@pytest.fixture
def stage(web, runtime, tenant, tmp_path) -> Stage:
    return Stage(web, runtime, tenant, tmp_path, Landing(web, tenant.headers))


@pytest.fixture
def visitor(web):
    """Returns a browser without a cookie."""
    return lambda: TestClient(web.app, raise_server_exceptions=False, follow_redirects=True)


@pytest.fixture
def video(stage):
    """A public video with a password."""
    video = stage.enter(title="Not for everybody", visibility="public", password=PASSWORD)
    stage.publish(video)
    return stage.call("get", video).json()


@pytest.fixture
def share(stage):
    """A landing page with a password, which shows a draft."""
    stage.enter()
    return stage.landing.put("DEV", password=PASSWORD)


def enter(browser: TestClient, path: str, password: str = PASSWORD):
    return browser.post(path, data={"password": password}, headers={"Origin": "http://testserver"})


def source(html: str) -> str:
    found = Page(html).film()
    return unescape(found["src"] or "")


def pages_of(video) -> list[str]:
    path = urlsplit(video["custom_url"]).path
    return [path, f"/embed{path}"]


class TestVideo:
    def test_it_plays_for_who_enters_the_password(self, video, visitor):
        for path in pages_of(video):
            browser = visitor()
            asked = browser.get(path)
            assert (asked.status_code, asked.headers["cache-control"]) == (200, "private, no-store")
            assert video["title"] not in asked.text
            assert "<source" not in asked.text
            assert enter(browser, path, "wrong").status_code == 403
            shown = enter(browser, path)
            assert shown.headers["cache-control"] == "private, no-store"
            assert browser.get(source(shown.text)).content == BYTES
            assert "<source" in browser.get(path).text
            assert "<source" not in visitor().get(path).text

    def test_its_files_are_not_there_without_the_grant(self, video, visitor):
        browser, path = visitor(), pages_of(video)[0]
        address = source(enter(browser, path).text)
        assert browser.get(address).status_code == 200
        assert browser.get(urlsplit(address).path).status_code == 404

    def test_it_is_in_no_list_and_no_preview(self, web, video, tenant):
        allow_sites(web, tenant, SITE)
        for path in ("/", "/feed.xml", "/sitemap.xml", "/v1/publications/feed"):
            assert video["title"] not in web.get(path).text
        assert web.get("/oembed", params={"url": video["custom_url"]}).status_code == 404
        assert "og:video" not in web.get(pages_of(video)[0]).text

    def test_members_need_none(self, web, video, tenant):
        headers = bearer(tenant.keys[Role.VIEWER])
        page = web.get(pages_of(video)[0], headers=headers)
        assert web.get(source(page.text)).content == BYTES

    def test_a_member_of_others_enters_it_as_everybody(self, video, visitor, other_tenant):
        headers = bearer(other_tenant.keys[Role.VIEWER])
        for path in pages_of(video):
            browser = visitor()
            browser.headers.update(headers)
            assert "<source" not in browser.get(path).text
            assert browser.get(source(enter(browser, path).text)).content == BYTES

    def test_another_password_ends_what_the_old_one_opened(self, stage, video, visitor):
        browser, path = visitor(), pages_of(video)[0]
        address = source(enter(browser, path).text)
        stage.call("patch", video, json={"password": PASSWORD})
        assert browser.get(address).status_code == 200, "the same one ends nothing"
        stage.call("patch", video, json={"password": "another"})
        assert browser.get(address).status_code == 404
        assert "<source" not in browser.get(path).text
        assert "<source" in enter(browser, path, "another").text

    def test_without_it_the_video_is_open_again(self, web, stage, video):
        assert video["has_password"] is True
        assert "password" not in video
        open_again = stage.call("patch", video, json={"password": None}).json()
        assert open_again["has_password"] is False
        assert web.get(source(web.get(pages_of(video)[0]).text)).content == BYTES
        assert video["title"] in web.get("/").text

    def test_a_put_without_one_keeps_it(self, stage, video):
        body = {"title": "Renamed", "workspace": video["workspace"]}
        assert stage.call("put", video, json=body).json()["has_password"] is True

    def test_guesses_are_limited_for_that_thing_alone(self, stage, video, visitor):
        browser, path = visitor(), pages_of(video)[0]
        # Twice as many and one: a new minute may begin among them.
        answers = [enter(browser, path, f"guess {number}").status_code for number in range(21)]
        assert answers[0] == 403
        assert 429 in answers
        other = stage.enter(visibility="public", password="other")
        stage.publish(other)
        page = pages_of(stage.call("get", other).json())[0]
        assert "<source" in enter(browser, page, "other").text

    def test_a_form_of_another_site_is_refused(self, video, visitor):
        answer = visitor().post(
            pages_of(video)[0], data={"password": PASSWORD}, headers={"Origin": SITE}
        )
        assert answer.status_code == 403

    def test_the_ledger_has_no_password(self, stage, runtime, video):
        with runtime.database.read_session() as session:
            rows = session.query(Entry).filter(Entry.subject_id == video["uid"]).all()
            assert PASSWORD not in str([each.changes for each in rows])
            assert "argon2" not in str([each.changes for each in rows])

    def test_the_frame_may_be_shown_where_the_player_may(self, web, tenant, video):
        allow_sites(web, tenant, SITE)
        policy = web.get(pages_of(video)[1]).headers["content-security-policy"]
        assert f"frame-ancestors 'self' {SITE}" in policy


class TestShare:
    def test_it_plays_for_who_enters_the_password(self, share, visitor):
        assert share["hasPassword"] is True
        for path in (f"/s/{share['slug']}", f"/embed/s/{share['slug']}"):
            browser = visitor()
            assert share["publicTitle"] not in browser.get(path).text
            shown = enter(browser, path)
            assert browser.get(source(shown.text)).content == BYTES

    def test_another_password_ends_what_the_old_one_opened(self, stage, share, visitor):
        browser, path = visitor(), f"/s/{share['slug']}"
        address = source(enter(browser, path).text)
        stage.landing.put("DEV", publicTitle="Another")
        assert browser.get(address).status_code == 200, "a put without a password keeps it"
        stage.landing.put("DEV", password="another")
        assert browser.get(address).status_code == 404
        assert "<source" not in browser.get(path).text

    def test_its_button_leads_on_who_entered_it_alone(self, share, visitor):
        path = f"/s/{share['slug']}"
        browser = visitor()
        browser.follow_redirects = False
        asked = browser.get(f"{path}/go")
        assert (asked.status_code, asked.headers["location"]) == (303, path)
        enter(browser, path)
        led = browser.get(f"{path}/go")
        assert (led.status_code, led.headers["location"]) == (302, share["ctaUrl"])

    def test_without_it_the_page_is_open_again(self, stage, share, web):
        assert stage.landing.put("DEV", password=None)["hasPassword"] is False
        assert web.get(source(web.get(f"/s/{share['slug']}").text)).content == BYTES


class TestTimes:
    def test_a_page_shows_from_its_time_to_its_end(self, web, stage, runtime):
        stage.enter()
        begin = utcnow() + timedelta(seconds=1.5)
        share = stage.landing.put("DEV", publishAt=begin.isoformat())
        assert (share["publishAt"] is not None, share["status"]) == (True, "Enabled")
        path = f"/s/{share['slug']}"

        def wait_for(status: int, at: datetime) -> str:
            """Return the page at its edge: not before that, and at the first look after it."""
            while True:
                before = utcnow()
                tick(runtime.work)
                page, after = web.get(path), utcnow()
                assert after >= at or page.status_code != status
                if before >= at:
                    assert page.status_code == status
                    return page.text

        address = source(wait_for(200, begin))
        end = utcnow() + timedelta(seconds=1.5)
        stage.landing.put("DEV", publishAt=begin.isoformat(), expiresAt=end.isoformat())
        assert web.get(address).status_code == 200 or utcnow() >= end
        wait_for(404, end)
        assert web.get(address).status_code == 404
        assert events(runtime, share) == ["share.published", "share.expired"]

    def test_the_events_come_once_also_after_a_downtime(self, stage, runtime):
        end = utcnow() + timedelta(seconds=1.5)
        share = stage.landing.put("DEV", expiresAt=end.isoformat())
        while utcnow() < end:
            pass
        tick(runtime.work)
        tick(runtime.work)
        assert events(runtime, share) == ["share.expired"]
        stage.landing.put("DEV", expiresAt=end.isoformat(), publicTitle="Over all the same")
        tick(runtime.work)
        assert events(runtime, share) == ["share.expired"]

    @pytest.mark.parametrize(
        "times",
        [
            {"expiresAt": "2020-01-01T00:00:00Z"},
            {"publishAt": "2097-01-01T00:00:00Z", "expiresAt": "2096-01-01T00:00:00Z"},
        ],
    )
    def test_an_end_that_cannot_be_is_refused(self, web, stage, times):
        share = stage.landing.put("DEV")
        path = f"/api/Projects/{share['projectId']}/public-video-shares/DEV"
        body = {"publicTitle": "Your offer"} | times
        answer = web.put(path, json=body, headers=stage.landing.headers)
        assert answer.status_code == 400
        assert "expires" in answer.text.lower()


def events(runtime, share) -> list[str]:
    with runtime.database.read_session() as session:
        subject = f"{share['projectId']}/{share['channel']}"
        rows = session.query(Entry).filter(Entry.subject_id == subject).order_by(Entry.id)
        return [each.event for each in rows if each.event in {"share.published", "share.expired"}]
