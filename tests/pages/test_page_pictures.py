"""The pictures of the gallery and the tracks of the player, and when they are loaded."""

from dataclasses import replace

import pytest

from playout.pages import render
from playout.pages.views import CaptionTrack
from tests.pages.helpers import examples
from tests.pages.helpers.browser import Show
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing

SIZES = "/poster-640.{0} 640w, /poster.{0} 1280w"
CARD = replace(
    examples.CARD,
    poster_url="/poster-640.jpg",
    webp=SIZES.format("webp"),
    jpeg=SIZES.format("jpg"),
    preview_url="/preview.webp",
)
GALLERY = replace(examples.GALLERY, cards=(examples.CARD, CARD))
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nFour days, one hut.\n"


class TestCards:
    def test_a_poster_is_offered_in_sizes_and_formats(self) -> None:
        page = Page(render.render_gallery(GALLERY))
        (source,) = page.all("source", type="image/webp")
        assert source["srcset"] == CARD.webp
        (image,) = page.all("img", src="/poster-640.jpg")
        assert (image["srcset"], image["sizes"]) == (CARD.jpeg, source["sizes"])

    def test_a_poster_has_the_shape_of_its_video_before_it_is_loaded(self) -> None:
        images = Page(render.render_gallery(GALLERY)).all("img", width="1920", height="1080")
        assert len(images) == 3  # two posters, and the moving preview of one
        unknown = replace(GALLERY, cards=(replace(CARD, aspect=None),))
        assert all("width" not in each for each in Page(render.render_gallery(unknown)).all("img"))

    def test_the_first_poster_alone_is_loaded_before_others(self) -> None:
        images = Page(render.render_gallery(GALLERY)).all("img")
        assert [each.get("fetchpriority") for each in images][:2] == ["high", None]
        assert len([each for each in images if "fetchpriority" in each]) == 1

    def test_an_external_poster_has_one_size(self) -> None:
        page = Page(render.render_gallery(examples.GALLERY))
        assert not page.all("source")
        assert all("srcset" not in attrs for attrs in page.all("img"))

    @pytest.mark.parametrize("motion", ["no-preference", "reduce"])
    def test_a_preview_is_loaded_under_the_pointer_unless_motion_is_reduced(
        self, show: Show, motion: str
    ) -> None:
        page = show(render.render_gallery(GALLERY))
        page.emulate_media(reduced_motion="reduce" if motion == "reduce" else "no-preference")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.reload()
        preview = page.locator(".poster-preview")
        assert not preview.is_visible()
        page.hover(".card:nth-child(2)")
        assert preview.is_visible() is (motion != "reduce")
        page.mouse.move(0, 0)
        page.locator(".card:nth-child(2) a").focus()
        assert preview.is_visible() is (motion != "reduce")
        page.wait_for_timeout(100)
        assert ("preview.webp" in asked) is (motion != "reduce")


class TestPosterOfThePlayer:
    def test_is_loaded_first(self) -> None:
        page = Page(render.render_watch(examples.WATCH))
        (preload,) = page.all("link", rel="preload")
        (video,) = page.all("video")
        assert (preload["as"], preload["href"]) == ("image", video["poster"])

    def test_is_not_asked_for_where_there_is_none(self) -> None:
        page = Page(render.render_watch(replace(examples.WATCH, poster_url=None)))
        assert not page.all("link", rel="preload")


class TestTracks:
    @pytest.mark.parametrize("label", ["Deutsch", *examples.HOSTILE])
    def test_captions_and_storyboard_are_in_the_page_for_any_player(self, label: str) -> None:
        track = CaptionTrack(url="/c.vtt", language="de", label=label, default=True)
        other = CaptionTrack(url="/d.vtt", language="en", label="English", default=False)
        view = replace(examples.WATCH, captions=(track, other), storyboard_url="/s.vtt")
        shown, plain, board = Page(render.render_watch(view)).all("track")
        assert {**shown, "default": ""} == {
            "kind": "captions",
            "src": "/c.vtt",
            "srclang": "de",
            "label": label,
            "default": "",
        }
        assert "default" not in plain
        assert (board["kind"], board["label"], board["src"]) == ("metadata", "thumbnails", "/s.vtt")

    def test_a_share_has_them_until_it_is_disabled(self, web, tenant, make_video) -> None:
        video, landing = make_video(), Landing(web, tenant.headers)
        path = f"/api/v1/videos/{video['id']}/captions/en/"
        share = landing.put()
        assert not Page(web.get(share["publicUrl"]).text).all("track")
        assert web.put(path, content=SRT, headers=tenant.headers).status_code == 200
        (track,) = Page(web.get(share["publicUrl"]).text).all("track")
        assert "one hut" in web.get(track["src"]).text
        assert web.get(track["src"].partition("?")[0]).status_code == 404
        landing.act(share, "disable")
        assert web.get(track["src"]).status_code == 404
