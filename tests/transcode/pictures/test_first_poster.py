"""The first poster is a picture near the beginning that is not black and not large."""

from pathlib import Path

import av
import pytest

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import probe
from playout.transcode.pictures.first_poster import write_first_poster
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip

pytestmark = pytest.mark.slow


def draw(mp4: Path, job: Path, tools: Tools) -> tuple[int, int, float]:
    """Write the first poster; return its width, height, and mean brightness from 0 to 255."""
    target = job / "poster.jpg"
    write_first_poster(mp4, probe(mp4, tools), target, tools)
    assert target.read_bytes().startswith(b"\xff\xd8")
    with av.open(str(target), format="jpeg_pipe") as container:
        frame = next(container.decode(video=0))
        grey = bytes(frame.reformat(format="gray").planes[0])
        return frame.width, frame.height, sum(grey) / len(grey)


class TestWriteFirstPoster:
    @pytest.mark.parametrize("name", ["plain.mp4", "one-frame.mp4", "tenth.mp4"])
    def test_video_of_any_duration_has_a_poster(
        self, name: str, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        width, height, brightness = draw(clip(name), job, tools)
        assert (width, height) == (320, 180)
        assert brightness > 50

    def test_black_beginning_is_passed_over(self, clip: MakeClip, job: Path, tools: Tools) -> None:
        assert draw(clip("black-start.mp4"), job, tools)[2] > 50

    def test_black_video_has_a_black_poster(self, clip: MakeClip, job: Path, tools: Tools) -> None:
        assert draw(clip("black.mp4"), job, tools)[2] < 5

    def test_poster_is_rotated_as_the_video_is(
        self, rotated: Path, job: Path, tools: Tools
    ) -> None:
        assert draw(rotated, job, tools)[:2] == (180, 320)

    def test_long_side_has_at_most_1280_pixels(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        large = tmp_path / "large.mp4"
        ffmpeg("-i", clip("short.mkv"), "-frames:v", "5", "-c:v", "mpeg4", large)
        assert draw(large, job, tools)[:2] == (1280, 720)

    def test_poster_can_be_written_in_both_sandboxes(
        self, clip: MakeClip, job: Path, each_sandbox: Tools
    ) -> None:
        assert draw(clip("plain.mp4"), job, each_sandbox)[:2] == (320, 180)

    def test_file_without_any_picture_is_rejected(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        found = probe(clip("plain.mp4"), tools)
        with pytest.raises(MediaRejected, match="Not one picture"):
            write_first_poster(clip("sound.mp4"), found, job / "poster.jpg", tools)
        assert list(job.iterdir()) == []

    def test_source_may_be_another_container_than_mp4(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        assert draw(clip("short.mkv"), job, tools)[2] > 50
