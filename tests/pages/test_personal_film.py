"""A film of shared and rendered segments in Chromium, with hls.js: whole, and without a scene."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from playout.core.renders.layout import layout_of
from playout.transcode.manifests.hls import personal_playlist
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER
from playout.transcode.personal.after_scenes import without_delay
from playout.transcode.trial import find_tools
from tests.helpers.live_clips import ffmpeg
from tests.pages.helpers.player_site import Site, serving, until
from tests.pages.helpers.player_tab import watching
from tests.transcode.helpers.personal import FILM, Box, Film, make_base

pytestmark = pytest.mark.slow

MASTER = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="{name}-audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="{codecs},mp4a.40.2",RESOLUTION=640x360,AUDIO="sound"
{name}-360p.m3u8
"""
SCENE = (3.6, 4.6)
"""The seconds of a scene that the short film leaves out."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("personal")
    ffmpeg(*FILM, folder / "clip.mp4")
    base = make_base(folder / "clip.mp4", folder / "hls", find_tools(), [SCENE])
    film = Film(base, base.renditions[-1])
    for number, segment in enumerate(film.segments(lambda frame: Box())):
        (folder / "hls" / f"{number}.m4s").write_bytes(segment)
        first = without_delay(segment, film.header.track_id)
        (folder / "hls" / f"{number}-first.m4s").write_bytes(first)
    track, audio = film.rendition.track, base.audio
    assert audio
    rendered = {number: f"{number}.m4s" for number in film.touched}
    layout = layout_of(base)
    for name, left_out in (("whole", layout.left_out([])), ("short", layout.left_out([SCENE]))):
        firsts = {number: f"{number}-first.m4s" for number in left_out.followed_by}
        playlists = {
            "master": MASTER.format(name=name, codecs=track.fragments.codecs),
            "360p": personal_playlist(
                track.file.name, track.fragments, rendered | firsts, left_out.pictures
            ),
            "audio": personal_playlist(audio.file.name, audio.fragments, left_out=left_out.sound),
        }
        for kind, text in playlists.items():
            file = folder / "hls" / f"{name}-{kind}.m3u8"
            file.write_text(text.replace(QUERY_PLACEHOLDER, ""))
    with serving(folder) as site:
        yield site


class TestPersonalFilm:
    @pytest.mark.parametrize(("film", "seconds"), [("whole", 6), ("short", 5)])
    def test_it_plays_to_its_end_without_a_gap_or_a_lost_picture(
        self, site: Site, tab: Page, film: str, seconds: int
    ) -> None:
        site.shows(hls=f"hls/{film}-master.m3u8")
        with watching(site, tab) as viewer:
            viewer.open()
            viewer.press_play()
            until(lambda: viewer.video("ended"), 60)
            assert viewer.video("currentSrc").startswith("blob:")
            assert viewer.video("buffered.length") == 1
            assert viewer.video("buffered.start(0)") == 0
            assert viewer.video("buffered.end(0)") == pytest.approx(seconds, abs=0.05)
            assert viewer.video("getVideoPlaybackQuality().totalVideoFrames") == 30 * seconds
