"""HLS playlists list streams, captions and segments."""

from dataclasses import replace

import pytest

from playout.transcode.inspect.fragments import Fragments
from playout.transcode.manifests.hls import captions_playlist, master_playlist, media_playlist
from playout.transcode.manifests.streams import fill_queries
from tests.transcode.helpers.streams import AUDIO, COPY, ENGLISH, GERMAN, LARGER_RUNG, RUNG

pytestmark = pytest.mark.slow

FRAGMENTS = Fragments(
    codecs="avc1.64001e",
    init_end=700,
    index_end=800,
    timescale=1_000,
    start=0,
    ticks=(2_000, 2_000, 1_480),
    sizes=(100, 200, 300),
)


def lines_of(playlist: str) -> list[str]:
    return fill_queries(playlist, "").splitlines()


class TestMasterPlaylist:
    def test_first_rung_is_listed_first_and_then_the_lowest_bandwidth(self) -> None:
        lines = lines_of(master_playlist([COPY, LARGER_RUNG, RUNG]))
        urls = [line for line in lines if not line.startswith("#")]
        assert urls == ["../first/480p.m3u8", "../second/720p.m3u8", "../first/copy.m3u8"]

    def test_bandwidth_and_codecs_of_a_variant_include_its_audio(self) -> None:
        lines = lines_of(master_playlist([RUNG, AUDIO]))
        assert (
            "#EXT-X-STREAM-INF:BANDWIDTH=1640000,AVERAGE-BANDWIDTH=1128000"
            ',CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=854x480,FRAME-RATE=29.970,AUDIO="sound"'
        ) in lines

    def test_audio_is_named_by_its_language(self) -> None:
        lines = lines_of(master_playlist([RUNG, AUDIO, replace(AUDIO, language=None)]))
        media = [line for line in lines if line.startswith("#EXT-X-MEDIA:TYPE=AUDIO")]
        assert 'NAME="Deutsch",LANGUAGE="de"' in media[0]
        assert 'NAME="Sound",DEFAULT=YES' in media[1]

    def test_captions_with_the_same_label_are_told_apart_by_their_language(self) -> None:
        lines = lines_of(master_playlist([RUNG], [GERMAN, ENGLISH]))
        media = [line for line in lines if line.startswith("#EXT-X-MEDIA:TYPE=SUBTITLES")]
        assert 'NAME="Deutsch (de)",LANGUAGE="de",DEFAULT=YES' in media[0]
        assert 'NAME="Deutsch (en)",LANGUAGE="en",DEFAULT=NO' in media[1]
        assert media[0].endswith('URI="../third/captions.m3u8"')
        assert lines[-2].endswith(',SUBTITLES="captions"')

    def test_each_url_can_be_given_a_query(self) -> None:
        playlist = fill_queries(master_playlist([RUNG, AUDIO], [GERMAN]), "grant=x")
        assert playlist.count(".m3u8") == playlist.count(".m3u8?grant=x") == 3


class TestMediaPlaylist:
    def test_segments_are_byte_ranges_that_follow_the_index(self) -> None:
        lines = lines_of(media_playlist("480p.mp4", FRAGMENTS))
        assert '#EXT-X-MAP:URI="480p.mp4",BYTERANGE="700@0"' in lines
        ranges = [line for line in lines if line.startswith("#EXT-X-BYTERANGE")]
        assert [each.partition(":")[2] for each in ranges] == ["100@800", "200@900", "300@1100"]

    def test_target_duration_is_that_of_the_longest_segment_rounded(self) -> None:
        assert "#EXT-X-TARGETDURATION:2" in lines_of(media_playlist("480p.mp4", FRAGMENTS))
        longer = replace(FRAGMENTS, ticks=(2_500, 2_000, 1_480))
        assert "#EXT-X-TARGETDURATION:3" in lines_of(media_playlist("480p.mp4", longer))


class TestCaptionsPlaylist:
    def test_one_segment_lasts_as_long_as_the_video(self) -> None:
        lines = lines_of(captions_playlist(61_234))
        assert lines[2] == "#EXT-X-TARGETDURATION:61"
        assert lines[-3:] == ["#EXTINF:61.234000,", "captions.vtt", "#EXT-X-ENDLIST"]
