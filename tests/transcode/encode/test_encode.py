"""Encode the ladder: segments are aligned, and each can be played by itself."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import pytest

from playout.transcode.encode.encode import EncodeRequest, EncodeResult, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip
from tests.transcode.helpers.tracks import decode_segments, first_light, first_noise

pytestmark = pytest.mark.slow

EncodeLadder = Callable[[Path], EncodeResult]


@pytest.fixture
def encode_ladder(tools: Tools, job: Path) -> EncodeLadder:
    """Return a function that encodes the whole ladder of a source."""

    def run(source: Path) -> EncodeResult:
        found = probe(source, tools)
        request = EncodeRequest(
            ladder_for(found.video), encode_audio=True, measure_loudness=True, preset="ultrafast"
        )
        return encode(source, found, request, job, tools)

    return run


class TestEncodeLadder:
    @pytest.mark.parametrize(
        ("recipe", "rates", "frames"),
        [
            ("ntsc.mkv", [30000 / 1001] * 3, [[60, 60, 30]] * 3),
            ("sixty.mp4", [30, 30, 30, 60], [*[[60, 60, 30]] * 3, [120, 120, 60]]),
        ],
    )
    def test_segments_of_all_rungs_are_whole_and_begin_at_the_same_key_frames(
        self,
        recipe: str,
        rates: list[float],
        frames: list[list[int]],
        clip: MakeClip,
        encode_ladder: EncodeLadder,
    ) -> None:
        tracks = encode_ladder(clip(recipe)).tracks
        assert [track.fps for track in tracks] == rates
        segments = [decode_segments(track) for track in tracks]
        assert all(each.begins_with_key_frame for rung in segments for each in rung)
        starts = {tuple(round(each.start, 3) for each in rung) for rung in segments}
        assert len(starts) == 1
        assert starts.pop() == pytest.approx((0, 2, 4), abs=0.01)
        assert [[each.frames for each in rung] for rung in segments] == frames

    def test_rotated_video_is_upright_in_every_rung(
        self, rotated: Path, encode_ladder: EncodeLadder
    ) -> None:
        for track in encode_ladder(rotated).tracks[:-1]:
            assert (track.width, track.height) == (180, 320)
            with av.open(str(track.file)) as container:
                frame = next(container.decode(video=0))
            assert (frame.width, frame.height, frame.rotation) == (180, 320, 0)

    def test_variable_frame_rate_becomes_constant(
        self, clip: MakeClip, encode_ladder: EncodeLadder, tools: Tools
    ) -> None:
        result = encode_ladder(clip("vfr.mkv"))
        assert not probe(result.tracks[0].file, tools).video.is_vfr

    def test_silent_video_gets_no_audio_track(
        self, clip: MakeClip, encode_ladder: EncodeLadder
    ) -> None:
        result = encode_ladder(clip("silent.mp4"))
        assert [track.kind for track in result.tracks] == ["video"]
        assert result.loudness is None

    def test_hdr_becomes_standard_dynamic_range(
        self, clip: MakeClip, encode_ladder: EncodeLadder, tools: Tools
    ) -> None:
        video = probe(encode_ladder(clip("hdr.mp4")).tracks[0].file, tools).video
        assert (video.is_hdr, video.pix_fmt) == (False, "yuv420p")

    def test_first_picture_fills_the_gap_if_it_starts_late(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, encode_ladder: EncodeLadder
    ) -> None:
        late = tmp_path / "late.mkv"
        source = clip("plain.mp4")
        shifted = ["-itsoffset", "0.4", "-i", source, "-i", source]
        ffmpeg(*shifted, *("-map", "0:v", "-map", "1:a", "-c", "copy"), late)
        picture = encode_ladder(late).tracks[0]
        assert picture.fragments.start == 0
        assert picture.fragments.seconds == pytest.approx(2.4, abs=0.05)

    @pytest.mark.parametrize("codec", [("libx264", "-bf", "3"), ("mpeg4", "-bf", "2")])
    def test_pictures_of_an_avi_with_b_frames_come_in_order_and_on_time(
        self, codec: tuple[str, ...], ffmpeg: Ffmpeg, tmp_path: Path, encode_ladder: EncodeLadder
    ) -> None:
        # Picture by picture, it gets lighter.
        ramp = "color=black:s=128x72:r=5:d=3,format=gray,geq=lum='20+N*14',format=yuv420p"
        ffmpeg("-f", "lavfi", "-i", ramp, "-c:v", *codec, "-q:v", "2", tmp_path / "ramp.avi")
        rung = encode_ladder(tmp_path / "ramp.avi").tracks[0]
        with av.open(str(rung.file)) as container:
            shown = [
                (float(frame.time), bytes(frame.reformat(format="gray").planes[0])[0])
                for frame in container.decode(video=0)
            ]
        assert [time for time, _ in shown] == pytest.approx([number / 5 for number in range(15)])
        steps = [light - before for (_, before), (_, light) in pairwise(shown)]
        assert all(8 < step < 24 for step in steps), shown

    def test_audio_and_video_stay_in_sync(
        self, clip: MakeClip, encode_ladder: EncodeLadder
    ) -> None:
        picture, sound = encode_ladder(clip("clap.mp4")).tracks
        assert abs(first_light(picture.file) - first_noise(sound.file)) < 0.040
