"""The pages in a real browser, under a strict content security policy."""

from dataclasses import replace

import pytest

from playout.pages import render
from tests.pages.helpers import examples
from tests.pages.helpers.browser import WINDOWS, Show, box, fits, resize

# A page is as wide as the widest word in it, and the direction is that of the first.
TEXTS = {
    "from left to right": " ".join(examples.HOSTILE),
    "from right to left": examples.HOSTILE[3],
}


class TestText:
    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    def test_no_text_makes_a_page_wider_than_the_window(self, show: Show, text: str) -> None:
        for html in (
            render.render_gallery(examples.hostile_gallery(text)),
            render.render_gallery(replace(examples.hostile_gallery(text), first_url=None)),
            render.render_watch(examples.hostile_watch(text)),
            render.render_watch(replace(examples.hostile_watch(text), width=9, height=16)),
            render.render_notice(examples.hostile_notice(text)),
        ):
            page = show(html)
            for window in WINDOWS:
                resize(page, window)
                assert fits(page)

    def test_the_title_of_a_video_is_shown_as_it_was_written(self, show: Show) -> None:
        page = show(render.render_watch(examples.hostile_watch(examples.HOSTILE[1])))
        assert page.locator("h1").inner_text() == examples.HOSTILE[1]

    def test_right_to_left_text_begins_on_the_right(self, show: Show) -> None:
        page = show(render.render_watch(examples.hostile_watch(examples.HOSTILE[3])))
        for selector in ("h1", ".prose p"):
            style = f"getComputedStyle(document.querySelector('{selector}')).direction"
            assert page.evaluate(style) == "rtl"

    def test_an_empty_gallery_fits_a_small_phone(self, show: Show) -> None:
        assert fits(show(render.render_gallery(replace(examples.GALLERY, cards=())), (320, 568)))


class TestKeyboard:
    def test_the_first_link_skips_the_header(self, show: Show) -> None:
        page = show(render.render_gallery(examples.GALLERY))
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to content"
        assert box(page, ".skip")["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"

    def test_the_card_that_has_the_focus_is_outlined(self, show: Show) -> None:
        page = show(render.render_gallery(examples.GALLERY))
        for _ in range(5):
            page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement, '::after').outlineStyle"
        assert page.evaluate(outline) == "solid"

    def test_the_whole_card_is_one_link(self, show: Show) -> None:
        page = show(render.render_gallery(examples.GALLERY))
        middle = box(page, ".card:nth-child(2) .poster")
        at = [middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2]
        page.evaluate("([x, y]) => window.scrollTo(0, y - 300)", at)
        at[1] -= page.evaluate("window.scrollY")
        hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", at)
        assert hit == "A"


class TestPreferences:
    def test_nothing_moves_with_reduced_motion(self, show: Show) -> None:
        page = show(render.render_gallery(examples.GALLERY))
        page.emulate_media(reduced_motion="reduce")
        page.hover(".card:nth-child(2)")
        style = "getComputedStyle(document.querySelector('.card:hover .poster-image'))"
        assert page.evaluate(f"{style}.transform") == "none"
        assert page.evaluate(f"{style}.transitionDuration") == "0s"

    @pytest.mark.parametrize(("scheme", "least", "most"), [("light", 200, 255), ("dark", 0, 50)])
    def test_the_page_follows_the_color_scheme(
        self, show: Show, scheme: str, least: int, most: int
    ) -> None:
        page = show(render.render_gallery(examples.GALLERY))
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"
        assert least <= int(page.evaluate(ground)) <= most
