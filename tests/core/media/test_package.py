"""The first tracks of a source and the MP4 of them: every kind comes out as browsers play it."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from media_tracks import make, starts_on_key_frames

from playout.kit.errors import StorageFull
from playout.transcode.encode.package import make_playable
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]

# Name, what the picture and the sound come out as, size as shown.
KINDS = [
    ("plain.mp4", "copy", "audio", (320, 180)),
    ("plain.mov", "copy", "audio", (320, 180)),
    ("plain.mkv", "copy", "audio", (320, 180)),
    ("plain.ts", "copy", "audio", (320, 180)),
    ("vp9.webm", "240p", "audio", (320, 180)),
    ("vertical.mp4", "copy", None, (180, 320)),
    ("silent.mp4", "copy", None, (320, 180)),
    ("odd.mkv", "240p", None, (320, 180)),
    ("surround.mkv", "copy", "audio", (320, 180)),
    ("surround.mp4", "copy", "audio", (320, 180)),
    ("mp3.mp4", "copy", "audio", (320, 180)),
    ("one-frame.mp4", "copy", None, (320, 180)),
    ("tenth.mp4", "copy", None, (320, 180)),
    ("hevc.mp4", "copy", "audio", (320, 180)),
    ("av1.mp4", "copy", None, (320, 180)),
    ("hevc-opus.mkv", "copy", "audio-copy", (320, 180)),
    ("mpeg4.avi", "240p", "audio", (320, 180)),
    ("h264.avi", "240p", "audio", (320, 180)),
    ("mpeg2.mpg", "240p", "audio", (320, 180)),
    ("flash.flv", "240p", "audio", (320, 180)),
    ("windows.wmv", "240p", "audio", (320, 180)),
    ("theora.ogv", "240p", "audio", (320, 180)),
    ("broadcast.mxf", "240p", "audio", (320, 180)),
    ("ten-bit.mp4", "240p", None, (320, 180)),
    ("four-four-four.mp4", "240p", None, (320, 180)),
    ("rgb.mov", "240p", None, (320, 180)),
    ("interlaced.mp4", "240p", None, (320, 180)),
    ("anamorphic.mpg", "240p", "audio", (426, 240)),
    ("hdr.mp4", "copy", None, (320, 180)),
    ("vfr.mkv", "copy", None, (320, 180)),
    ("large.mkv", "480p", None, (854, 26)),
    ("fast.mkv", "240p", None, (320, 180)),
]


class TestFirstTracks:
    @pytest.mark.parametrize(
        ("name", "video", "audio", "size"), KINDS, ids=[kind[0] for kind in KINDS]
    )
    def test_come_out_as_browsers_play_them(
        self,
        name: str,
        video: str,
        audio: str | None,
        size: tuple[int, int],
        clip: Clip,
        job: Path,
        tools: Tools,
    ) -> None:
        before = probe(clip(name), tools)
        made = make(clip(name), job, tools)
        assert [track.name for track in made.tracks] == [video, *([audio] if audio else [])]
        picture = made.tracks[0]
        assert (picture.width, picture.height) == size
        assert (made.mp4.video.width, made.mp4.video.height) == size
        assert (made.mp4.audio is not None) == (audio is not None)
        frame = 1 / (before.video.fps or 25)
        assert picture.fragments.seconds == pytest.approx(before.duration_ms / 1000, abs=0.15)
        assert made.mp4.duration_ms / 1000 == pytest.approx(picture.fragments.seconds, abs=0.1)
        assert starts_on_key_frames(picture, at_most=frame)
        if video != "copy":
            assert made.mp4.video.codec == "h264"
            assert made.mp4.video.pix_fmt == "yuv420p"
            assert not any((made.mp4.video.is_hdr, made.mp4.video.is_interlaced))
        files = {"video.mp4", *(f"{track.name}.mp4" for track in made.tracks)}
        assert {path.name for path in job.iterdir()} == files

    def test_work_in_both_sandboxes(self, clip: Clip, job: Path, each_sandbox: Tools) -> None:
        made = make(clip("vp9.webm"), job, each_sandbox)
        assert made.mp4.video.codec == "h264"
        assert made.loudness == pytest.approx(-21.7, abs=1)

    def test_places_and_names_are_left_out_but_the_language_stays(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        traces = [b"loci", b"At home", b"Jane"]
        before = clip("tagged.mp4").read_bytes()
        assert all(trace in before for trace in traces)
        made = make(clip("tagged.mp4"), job, tools)
        for file in job.iterdir():
            assert not any(trace in file.read_bytes() for trace in traces), file.name
        assert made.tracks[1].language == made.mp4.language == "fra"

    def test_sound_of_many_channels_comes_out_in_stereo(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        made = make(clip("surround.mkv"), job, tools)
        assert made.mp4.audio
        assert made.tracks[1].channels == made.mp4.audio.channels == 2

    def test_a_copied_video_keeps_its_turn(self, rotated: Path, job: Path, tools: Tools) -> None:
        video = make(rotated, job, tools).mp4.video
        assert (video.rotation, video.width, video.height) == (90, 180, 320)

    def test_sound_that_starts_late_stays_late(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        late = tmp_path / "late.mkv"
        shifted = ["-itsoffset", "0.5", "-i", clip("plain.mp4")]
        chosen = ["-map", "0:v", "-map", "1:a", "-c", "copy"]
        ffmpeg("-i", clip("plain.mp4"), *shifted, *chosen, late)
        made = make(late, job, tools)
        sound = made.tracks[1].fragments
        assert sound.start / sound.timescale == pytest.approx(0.5, abs=0.03)
        assert made.mp4.audio
        assert made.mp4.audio.starts_late

    def test_progress_rises_to_one(self, clip: Clip, job: Path, tools: Tools) -> None:
        seen: list[float] = []
        source = clip("short.mkv")
        make_playable(source, probe(source, tools), job, tools, on_progress=seen.append)
        assert seen == sorted(set(seen))
        assert seen[-1] == 1.0
        assert len(seen) >= 2


class TestMp4:
    def test_the_index_stands_before_the_pictures(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        make(clip("late-index.mp4"), job, tools)
        content = (job / "video.mp4").read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


class TestFailure:
    def test_what_cannot_be_copied_is_encoded(
        self, clip: Clip, job: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Theora cannot stand in an MP4, so that the copy fails.
        monkeypatch.setattr("playout.transcode.encode.package.copies_video", lambda _: True)
        assert make(clip("theora.ogv"), job, tools).mp4.video.codec == "h264"

    def test_cancelled_work_stops_soon_and_leaves_no_file(
        self, long_clip: Path, job: Path, each_sandbox: Tools
    ) -> None:
        found = probe(long_clip, each_sandbox)
        started = time.monotonic()
        with pytest.raises(WorkCancelled):
            make_playable(
                long_clip,
                found,
                job,
                each_sandbox,
                cancelled=lambda: time.monotonic() - started > 1,
            )
        assert time.monotonic() - started < 3
        assert list(job.iterdir()) == []

    def test_work_beyond_its_time_stops_and_leaves_no_file(
        self, long_clip: Path, job: Path, tools: Tools
    ) -> None:
        hasty = replace(tools, limits=replace(tools.limits, wall_seconds=1))
        with pytest.raises(MediaRejected, match="takes too long"):
            make_playable(long_clip, probe(long_clip, hasty), job, hasty)
        assert list(job.iterdir()) == []

    def test_a_result_larger_than_allowed_is_refused(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        small = replace(tools, limits=replace(tools.limits, output_bytes=20_000))
        with pytest.raises(MediaRejected, match="more room"):
            make(clip("short.mkv"), job, small)
        assert list(job.iterdir()) == []

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_full_disk_is_not_the_files_fault(
        self, clip: Clip, job: Path, each_sandbox: Tools
    ) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(job)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounts")
        try:
            with pytest.raises(StorageFull):
                make(clip("short.mkv"), job, each_sandbox)
            assert list(job.iterdir()) == []
        finally:
            subprocess.run(["umount", str(job)], check=True)

    def test_a_file_that_lies_about_its_length_is_refused(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        honest = probe(clip("plain.mp4"), tools)
        picture = replace(honest.video, duration_ms=60_000)
        found = replace(honest, duration_ms=60_000, video=picture)
        with pytest.raises(MediaRejected, match=r"60\.0 seconds, but 2\.0"):
            make_playable(clip("plain.mp4"), found, job, tools)
        assert list(job.iterdir()) == []
