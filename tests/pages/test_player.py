"""The player with an MP4, with and without its script."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from tests.pages.helpers.browser import DESKTOP, PHONE, fits
from tests.pages.helpers.player_site import TRACKS, Site, until
from tests.pages.helpers.player_tab import Viewer, watching

NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
CONTROLS = [
    *("play", "mute", "settings"),
    *("enter picture in picture mode", "enter fullscreen mode"),
]


@pytest.fixture
def viewer(player_site: Site, tab: Page) -> Iterator[Viewer]:
    player_site.shows()
    with watching(player_site, tab) as viewer:
        yield viewer


class TestPlaying:
    def test_a_click_plays_and_another_one_pauses(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        viewer.page.locator("media-controller").click(position={"x": 100, "y": 100})
        until(lambda: viewer.video("paused"))

    def test_it_plays_without_a_script(self, player_site: Site, tab: Page) -> None:
        player_site.shows(hls="hls/master.m3u8")
        with watching(player_site, tab, java_script_enabled=False) as viewer:
            viewer.page.goto(player_site.url)
            assert viewer.video("controls")
            assert viewer.page.locator("media-controller").count() == 0
            viewer.page.locator("video").focus()
            viewer.page.keyboard.press("Space")
            viewer.sees_it_run()
            assert viewer.video("currentSrc").endswith("/clip.mp4")

    def test_without_adaptive_streams_nothing_is_loaded_for_them(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        assert not viewer.asked_for("/hls-")
        assert viewer.video("currentSrc").endswith("/clip.mp4")

    def test_a_video_that_plays_before_the_script_is_loaded_plays_on(
        self, player_site: Site, tab: Page
    ) -> None:
        player_site.shows()
        with watching(player_site, tab) as viewer:
            late: list[Route] = []

            def hold(route: Route) -> None:
                late.append(route)

            viewer.page.route("**/player-*.js", hold)
            viewer.page.goto(player_site.url, wait_until="commit")
            viewer.page.locator("video").focus()
            viewer.page.keyboard.press("Space")
            viewer.sees_it_run()
            late[0].continue_()
            viewer.page.locator("media-controller").wait_for()
            viewer.sees_it_run(after=viewer.video("currentTime"))

    def test_a_missing_video_shows_an_error(self, viewer: Viewer) -> None:
        viewer.page.route("**/clip.mp4", lambda route: route.fulfill(status=404))
        viewer.open()
        expect(viewer.page.get_by_text("Source Not Supported")).to_be_visible()


class TestKeyboard:
    def test_keys_work_from_each_control(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator("media-mute-button").focus()
        press = viewer.page.keyboard.press
        press("k")
        viewer.sees_it_run()
        press("k")
        until(lambda: viewer.video("paused"))
        press("m")
        until(lambda: viewer.video("muted"))
        press("l")
        until(lambda: viewer.video("currentTime") > 10)
        press("j")
        until(lambda: viewer.video("currentTime") < 5)
        press("Shift+>")
        until(lambda: viewer.video("playbackRate") == 1.25)
        press("ArrowDown")
        until(lambda: viewer.video("volume") < 1)
        press("Shift+?")
        expect(viewer.page.get_by_role("heading", name="Keyboard Shortcuts")).to_be_visible()

    def test_elsewhere_on_the_page_letters_do_nothing(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator("a[download]").focus()
        viewer.page.keyboard.press("m")
        assert not viewer.video("muted")


class TestRememberedSettings:
    def test_volume_and_speed_are_remembered(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator("media-volume-range").focus()
        viewer.page.locator("media-volume-range input").fill("0.4")
        viewer.page.locator("media-play-button").last.focus()
        viewer.page.keyboard.press("Shift+>")
        until(lambda: viewer.video("playbackRate") == 1.25)
        viewer.open()
        until(lambda: viewer.video("volume") == 0.4)
        assert viewer.video("playbackRate") == 1.25

    def test_mute_is_remembered(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator("media-mute-button").click()
        viewer.open()
        until(lambda: viewer.video("muted"))

    def test_it_plays_without_local_storage(self, viewer: Viewer) -> None:
        viewer.page.add_init_script(NO_STORAGE)
        viewer.open()
        viewer.press_play()
        viewer.page.locator("media-mute-button").click()
        until(lambda: viewer.video("muted"))


class TestControls:
    @pytest.mark.parametrize("window", [DESKTOP, PHONE])
    def test_each_has_a_name_and_is_inside_the_picture(
        self, player_site: Site, viewer: Viewer, window: tuple[int, int]
    ) -> None:
        player_site.shows(tracks=TRACKS)
        viewer.open(window)
        viewer.page.locator("media-captions-button").wait_for()
        bars = viewer.page.locator(".player-bars")
        player = viewer.page.locator("media-controller").bounding_box()
        assert player is not None
        for name in CONTROLS:
            role: Literal["switch", "button"] = "switch" if "captions" in name else "button"
            control = bars.get_by_role(role, name=name, exact=True)
            expect(control).to_be_visible()
            found = control.bounding_box()
            assert found is not None
            assert min(found["width"], found["height"]) >= 40
            assert found["x"] >= player["x"]
            assert found["x"] + found["width"] <= player["x"] + player["width"]
        assert bars.get_by_role("slider", name="seek").count() == 1
        expect(bars.get_by_role("switch", name="closed captions")).to_be_visible()
        region = viewer.page.get_by_role("region", name="A winter crossing")
        expect(region).to_be_visible()
        assert fits(viewer.page)

    def test_captions_can_be_switched_on(self, player_site: Site, viewer: Viewer) -> None:
        player_site.shows(tracks=TRACKS)
        viewer.open()
        viewer.page.locator("media-captions-button").click()
        until(lambda: viewer.video("textTracks[0].mode") == "showing")

    def test_controls_without_a_function_are_hidden(self, viewer: Viewer) -> None:
        viewer.open()
        expect(viewer.page.locator("media-captions-button")).to_be_hidden()
        viewer.page.locator("media-settings-menu-button").click()
        items = viewer.page.locator("media-settings-menu > media-settings-menu-item")
        assert [item.inner_text().split()[0] for item in items.all() if item.is_visible()] == [
            "Speed"
        ]

    def test_the_storyboard_shows_the_picture_at_the_pointer(
        self, player_site: Site, viewer: Viewer
    ) -> None:
        player_site.shows(tracks=TRACKS)
        viewer.open()
        until(lambda: viewer.video("textTracks[1].cues?.length"))
        viewer.page.locator("media-time-range").hover()
        picture = viewer.page.locator("media-preview-thumbnail img")
        expect(picture).to_be_visible()
        assert viewer.page.locator("media-preview-thumbnail").bounding_box()

    def test_nothing_fades_with_reduced_motion(self, viewer: Viewer) -> None:
        viewer.page.emulate_media(reduced_motion="reduce")
        viewer.open()
        style = "getComputedStyle(document.querySelector('.player-bars')).transitionDuration"
        assert viewer.page.evaluate(style) == "0s"

    def test_full_screen_fills_the_screen(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.page.locator("media-fullscreen-button").click()
        until(lambda: viewer.page.evaluate("document.fullscreenElement !== null"))
        whole = {"x": 0, "y": 0, "width": DESKTOP[0], "height": DESKTOP[1]}
        until(lambda: viewer.page.locator("video").bounding_box() == whole)

    @pytest.mark.parametrize("motion", ["reduce", "no-preference"])
    def test_the_speed_can_be_chosen_with_the_keyboard(
        self, viewer: Viewer, motion: Literal["reduce", "no-preference"]
    ) -> None:
        viewer.page.emulate_media(reduced_motion=motion)
        viewer.open()
        viewer.page.locator("media-settings-menu-button").focus()
        viewer.page.keyboard.press("Enter")
        expect(viewer.page.locator("media-settings-menu-item", has_text="Speed")).to_be_focused()
        viewer.page.keyboard.press("Enter")
        slowest = viewer.page.locator("media-playback-rate-menu media-chrome-menu-item").first
        slowest.focus()
        viewer.page.keyboard.press("Enter")
        until(lambda: viewer.video("playbackRate") == 0.5)
