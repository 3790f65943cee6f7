"""The content of the pages, and that texts of users stay text."""

from dataclasses import replace

import pytest

from playout.pages import render
from tests.pages.helpers import examples
from tests.pages.helpers.reader import Page


def every_page() -> dict[str, str]:
    return {
        "gallery": render.render_gallery(examples.GALLERY),
        "empty": render.render_gallery(replace(examples.GALLERY, cards=())),
        "past the end": render.render_gallery(replace(examples.GALLERY, cards=(), first_url="/")),
        "watch": render.render_watch(examples.WATCH),
        "notice": render.render_notice(examples.NOTICE),
    }


def saying(text: str) -> tuple[str, str, str]:
    return (
        render.render_gallery(examples.hostile_gallery(text)),
        render.render_watch(examples.hostile_watch(text)),
        render.render_notice(examples.hostile_notice(text)),
    )


class TestEveryPage:
    @pytest.mark.parametrize("name", every_page())
    def test_it_has_a_language_one_heading_landmarks_and_a_skip_link(self, name: str) -> None:
        page = Page(every_page()[name])
        assert page.all("html", lang="en")
        assert len(page.all("h1")) == 1
        assert [len(page.all(tag)) for tag in ("main", "footer")] == [1, 1]
        assert page.all("header", **{"class": "masthead"})
        assert page.all("a", href="#content")
        assert page.all("main", id="content")

    @pytest.mark.parametrize("name", every_page())
    def test_it_has_no_inline_script_and_no_inline_style(self, name: str) -> None:
        page = Page(every_page()[name])
        inline = [attrs for attrs in page.all("script") if "src" not in attrs]
        assert {attrs.get("type") for attrs in inline} <= {"application/ld+json"}
        assert not page.all("style")
        names = {attr for _, attrs in page.elements for attr in attrs}
        assert not {attr for attr in names if attr == "style" or attr.startswith("on")}

    @pytest.mark.parametrize("name", every_page())
    def test_every_picture_has_an_alternative_text_or_is_decoration(self, name: str) -> None:
        page = Page(every_page()[name])
        assert all("alt" in attrs for attrs in page.all("img"))
        assert all(attrs.get("aria-hidden") == "true" for attrs in page.all("svg"))

    @pytest.mark.parametrize("text", examples.HOSTILE)
    def test_hostile_text_stays_text(self, text: str) -> None:
        for plain, hostile in zip(saying("Plain."), saying(text), strict=True):
            expected, got = Page(plain), Page(hostile)
            assert [name for name, _ in got.elements] == [name for name, _ in expected.elements]
            assert text.partition("\u2028")[0] in got.texts["title"]


class TestGallery:
    def test_it_links_title_creator_date_and_length_of_each_video(self) -> None:
        html = render.render_gallery(replace(examples.GALLERY, cards=(examples.CARD,)))
        page = Page(html)
        assert page.all("a", href="/v/crossing")
        assert page.texts["bdi"] == "Nordlys Film"
        assert page.all("time", datetime="2026-03-05T09:30:00Z")
        assert "5 March 2026" in html
        assert "1:05" in html

    def test_a_video_without_poster_length_creator_or_size_still_has_a_card(self) -> None:
        card = replace(examples.CARD, poster_url=None, duration_ms=None, creator=None, aspect=None)
        page = Page(render.render_gallery(replace(examples.GALLERY, cards=(card,))))
        assert page.all("a", href="/v/crossing")
        assert not page.all("img")
        assert page.all("div", **{"class": "poster-blank"})

    def test_an_upright_poster_is_shown_whole_in_front_of_its_blur(self) -> None:
        card = replace(examples.CARD, aspect=(1080, 1920))
        page = Page(render.render_gallery(replace(examples.GALLERY, cards=(card,))))
        assert len(page.all("img", src="/poster.svg")) == 2

    def test_the_first_page_links_to_older_videos_only(self) -> None:
        page = Page(render.render_gallery(replace(examples.GALLERY, next_url="/?before=9")))
        assert page.all("a", href="/?before=9", rel="next")
        assert page.all("link", href="/?before=9", rel="next")
        assert page.all("link", rel="canonical", href=f"{examples.SITE}/")
        assert "Newest" not in page.texts.get("a", "")

    def test_a_later_page_links_back_and_has_another_heading(self) -> None:
        page = Page(render.render_gallery(replace(examples.GALLERY, first_url="/", cursor="9-a")))
        assert page.all("a", href="/", **{"class": "brand"})
        assert page.all("link", rel="canonical", href=f"{examples.SITE}/?before=9-a")

    def test_a_single_page_has_no_pager(self) -> None:
        assert not Page(render.render_gallery(examples.GALLERY)).all("nav", **{"class": "pager"})

    def test_an_empty_site_tells_visitors_nothing_about_commands(self) -> None:
        html = render.render_gallery(replace(examples.GALLERY, cards=()))
        assert "Published videos will appear on this page." in html
        assert "<code" not in html
        assert "playout publish" not in html


class TestNotice:
    def test_it_says_why_links_to_the_gallery_and_is_not_indexed(self) -> None:
        html = render.render_notice(examples.NOTICE)
        page = Page(html)
        assert page.texts["h1"] == "This video isn’t here"
        assert "404" in html
        assert page.all("a", href="/", **{"class": "button"})
        assert page.meta("robots") == ["noindex"]
