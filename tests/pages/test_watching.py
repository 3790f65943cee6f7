"""The watch page in a browser: keys, sharing, the transcript, and the settings on a phone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from playout.pages import render
from playout.pages.messages import messages
from playout.pages.views import CaptionTrack, Chapter
from tests.pages.helpers import examples
from tests.pages.helpers.browser import PHONE, box, fits
from tests.pages.helpers.player_site import Site, until
from tests.pages.helpers.player_tab import Viewer, watching

pytestmark = pytest.mark.slow


@pytest.fixture
def viewer(player_site: Site, tab: Page) -> Iterator[Viewer]:
    captions = tuple(
        CaptionTrack(url=player_site.media("captions.vtt"), language=tag, label=name, default=False)
        for tag, name in (("en", "English"), ("de", "Deutsch"))
    )
    view = replace(
        examples.WATCH,
        width=640,
        height=360,
        poster_url=player_site.media("poster.jpg"),
        video_url=player_site.media("clip.mp4"),
        captions=captions,
        chapters=(Chapter(start=0, title="Start"), Chapter(start=6, title="Rock & Ice")),
    )
    player_site.html = render.render_watch(view)
    with watching(player_site, tab) as viewer:
        yield viewer


def is_at(viewer: Viewer, seconds: float) -> None:
    until(lambda: abs(viewer.video("currentTime") - seconds) < 0.5)


class TestKeys:
    def test_space_digits_and_arrows_work_without_focus(self, viewer: Viewer) -> None:
        viewer.open()
        press = viewer.page.keyboard.press
        press("5")
        is_at(viewer, 6)
        press("ArrowLeft")
        is_at(viewer, 0)
        press("ArrowRight")
        is_at(viewer, 10)
        press("0")
        is_at(viewer, 0)
        press("Space")
        viewer.sees_it_run()
        assert viewer.page.evaluate("scrollY") == 0
        press("Space")
        until(lambda: viewer.video("paused"))

    def test_they_write_where_somebody_types_and_press_what_has_the_focus(
        self, viewer: Viewer
    ) -> None:
        viewer.open()
        find = viewer.page.locator(".find")
        find.focus()
        viewer.page.keyboard.type("5 ")
        assert find.input_value() == "5 "
        viewer.page.locator(".keys summary").focus()
        viewer.page.keyboard.press("Space")
        expect(viewer.page.locator(".keys dl")).to_be_visible()
        assert (viewer.video("currentTime"), viewer.video("paused")) == (0, True)

    def test_they_can_be_switched_off_for_good(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator(".keys summary").click()
        viewer.page.locator(".keys input").uncheck()
        viewer.open()
        viewer.page.keyboard.press("5")
        viewer.page.locator("media-mute-button").focus()
        viewer.page.keyboard.press("5")
        assert viewer.video("currentTime") == 0


class TestSharing:
    def test_the_link_is_copied_from_the_current_moment(self, viewer: Viewer) -> None:
        viewer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        viewer.open()
        viewer.page.keyboard.press("5")
        is_at(viewer, 6)
        viewer.page.get_by_text("Share", exact=True).click()
        viewer.page.get_by_label("Start at 0:06").check()
        viewer.page.get_by_text("Copy link").click()
        expect(viewer.page.locator(".share-said")).to_have_text("Copied")
        link = f"{examples.SITE}/v/crossing?t=6"
        assert viewer.page.evaluate("navigator.clipboard.readText()") == link
        mail = viewer.page.locator(".share-mail").get_attribute("href") or ""
        assert mail.endswith("%2Fv%2Fcrossing%3Ft%3D6")
        viewer.page.keyboard.press("Escape")
        expect(viewer.page.locator(".share-panel")).to_be_hidden()

    def test_the_shared_moment_is_where_the_video_begins(self, viewer: Viewer) -> None:
        viewer.open(query="/?t=6")
        is_at(viewer, 6)


class TestTranscript:
    def test_a_line_plays_from_its_time_and_the_list_follows(self, viewer: Viewer) -> None:
        cues = "".join(
            f"\n\n00:{n:02}.000 --> 00:{n + 1:02}.000\nLine <i>{n}</i>" for n in range(12)
        )
        viewer.page.route("**/captions.vtt", lambda route: route.fulfill(body=f"WEBVTT{cues}"))
        viewer.open()
        line = viewer.page.get_by_role("link", name="Line 8")
        line.click()
        viewer.sees_it_run(after=8)
        current = viewer.page.locator(".lines [aria-current]")
        until(lambda: "Line 9" in current.inner_text())
        viewer.page.locator(".find").fill("LÍNE 11")
        expect(line).to_be_hidden()
        expect(viewer.page.get_by_role("link", name="Line 11")).to_be_visible()

    def test_it_is_read_in_another_language(self, viewer: Viewer) -> None:
        viewer.open()
        expect(viewer.page.get_by_text("Four days, one hut.")).to_be_visible()
        viewer.page.get_by_label("Language").select_option(label="Deutsch")
        until(lambda: viewer.page.locator(".lines").get_attribute("lang") == "de")

    def test_chapters_are_links_that_play(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.get_by_role("link", name="Rock & Ice").click()
        viewer.sees_it_run(after=6)


class TestPhone:
    def test_the_settings_do_not_cover_the_picture(self, viewer: Viewer) -> None:
        viewer.open(PHONE)
        viewer.page.locator("media-settings-menu-button").click()
        viewer.page.locator("media-settings-menu-item", has_text="Speed").wait_for()
        until(lambda: box(viewer.page, "media-settings-menu")["height"] > 50)
        player, menu = box(viewer.page, "media-controller"), box(viewer.page, "media-settings-menu")
        assert menu["y"] >= player["y"] + player["height"]
        assert menu["y"] + menu["height"] <= PHONE[1] + 1
        assert fits(viewer.page)


@pytest.mark.parametrize("language", ["es", "pt", "fr", "de", "ar", "ja"])
def test_the_page_speaks_the_language_of_the_site(language: str) -> None:
    spoken = messages(language)
    html = render.render_watch(replace(examples.WATCH, messages=spoken))
    assert f'<html lang="{language}" dir="{spoken.direction}">' in html
    for text in ("Share", "Download", "Keyboard"):
        assert f">{text}<" not in html
        assert spoken.text(text) in html
