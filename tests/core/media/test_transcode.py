"""Making the MP4: every kind of source comes out as one that browsers play."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest

from playout.core.media.errors import MediaRejected, WorkCancelled
from playout.core.media.plan import plan
from playout.core.media.probe import Probe, probe
from playout.core.media.tools import Tools
from playout.core.media.transcode import make_mp4
from playout.kit.errors import StorageFull

Clip = Callable[[str], Path]

# Name, what happens to picture and sound, size as shown.
KINDS = [
    ("plain.mp4", "copy", "copy", (320, 180)),
    ("plain.mov", "copy", "copy", (320, 180)),
    ("plain.mkv", "copy", "copy", (320, 180)),
    ("plain.ts", "copy", "copy", (320, 180)),
    ("vp9.webm", "encode", "encode", (320, 180)),
    ("vertical.mp4", "copy", None, (180, 320)),
    ("silent.mp4", "copy", None, (320, 180)),
    ("odd.mkv", "encode", None, (320, 180)),
    ("surround.mkv", "copy", "encode", (320, 180)),
    ("surround.mp4", "copy", "encode", (320, 180)),
    ("mp3.mp4", "copy", "encode", (320, 180)),
    ("one-frame.mp4", "copy", None, (320, 180)),
    ("tenth.mp4", "copy", None, (320, 180)),
    ("hevc.mp4", "encode", "copy", (320, 180)),
    ("av1.mp4", "encode", None, (320, 180)),
    ("mpeg4.avi", "encode", "encode", (320, 180)),
    ("h264.avi", "encode", "encode", (320, 180)),
    ("mpeg2.mpg", "encode", "encode", (320, 180)),
    ("flash.flv", "encode", "encode", (320, 180)),
    ("windows.wmv", "encode", "encode", (320, 180)),
    ("theora.ogv", "encode", "encode", (320, 180)),
    ("broadcast.mxf", "encode", "encode", (320, 180)),
    ("ten-bit.mp4", "encode", None, (320, 180)),
    ("four-four-four.mp4", "encode", None, (320, 180)),
    ("rgb.mov", "encode", None, (320, 180)),
    ("interlaced.mp4", "encode", None, (320, 180)),
    ("anamorphic.mpg", "encode", "encode", (426, 240)),
    ("hdr.mp4", "encode", None, (320, 180)),
    ("vfr.mkv", "copy", None, (320, 180)),
    ("large.mkv", "encode", None, (3840, 120)),
    ("fast.mkv", "encode", None, (320, 180)),
]


def made(source: Path, job: Path, tools: Tools, *, encode_all: bool = False) -> Probe:
    found = probe(source, tools)
    way = plan(found, encode_all=encode_all)
    return make_mp4(source, found, way, job / "out.mp4", tools)


class TestMakeMp4:
    @pytest.mark.parametrize(
        ("name", "video", "audio", "size"), KINDS, ids=[kind[0] for kind in KINDS]
    )
    def test_comes_out_as_browsers_play_it(
        self,
        name: str,
        video: str,
        audio: str | None,
        size: tuple[int, int],
        clip: Clip,
        job: Path,
        tools: Tools,
    ) -> None:
        found = probe(clip(name), tools)
        way = plan(found)
        assert (way.video, way.audio) == (video, audio)
        after = make_mp4(clip(name), found, way, job / "out.mp4", tools)
        assert (after.container, after.video.codec) == ("mp4", "h264")
        assert after.video.pix_fmt == "yuv420p"
        assert (after.video.width, after.video.height) == size
        assert not any((after.video.is_hdr, after.video.is_interlaced))
        assert (after.audio and after.audio.codec) == (audio and "aac")
        assert after.duration_ms == pytest.approx(found.duration_ms, abs=150)
        assert [path.name for path in job.iterdir()] == ["out.mp4"]

    def test_works_in_both_sandboxes(self, clip: Clip, job: Path, each_sandbox: Tools) -> None:
        assert made(clip("vp9.webm"), job, each_sandbox).video.codec == "h264"

    def test_the_index_stands_before_the_pictures(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        made(clip("late-index.mp4"), job, tools)
        content = (job / "out.mp4").read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")

    def test_places_and_names_are_left_out_but_the_language_stays(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        traces = [b"loci", b"At home", b"Jane"]
        before = clip("tagged.mp4").read_bytes()
        assert all(trace in before for trace in traces)
        after = made(clip("tagged.mp4"), job, tools)
        content = (job / "out.mp4").read_bytes()
        assert not any(trace in content for trace in traces)
        assert after.language == "fra"

    def test_sound_comes_out_in_stereo(self, clip: Clip, job: Path, tools: Tools) -> None:
        audio = made(clip("surround.mkv"), job, tools).audio
        assert audio
        assert audio.channels == 2

    def test_a_copied_video_keeps_its_turn(self, rotated: Path, job: Path, tools: Tools) -> None:
        video = made(rotated, job, tools).video
        assert (video.rotation, video.width, video.height) == (90, 180, 320)

    def test_an_encoded_video_is_turned(self, rotated: Path, job: Path, tools: Tools) -> None:
        video = made(rotated, job, tools, encode_all=True).video
        assert (video.rotation, video.width, video.height) == (0, 180, 320)

    def test_uneven_frames_come_out_even(self, clip: Clip, job: Path, tools: Tools) -> None:
        video = made(clip("vfr.mkv"), job, tools, encode_all=True).video
        assert not video.is_vfr

    def test_key_frames_stand_every_two_seconds(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        looped = tmp_path / "looped.mkv"
        ffmpeg("-stream_loop", "2", "-i", clip("odd.mkv"), "-c", "copy", looped)
        made(looped, job, tools)
        with av.open(str(job / "out.mp4")) as container:
            stream = container.streams.video[0]
            keys = [float(p.pts * p.time_base) for p in container.demux(stream) if p.is_keyframe]
        assert {0.0, 2.0, 4.0} <= {round(key, 1) for key in keys}

    def test_progress_rises_to_one(self, clip: Clip, job: Path, tools: Tools) -> None:
        seen: list[float] = []
        found = probe(clip("short.mkv"), tools)
        make_mp4(
            clip("short.mkv"), found, plan(found), job / "o.mp4", tools, on_progress=seen.append
        )
        assert seen == sorted(set(seen))
        assert seen[-1] == 1.0
        assert len(seen) >= 3


class TestFailure:
    def test_what_cannot_be_copied_is_encoded(self, clip: Clip, job: Path, tools: Tools) -> None:
        # Theora cannot stand in an MP4, so that the copy fails.
        found = probe(clip("theora.ogv"), tools)
        wrong = replace(plan(found), video="copy")
        after = make_mp4(clip("theora.ogv"), found, wrong, job / "out.mp4", tools)
        assert after.video.codec == "h264"

    def test_cancelled_work_stops_soon_and_leaves_no_file(
        self, long_clip: Path, job: Path, each_sandbox: Tools
    ) -> None:
        found = probe(long_clip, each_sandbox)
        started = time.monotonic()
        with pytest.raises(WorkCancelled):
            make_mp4(
                long_clip,
                found,
                plan(found),
                job / "out.mp4",
                each_sandbox,
                cancelled=lambda: time.monotonic() - started > 1,
            )
        assert time.monotonic() - started < 3
        assert list(job.iterdir()) == []

    def test_work_beyond_its_time_stops_and_leaves_no_file(
        self, long_clip: Path, job: Path, tools: Tools
    ) -> None:
        hasty = replace(tools, limits=replace(tools.limits, wall_seconds=1))
        found = probe(long_clip, hasty)
        with pytest.raises(MediaRejected, match="takes too long"):
            make_mp4(long_clip, found, plan(found), job / "out.mp4", hasty)
        assert list(job.iterdir()) == []

    def test_a_result_larger_than_allowed_is_refused(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        small = replace(tools, limits=replace(tools.limits, output_bytes=50_000))
        with pytest.raises(MediaRejected, match="more room"):
            made(clip("short.mkv"), job, small)
        assert list(job.iterdir()) == []

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_full_disk_is_not_the_files_fault(
        self, clip: Clip, job: Path, each_sandbox: Tools
    ) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(job)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounts")
        try:
            with pytest.raises(StorageFull):
                made(clip("short.mkv"), job, each_sandbox)
            assert list(job.iterdir()) == []
        finally:
            subprocess.run(["umount", str(job)], check=True)

    def test_a_file_that_lies_about_its_length_is_refused(
        self, clip: Clip, job: Path, tools: Tools
    ) -> None:
        found = replace(probe(clip("plain.mp4"), tools), duration_ms=60_000)
        with pytest.raises(MediaRejected, match=r"60\.0 seconds, but 2\.0"):
            make_mp4(clip("plain.mp4"), found, plan(found), job / "out.mp4", tools)
        assert list(job.iterdir()) == []
