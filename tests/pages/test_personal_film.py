"""A film of shared and rendered segments in Chromium, with hls.js."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from playout.transcode.manifests.hls import media_playlist, personal_playlist
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER
from playout.transcode.trial import find_tools
from tests.helpers.live_clips import ffmpeg
from tests.pages.helpers.player_site import Site, serving, until
from tests.pages.helpers.player_tab import watching
from tests.transcode.helpers.personal import FILM, Box, Film, make_base

pytestmark = pytest.mark.slow

MASTER = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="{codecs},mp4a.40.2",RESOLUTION=640x360,AUDIO="sound"
360p.m3u8
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("personal")
    ffmpeg(*FILM, folder / "clip.mp4")
    base = make_base(folder / "clip.mp4", folder / "hls", find_tools())
    film = Film(base, base.renditions[-1])
    for number in film.touched:
        segment = b"".join(film.rendered(number, lambda frame: Box()))
        (folder / "hls" / f"{number}.m4s").write_bytes(segment)
    track, audio = film.rendition.track, base.audio
    assert audio
    rendered = {number: f"{number}.m4s" for number in film.touched}
    playlists = {
        "master": MASTER.format(codecs=track.fragments.codecs),
        "360p": personal_playlist(track.file.name, track.fragments, rendered),
        "audio": media_playlist(audio.file.name, audio.fragments),
    }
    for name, text in playlists.items():
        (folder / "hls" / f"{name}.m3u8").write_text(text.replace(QUERY_PLACEHOLDER, ""))
    with serving(folder) as site:
        site.shows(hls="hls/master.m3u8")
        yield site


class TestPersonalFilm:
    def test_it_plays_to_its_end_without_a_gap_or_a_lost_picture(
        self, site: Site, tab: Page
    ) -> None:
        with watching(site, tab) as viewer:
            viewer.open()
            viewer.press_play()
            until(lambda: viewer.video("ended"), 60)
            assert viewer.video("currentSrc").startswith("blob:")
            assert viewer.video("buffered.length") == 1
            assert viewer.video("buffered.start(0)") == 0
            assert viewer.video("buffered.end(0)") == pytest.approx(6, abs=0.05)
            assert viewer.video("getVideoPlaybackQuality().totalVideoFrames") == 180
