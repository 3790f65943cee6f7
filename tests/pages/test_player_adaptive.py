"""The player with adaptive streams, and its fallback to the MP4."""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import pytest
from playwright.sync_api import Page, Route

from tests.pages.helpers.counted_film import BITS, RATE, SECONDS, make_counted_film
from tests.pages.helpers.player_site import TRACKS, Site, until
from tests.pages.helpers.player_tab import Viewer, watching

NO_MEDIA_SOURCE = """
delete window.MediaSource; delete window.ManagedMediaSource;
HTMLMediaElement.prototype.canPlayType = () => 'maybe';
"""
NOTE_PICTURES = """
(video, bits) => {
  const context = new OffscreenCanvas(bits, 1).getContext('2d', {willReadFrequently: true});
  window.noted = {pictures: [], breaks: []};
  const note = () => {
    // The picture that is shown by now, which may be a later one than that of this call.
    const frame = new VideoFrame(video);
    const {timestamp, displayWidth: width, displayHeight: height} = frame;
    context.drawImage(frame, 0, height * 0.9, width, height * 0.05, 0, 0, bits, 1);
    frame.close();
    const fields = context.getImageData(0, 0, bits, 1).data.filter((_, at) => at % 4 === 0);
    const number = fields.reduce((sum, light, at) => sum + (light > 127) * 2 ** at, 0);
    window.noted.pictures.push([timestamp / 1e6, number, height]);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  // hls.js seeks where it finds a hole. A busy machine may let a video wait.
  for (const name of ['seeking', 'error'])
    video.addEventListener(name, () => window.noted.breaks.push([name, video.currentTime]));
}"""
CHOOSE = """({videoRenditions: all}, height) => {
  all.selectedIndex = [...all].findIndex((each) => each.height === height);
}"""
QUALITIES = "media-rendition-menu media-chrome-menu-item"


@pytest.fixture
def viewer(player_site: Site, tab: Page) -> Iterator[Viewer]:
    player_site.shows(hls="hls/master.m3u8")
    with watching(player_site, tab) as viewer:
        yield viewer


def qualities(viewer: Viewer) -> list[str]:
    return [text.strip() for text in viewer.page.locator(QUALITIES).all_text_contents()]


