"""One picture: in focus of the story, not black, not large."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import probe
from playout.transcode.pictures.first_poster import first_poster
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]


def drawn(mp4: Path, job: Path, tools: Tools) -> tuple[int, int, float]:
    """Width, height, and mean brightness from 0 to 255."""
    target = job / "poster.jpg"
    first_poster(mp4, probe(mp4, tools), target, tools)
    assert target.read_bytes().startswith(b"\xff\xd8")
    with av.open(str(target), format="jpeg_pipe") as container:
        frame = next(container.decode(video=0))
        grey = bytes(frame.reformat(format="gray").planes[0])
        return frame.width, frame.height, sum(grey) / len(grey)


class TestFirstPoster:
    @pytest.mark.parametrize("name", ["plain.mp4", "one-frame.mp4", "tenth.mp4"])
    def test_a_clip_of_any_length_has_one(
        self, name: str, clip: Clip, job: Path, tools: Tools
    ) -> None:
        width, height, brightness = drawn(clip(name), job, tools)
        assert (width, height) == (320, 180)
        assert brightness > 50

    def test_a_black_beginning_is_passed_over(self, clip: Clip, job: Path, tools: Tools) -> None:
        assert drawn(clip("black-start.mp4"), job, tools)[2] > 50

    def test_a_black_clip_has_a_black_one(self, clip: Clip, job: Path, tools: Tools) -> None:
        assert drawn(clip("black.mp4"), job, tools)[2] < 5

    def test_is_turned_as_the_video_is_shown(self, rotated: Path, job: Path, tools: Tools) -> None:
        assert drawn(rotated, job, tools)[:2] == (180, 320)

    def test_is_at_most_1280_pixels_long(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        large = tmp_path / "large.mp4"
        ffmpeg("-i", clip("short.mkv"), "-frames:v", "5", "-c:v", "mpeg4", large)
        assert drawn(large, job, tools)[:2] == (1280, 720)

    def test_works_in_both_sandboxes(self, clip: Clip, job: Path, each_sandbox: Tools) -> None:
        assert drawn(clip("plain.mp4"), job, each_sandbox)[:2] == (320, 180)

    def test_without_any_picture_there_is_none(self, clip: Clip, job: Path, tools: Tools) -> None:
        before = probe(clip("plain.mp4"), tools)
        with pytest.raises(MediaRejected, match="Not one picture"):
            first_poster(clip("sound.mp4"), before, job / "poster.jpg", tools)
        assert list(job.iterdir()) == []

    def test_a_source_need_be_no_mp4(self, clip: Clip, job: Path, tools: Tools) -> None:
        assert drawn(clip("short.mkv"), job, tools)[2] > 50
