"""Encoding the ladder: aligned segments, right pictures, right rates, each playable by itself."""

from array import array
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from media_tracks import segments

from playout.transcode.encode.encode import Encoded, Wanted, encode
from playout.transcode.encode.ladder import ladder
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]


@pytest.fixture
def climb(tools: Tools, job: Path) -> Callable[[Path], Encoded]:
    """Encodes the whole ladder of a source."""

    def made(source: Path) -> Encoded:
        found = probe(source, tools)
        wanted = Wanted(ladder(found.video), audio=True, loudness=True, preset="ultrafast")
        return encode(source, found, wanted, job, tools)

    return made


class TestLadder:
    @pytest.mark.parametrize(
        ("recipe", "rates", "frames"),
        [
            ("ntsc.mkv", [30000 / 1001] * 3, [[60, 60, 30]] * 3),
            ("sixty.mp4", [30, 30, 30, 60], [*[[60, 60, 30]] * 3, [120, 120, 60]]),
        ],
    )
    def test_segments_of_all_rungs_begin_at_the_same_key_frames_and_are_whole(
        self,
        recipe: str,
        rates: list[float],
        frames: list[list[int]],
        clip: Clip,
        climb: Callable[[Path], Encoded],
    ) -> None:
        made = climb(clip(recipe))
        assert [track.fps for track in made.tracks] == rates
        parts = [segments(track) for track in made.tracks]
        assert all(each.begins_with_key for part in parts for each in part)
        starts = {tuple(round(each.start, 3) for each in part) for part in parts}
        assert len(starts) == 1
        assert starts.pop() == pytest.approx((0, 2, 4), abs=0.01)
        assert [[each.frames for each in part] for part in parts] == frames

    def test_an_upright_recording_is_turned_in_every_rung(
        self, rotated: Path, climb: Callable[[Path], Encoded]
    ) -> None:
        for track in climb(rotated).tracks[:-1]:
            assert (track.width, track.height) == (180, 320)
            with av.open(str(track.file)) as container:
                frame = next(container.decode(video=0))
            assert (frame.width, frame.height, frame.rotation) == (180, 320, 0)

    def test_uneven_frames_come_out_even(
        self, clip: Clip, climb: Callable[[Path], Encoded], tools: Tools
    ) -> None:
        made = climb(clip("vfr.mkv"))
        assert not probe(made.tracks[0].file, tools).video.is_vfr

    def test_what_has_no_sound_gets_none(
        self, clip: Clip, climb: Callable[[Path], Encoded]
    ) -> None:
        made = climb(clip("silent.mp4"))
        assert [track.kind for track in made.tracks] == ["video"]
        assert made.loudness is None

    def test_hdr_becomes_ordinary(
        self, clip: Clip, climb: Callable[[Path], Encoded], tools: Tools
    ) -> None:
        video = probe(climb(clip("hdr.mp4")).tracks[0].file, tools).video
        assert (video.is_hdr, video.pix_fmt) == (False, "yuv420p")

    def test_a_picture_that_starts_late_stands_from_the_beginning(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, climb: Callable
    ) -> None:
        late = tmp_path / "late.mkv"
        source = clip("plain.mp4")
        shifted = ["-itsoffset", "0.4", "-i", source, "-i", source]
        ffmpeg(*shifted, *("-map", "0:v", "-map", "1:a", "-c", "copy"), late)
        picture = climb(late).tracks[0]
        assert picture.fragments.start == 0
        assert picture.fragments.seconds == pytest.approx(2.4, abs=0.05)

    def test_sound_and_picture_stay_in_step(
        self, clip: Clip, climb: Callable[[Path], Encoded]
    ) -> None:
        picture, sound = climb(clip("clap.mp4")).tracks
        assert abs(first_light(picture.file) - first_noise(sound.file)) < 0.040


def first_light(file: Path) -> float:
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            if bytes(frame.reformat(format="gray").planes[0])[90 * 320 + 160] > 128:
                return float(frame.time)
    raise AssertionError("it stays dark")


def first_noise(file: Path) -> float:
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            samples = array("f", bytes(frame.planes[0]))[: frame.samples]
            loud = (number for number, each in enumerate(samples) if abs(each) > 0.05)
            first = next(loud, None)
            if first is not None:
                return float(frame.time) + first / frame.sample_rate
    raise AssertionError("it stays silent")
