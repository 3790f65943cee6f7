"""The pages of recipients, and what they tell of who has opened them."""

import html
import json

import pytest
from sqlalchemy import text

from tests.api.helpers.recipients import Recipients, recipients_of
from tests.api.helpers.renders import SECRET
from tests.helpers.live import until
from tests.pages.test_beacons import BROWSER, COUNTING, VIEW


@pytest.fixture
def recipients(web, tenant, make_video) -> Recipients:
    return recipients_of(web, tenant, make_video())


class TestPage:
    def test_no_cache_and_no_other_site_learns_of_it(self, recipients):
        page = recipients.page(recipients.invite(name=SECRET))
        assert page.headers["cache-control"] == "private, no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "etag" not in page.headers
        assert "Zaphod" not in page.text

    def test_what_holds_for_the_share_holds_for_its_recipients(self, web, tenant, recipients):
        one = recipients.invite(name="Ana")
        code = one["url"].rpartition("/")[2]
        disabled = web.post(f"{recipients.share}/disable", headers=tenant.headers).json()
        assert "resting" in recipients.page(one).text
        assert recipients.page(one).status_code == 404
        web.post(f"{recipients.share}/restore", headers=tenant.headers)
        assert web.get(f"/s/{disabled['slug']}/{'0' * 32}").status_code == 404
        assert web.get(f"/s/{disabled['slug']}/x").status_code == 404
        assert web.get(f"/s/{'0' * 32}/{code}").status_code == 404
        web.post(f"{recipients.share}/rotate-slug", headers=tenant.headers)
        assert recipients.page(one).status_code == 404
        (moved,) = recipients.list()
        assert recipients.page(moved).status_code == 200
        assert moved["posterUrl"] != one["posterUrl"]
        assert (moved["posterUrl"] is None) == (one["posterUrl"] is None)

    def test_the_log_has_no_address_that_opens_a_film(self, web, recipients, capsys):
        one = recipients.invite(name="Ana")
        code = one["url"].rpartition("/")[2]
        capsys.readouterr()
        recipients.page(one)
        web.get(f"/films/{code}/preview.gif")
        said = capsys.readouterr().out
        assert "path=/s/{slug}/{code} " in said
        assert "path=/films/{slug}/preview.gif " in said
        assert code not in said

    def test_the_password_of_the_share_opens_it_and_the_button(self, web, recipients):
        one = recipients.invite(name="Ana")
        recipients.put_share(
            password="quiet harbour", ctaLabel="Go", ctaUrl="https://shop.example/offer"
        )
        path = one["url"].removeprefix("http://testserver")
        assert 'type="password"' in recipients.page(one).text
        assert recipients.list()[0]["posterUrl"] is None
        sent = {"data": {"password": "quiet harbour"}, "headers": {"Origin": "http://testserver"}}
        opened = web.post(path, **sent)
        assert 'type="password"' not in opened.text
        assert opened.headers["cache-control"] == "private, no-store"
        button = web.get(f"{path.rpartition('/')[0]}/go", follow_redirects=False)
        assert button.headers["location"] == "https://shop.example/offer"
        web.cookies.clear()


class TestState:
    def test_it_says_who_has_opened_and_watched(self, web, recipients, runtime):
        one, other = recipients.invite(name="Ana"), recipients.invite(name="Bea")
        told = json.loads(html.unescape(COUNTING.search(recipients.page(one).text)[1]))

        def send(kind, view):
            body = {"token": told["token"], "view": view, "events": [{"kind": kind}]}
            headers = {"User-Agent": BROWSER}
            assert web.post(told["to"], content=json.dumps(body), headers=headers).is_success

        def seen(state, views):
            found = recipients.get(f"/{one['id']}")
            return (found["state"], found["views"]) == (state, views)

        send("view", VIEW)
        until(lambda: seen("opened", 1), 10, "the view")
        send("view", VIEW[::-1])
        send("complete", VIEW)
        until(lambda: seen("watched", 2), 10, "the end")
        found = recipients.get(f"/{one['id']}")
        # Exact times would lead to the visitor among the events.
        assert all(found[name][14:19] == "00:00" for name in ("openedAt", "watchedAt"))
        assert recipients.get(f"/{other['id']}")["state"] == "invited"
        with runtime.database.read_session() as session:
            query = text("SELECT DISTINCT unnest(subjects) FROM analytics_events")
            assert not any(one["id"] in each for each in session.scalars(query))