class TestAdaptive:
    def test_hls_js_plays_and_offers_each_quality(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        assert viewer.video("currentSrc").startswith("blob:")
        assert qualities(viewer)[:2] == ["360p", "180p"]
        assert qualities(viewer)[2].startswith("Auto")

    def test_the_chosen_quality_is_played(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        until(lambda: viewer.video("videoWidth") == 640)
        viewer.page.locator("media-settings-menu-button").click()
        viewer.page.locator("media-settings-menu > *", has_text="Quality").click()
        viewer.page.locator(QUALITIES, has_text="180p").click()
        until(lambda: viewer.video("videoWidth") == 320)

    def test_captions_are_the_tracks_of_the_page_and_listed_once(
        self, player_site: Site, viewer: Viewer
    ) -> None:
        player_site.shows(hls="hls/master.m3u8", tracks=TRACKS)
        viewer.open()
        viewer.page.locator("media-captions-button").click()
        viewer.press_play()
        assert viewer.video("textTracks.length") == 2
        until(lambda: viewer.video("textTracks[0].activeCues?.length"))

    def test_offers_each_audio_track_and_plays_the_chosen_one(self, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        assert not viewer.asked_for("stream_3")
        viewer.page.locator("media-settings-menu-button").click()
        viewer.page.locator("media-settings-menu > *", has_text="Audio").click()
        entries = viewer.page.locator("media-audio-track-menu media-chrome-menu-item")
        assert entries.count() == 2
        entries.nth(1).click()
        until(lambda: viewer.asked_for("stream_3"))
        viewer.sees_it_run(after=viewer.video("currentTime"))

    def test_chapters_are_named_on_the_time_line(self, player_site: Site, viewer: Viewer) -> None:
        player_site.shows(hls="hls/master.m3u8", chapters="chapters.vtt")
        viewer.open()
        viewer.press_play()
        line = viewer.page.locator("media-time-range")
        until(lambda: len(line.evaluate("range => range.mediaChaptersCues ?? []")) == 2)
        line.hover(position={"x": line.bounding_box()["width"] * 0.75, "y": 4})  # type: ignore[index]
        until(lambda: line.get_attribute("mediapreviewchapter") == "Rock & Ice")

    def test_little_is_loaded_before_the_video_plays(self, viewer: Viewer) -> None:
        viewer.open()
        until(lambda: viewer.video("duration") > 11)
        viewer.page.wait_for_timeout(500)
        until(lambda: viewer.video("buffered.length"))
        assert viewer.video("buffered.end(0)") < 5

    def test_hls_js_is_not_loaded_if_only_the_browser_can_play(self, viewer: Viewer) -> None:
        viewer.page.add_init_script(NO_MEDIA_SOURCE)
        viewer.open()
        viewer.press_play()
        assert viewer.asked_for("master.m3u8")
        assert not viewer.asked_for("/hls-")


class TestSwitch:
    def test_between_the_source_itself_and_its_renditions_shows_each_picture_at_its_time(
        self, player_site: Site, viewer: Viewer
    ) -> None:
        low, top = make_counted_film(player_site.folder / "counted")
        player_site.shows(hls="counted/master.m3u8")
        viewer.open()
        viewer.press_play()
        video = viewer.page.locator("video")
        video.evaluate(NOTE_PICTURES, BITS)
        video.evaluate("video => { video.playbackRate = 2; }")
        for height in (top, low, top):
            video.evaluate(CHOOSE, height)
            until(lambda height=height: viewer.video("videoHeight") == height)
        until(lambda: viewer.video("ended"))
        noted = viewer.page.evaluate("window.noted")
        assert noted["breaks"] == []
        assert [height for height, _ in groupby(noted["pictures"], itemgetter(2))][-3:] == [
            *(top, low, top)
        ]
        wrong = [each for each in noted["pictures"] if abs(each[1] - each[0] * RATE) > 1]
        assert not wrong, wrong
        assert noted["pictures"][-1][1] >= SECONDS * RATE - 5
        assert viewer.video("played.length") == 1


class TestMoment:
    @pytest.mark.parametrize("hls", ["hls/master.m3u8", None])
    def test_the_address_names_where_the_video_begins(
        self, hls: str | None, player_site: Site, viewer: Viewer
    ) -> None:
        player_site.shows(hls=hls)
        viewer.open(query="?t=2")
        viewer.page.locator(".first-play").click()
        until(lambda: viewer.video("played.length") and viewer.video("currentTime") > 2.2)
        assert viewer.video("played.start(0)") >= 1.9
        viewer.page.evaluate("document.querySelector('video').currentTime = 0")
        until(lambda: viewer.video("currentTime") < 1.5)


class TestFallback:
    def test_without_a_master_playlist_the_mp4_plays(
        self, player_site: Site, viewer: Viewer
    ) -> None:
        player_site.shows(hls="hls/nothing.m3u8")
        with viewer.page.expect_request("**/nothing.m3u8"):
            viewer.open()
        until(lambda: viewer.video("currentSrc").endswith("/clip.mp4"))
        viewer.press_play()
        assert len(qualities(viewer)) == 1

    def test_the_mp4_continues_where_segments_fail(self, viewer: Viewer) -> None:
        def lose(route: Route) -> None:
            route.fulfill(status=404)

        viewer.page.route(re.compile(r"/hls/stream_\d[2-9]\.m4s"), lose)
        viewer.open()
        viewer.press_play()
        until(lambda: viewer.video("currentSrc").endswith("/clip.mp4"))
        viewer.sees_it_run(after=viewer.video("currentTime"))
        assert not viewer.video("paused")

    def test_the_mp4_plays_if_the_browser_fails(self, player_site: Site, viewer: Viewer) -> None:
        player_site.shows(hls="hls/nothing.m3u8")
        viewer.page.add_init_script(NO_MEDIA_SOURCE)
        with viewer.page.expect_request("**/nothing.m3u8"):
            viewer.open()
        until(lambda: viewer.video("currentSrc").endswith("/clip.mp4"))
        viewer.press_play()
