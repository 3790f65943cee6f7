"""The landing page of a share: its content and its video."""

from urllib.parse import urlsplit

import pytest

from playout.pages.landing.views import ShareView
from playout.pages.messages import messages
from playout.pages.render import render_share
from tests.pages.helpers import examples
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import OFFER, Landing


@pytest.fixture
def landing(web, tenant) -> Landing:
    return Landing(web, tenant.headers)


def external(name: str) -> str:
    return f"https://cdn.example.com/{name}.mp4"


class TestContent:
    def test_title_subtitle_and_call_to_action_in_their_language(self, web, landing, make_video):
        make_video()
        url = landing.put()["publicUrl"]
        answer = web.get(url)
        page = Page(answer.text)
        assert page.texts["h1"] == "Your offer"
        assert page.all("html", lang="es-CL", dir="ltr")
        assert page.all("h1", lang="es-CL")
        assert "Prepared for you" in answer.text
        go = f"{urlsplit(url).path}/go"
        assert page.all("a", href=go, rel="nofollow ugc noopener noreferrer")
        led = web.get(go, follow_redirects=False)
        assert (led.status_code, led.headers["location"]) == (302, OFFER["ctaUrl"])
        assert "Apply now" in answer.text

    def test_it_is_neither_indexed_nor_cached_without_revalidation(self, web, landing, make_video):
        make_video()
        answer = web.get(landing.put()["publicUrl"])
        assert Page(answer.text).meta("robots") == ["noindex"]
        assert answer.headers["cache-control"] == "no-cache"
        known = {"If-None-Match": answer.headers["etag"]}
        assert web.get(answer.url, headers=known).status_code == 304

    def test_it_contains_no_personal_data(self, web, landing, make_video):
        make_video()
        share = landing.put(personalizationData={"name": "Florentina"})
        assert "Florentina" not in web.get(share["publicUrl"]).text

    def test_a_change_of_the_share_shows_at_once(self, web, landing, make_video):
        make_video()
        share = landing.put()
        web.get(share["publicUrl"])
        landing.put(publicTitle="A better offer")
        assert "A better offer" in web.get(share["publicUrl"]).text

    @pytest.mark.parametrize("text", examples.HOSTILE)
    def test_hostile_text_stays_text(self, text):
        def view(text: str) -> ShareView:
            return ShareView(
                brand=examples.brand(text),
                messages=messages("en"),
                base_url=examples.SITE,
                url=f"{examples.SITE}/s/0",
                title=text,
                subtitle=text,
                language="en",
                cta_label=text,
                cta_url="https://example.com/",
                width=None,
                height=None,
                poster_url=None,
                video_url=external("a"),
                video_type="video/mp4",
            )

        expected, got = Page(render_share(view("Plain."))), Page(render_share(view(text)))
        assert [name for name, _ in got.elements] == [name for name, _ in expected.elements]
        names = {attr for _, attrs in got.elements for attr in attrs}
        assert not {attr for attr in names if attr == "style" or attr.startswith("on")}


class TestVideo:
    def test_dev_and_staging_play_the_newest_completed_video_and_prod_the_newest_published_one(
        self, web, landing, make_video, tenant
    ):
        first, second = (make_video(external_url=external(name)) for name in ("first", "second"))
        shares = {channel: landing.put(channel) for channel in ("DEV", "STAGING", "PROD")}
        assert (
            landing.source(shares["DEV"]) == landing.source(shares["STAGING"]) == external("second")
        )
        assert web.get(shares["PROD"]["publicUrl"]).status_code == 404
        for video in (second, first):
            path = f"/api/v1/videos/{video['id']}/publish/"
            web.post(path, json={"visibility": "public"}, headers=tenant.headers)
        assert landing.source(shares["PROD"]) == external("first")
        web.delete(f"/api/v1/videos/{first['id']}/publish/", headers=tenant.headers)
        assert landing.source(shares["PROD"]) == external("second")

    def test_a_newer_video_is_played_at_once(self, web, landing, make_video):
        make_video(external_url=external("older"))
        share = landing.put()
        assert landing.source(share) == external("older")
        make_video(external_url=external("newer"))
        assert landing.source(share) == external("newer")

    def test_a_moved_or_deleted_video_is_no_longer_played(self, web, landing, make_video, tenant):
        _, second, third = (make_video(external_url=external(name)) for name in "abc")
        share = landing.put()
        assert landing.source(share) == external("c")
        web.delete(f"/api/v1/videos/{third['id']}/", headers=tenant.headers)
        assert landing.source(share) == external("b")
        web.post("/api/Projects", json={"name": "Elsewhere"}, headers=tenant.headers)
        workspaces = web.get("/api/v1/workspaces/", headers=tenant.headers).json()["results"]
        body = {"workspace": max(each["id"] for each in workspaces)}
        moved = web.patch(f"/api/v1/videos/{second['id']}/", json=body, headers=tenant.headers)
        assert moved.status_code == 200, moved.text
        assert landing.source(share) == external("a")

    def test_a_pinned_video_is_played_in_prod_only_while_it_is_published(
        self, web, landing, make_video, tenant
    ):
        pinned = make_video(external_url=external("pinned"))
        make_video(external_url=external("newer"))
        dev, prod = (landing.put(channel, videoId=pinned["uid"]) for channel in ("DEV", "PROD"))
        assert landing.source(dev) == external("pinned")
        assert web.get(prod["publicUrl"]).status_code == 404
        web.post(f"/api/v1/videos/{pinned['id']}/publish/", headers=tenant.headers)
        assert landing.source(prod) == external("pinned")

    def test_without_a_video_there_is_a_notice(self, web, landing):
        answer = web.get(landing.put()["publicUrl"])
        assert answer.status_code == 404
        assert "Esta página está en pausa" in answer.text


class TestFirstView:
    def test_all_but_the_player_and_its_picture_takes_less_than_50_kb(
        self, web, tenant, landing, make_video
    ):
        make_video()
        brand = {"name": "Corvanta", "footer": "Quay 4", "consent": "May we count?"}
        path = f"/api/v1/workspaces/{tenant.project_id}/brand/"
        assert web.patch(path, json=brand, headers=tenant.headers).status_code == 200
        page = web.get(landing.put()["publicUrl"])
        found = Page(page.text)
        links = [each["href"] for each in found.all("link", rel="stylesheet")]
        scripts = [each["src"] for each in found.all("script")]
        files = [each for each in [*links, *scripts] if "/player-" not in each]
        assert len(files) < len([*links, *scripts])
        sizes = [int(web.get(each).headers["content-length"]) for each in (page.url, *files)]
        assert sum(sizes) < 50_000, dict(zip((page.url, *files), sizes, strict=True))


class TestOldAddress:
    def test_it_says_in_the_language_of_the_visitor_that_the_page_may_have_moved(
        self, web, landing, make_video
    ):
        make_video()
        share = landing.put()
        landing.act(share, "rotate-slug")
        for url in (share["publicUrl"], f"{share['publicUrl']}/xyz", f"/s/{'0' * 32}"):
            german = web.get(url, headers={"Accept": "text/html", "Accept-Language": "de-AT"})
            assert german.status_code == 404
            page = Page(german.text)
            assert page.texts["h1"] == "Diese Seite ist nicht hier"
            assert page.all("html", lang="de")
            assert "Alle Videos" not in german.text
            assert "Accept-Language, Accept" in german.headers["vary"]
