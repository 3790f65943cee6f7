"""Damaged and overloaded sources are used as far as they go."""

from pathlib import Path
from random import Random

import pytest

from playout.transcode.encode.encode import EncodeRequest, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip
from tests.transcode.helpers.tracks import make_package

pytestmark = pytest.mark.slow


def truncate(whole: Path, share: float, folder: Path) -> Path:
    """Write the first part of a file, `share` of it, into the folder."""
    content = whole.read_bytes()
    cut = folder / whole.name
    cut.write_bytes(content[: int(len(content) * share)])
    return cut


class TestUseDamagedSource:
    def test_mp4_truncated_before_its_index_is_rejected(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        cut = truncate(clip("late-index.mp4"), 0.6, tmp_path)
        with pytest.raises(MediaRejected, match="incomplete: its index is missing"):
            probe(cut, tools)

    @pytest.mark.parametrize("name", ["early-index.mp4", "plain.mkv", "mpeg4.avi"])
    def test_video_truncated_in_its_pictures_is_used_as_far_as_it_goes(
        self, name: str, clip: MakeClip, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        found = probe(truncate(clip(name), 0.6, tmp_path), tools)
        assert found.is_truncated
        mp4 = make_package(tmp_path / name, job, tools).mp4
        assert 500 < mp4.duration_ms < 1900

    def test_video_truncated_before_its_first_picture_is_rejected(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        whole = clip("early-index.mp4").read_bytes()
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(whole[: whole.index(b"mdat") + 8])
        with pytest.raises(MediaRejected, match="Not one picture"):
            probe(cut, tools)

    def test_damage_in_the_middle_does_not_spoil_the_rest(
        self, clip: MakeClip, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        content = bytearray(clip("early-index.mp4").read_bytes())
        middle = len(content) * 2 // 3
        content[middle : middle + 2000] = Random(4).randbytes(2000)
        damaged = tmp_path / "damaged.mp4"
        damaged.write_bytes(content)
        found = probe(damaged, tools)
        request = EncodeRequest(ladder_for(found.video), encode_audio=True)
        result = encode(damaged, found, request, job, tools)
        assert result.tracks[0].fragments.seconds == pytest.approx(2, abs=0.5)

    def test_huge_attachment_is_left_out(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        attachment, loaded = tmp_path / "font.bin", tmp_path / "loaded.mkv"
        with attachment.open("wb") as file:
            file.truncate(100_000_000)
        line = ["-c", "copy", "-attach", attachment, "-metadata:s:t", "mimetype=font/ttf"]
        ffmpeg("-i", clip("plain.mp4"), *line, loaded)
        attachment.unlink()
        make_package(loaded, job, tools)
        assert all(file.stat().st_size < 1_000_000 for file in job.iterdir())

    def test_endless_subtitles_are_left_out(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        script, loaded = tmp_path / "cues.srt", tmp_path / "loaded.mkv"
        cue = "{}\n00:00:{:02},{:03} --> 00:01:00,000\n{}\n\n"
        cues = (cue.format(n + 1, *divmod(n, 1000), f"word {n} " * 20) for n in range(50_000))
        script.write_text("".join(cues))
        ffmpeg("-i", clip("plain.mp4"), "-i", script, "-c", "copy", "-c:s", "srt", loaded)
        assert loaded.stat().st_size > 5_000_000
        mp4 = make_package(loaded, job, tools).mp4
        assert mp4.duration_ms == pytest.approx(2000, abs=100)
        assert all(file.stat().st_size < 1_000_000 for file in job.iterdir())

    def test_audio_that_is_longer_than_the_video_is_no_damage(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        longer = tmp_path / "longer.mp4"
        sound = ["-f", "lavfi", "-i", "sine=d=6"]
        ffmpeg("-i", clip("silent.mp4"), *sound, "-c:v", "copy", "-c:a", "aac", longer)
        assert make_package(longer, job, tools).mp4.duration_ms == pytest.approx(6000, abs=100)

    def test_pictures_before_time_0_do_not_shorten_the_rest(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        early = tmp_path / "early.mkv"
        shift = ["-bsf", "setts=ts=TS-700", "-avoid_negative_ts", "disabled"]
        ffmpeg("-i", clip("early-index.mp4"), "-c", "copy", *shift, early)
        mp4 = make_package(early, job, tools).mp4
        assert 1200 < mp4.duration_ms <= 2100
