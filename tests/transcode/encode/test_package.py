"""The first package of a source: browsers play its tracks and its MP4, whatever the source."""

import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from playout.kit.errors import StorageFull
from playout.transcode.encode.package import make_playable
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip
from tests.transcode.helpers.tracks import first_noise, make_package, segments_start_on_time

pytestmark = pytest.mark.slow

# Name, video track, audio track, displayed size.
KINDS = [
    ("plain.mp4", "copy", "audio", (320, 180)),
    ("plain.mov", "copy", "audio", (320, 180)),
    ("plain.mkv", "copy", "audio", (320, 180)),
    ("plain.ts", "copy", "audio", (320, 180)),
    ("vp9.webm", "240p", "audio", (320, 180)),
    ("vertical.mp4", "copy", None, (180, 320)),
    ("silent.mp4", "copy", None, (320, 180)),
    ("odd.mkv", "240p", None, (320, 180)),
    ("pixel.mkv", "240p", None, (2, 2)),
    ("animated.gif", "240p", None, (320, 180)),
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


class TestMakePlayable:
    @pytest.mark.parametrize(
        ("name", "video", "audio", "size"), KINDS, ids=[kind[0] for kind in KINDS]
    )
    def test_every_kind_of_source_becomes_tracks_that_browsers_play(
        self,
        name: str,
        video: str,
        audio: str | None,
        size: tuple[int, int],
        clip: MakeClip,
        job: Path,
        tools: Tools,
    ) -> None:
        source = probe(clip(name), tools)
        package = make_package(clip(name), job, tools)
        assert [track.name for track in package.tracks] == [video, *([audio] if audio else [])]
        picture = package.tracks[0]
        assert (picture.width, picture.height) == size
        assert (package.mp4.video.width, package.mp4.video.height) == size
        assert (package.mp4.audio is not None) == (audio is not None)
        frame = 1 / (source.video.fps or 25)
        assert picture.fragments.seconds == pytest.approx(source.duration_ms / 1000, abs=0.15)
        assert package.mp4.duration_ms / 1000 == pytest.approx(picture.fragments.seconds, abs=0.1)
        assert segments_start_on_time(picture, tolerance=frame)
        if video != "copy":
            assert package.mp4.video.codec == "h264"
            assert package.mp4.video.pix_fmt == "yuv420p"
            assert not any((package.mp4.video.is_hdr, package.mp4.video.is_interlaced))
        files = {"video.mp4", *([f"{audio}.mp4"] if audio else [])}
        assert {path.name for path in job.iterdir()} == files

    def test_encoding_works_in_both_sandboxes(
        self, clip: MakeClip, job: Path, each_sandbox: Tools
    ) -> None:
        package = make_package(clip("vp9.webm"), job, each_sandbox)
        assert package.mp4.video.codec == "h264"
        assert package.loudness == pytest.approx(-18.7, abs=1)

    def test_places_and_names_are_removed_but_the_language_is_kept(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        traces = [b"loci", b"At home", b"Jane"]
        source = clip("tagged.mp4").read_bytes()
        assert all(trace in source for trace in traces)
        package = make_package(clip("tagged.mp4"), job, tools)
        for file in job.iterdir():
            assert not any(trace in file.read_bytes() for trace in traces), file.name
        assert package.tracks[1].language == package.mp4.language == "fra"

    def test_surround_sound_becomes_stereo(self, clip: MakeClip, job: Path, tools: Tools) -> None:
        package = make_package(clip("surround.mkv"), job, tools)
        assert package.mp4.audio
        assert package.tracks[1].channels == package.mp4.audio.channels == 2

    def test_video_that_is_turned_is_upright_for_players_that_ignore_turns(
        self, rotated: Path, job: Path, tools: Tools
    ) -> None:
        package = make_package(rotated, job, tools)
        video = package.mp4.video
        assert (video.rotation, video.width, video.height) == (0, 180, 320)
        assert package.tracks[0].name == "240p"

    def test_silence_comes_before_audio_that_starts_late(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        late = tmp_path / "late.mkv"
        shifted = ["-itsoffset", "0.5", "-i", clip("plain.mp4")]
        chosen = ["-map", "0:v", "-map", "1:a", "-c", "copy"]
        ffmpeg("-i", clip("plain.mp4"), *shifted, *chosen, late)
        package = make_package(late, job, tools)
        audio = package.tracks[1].fragments
        assert audio.start == 0
        assert audio.seconds == pytest.approx(2.5, abs=0.05)
        assert first_noise(package.tracks[1].file) == pytest.approx(0.5, abs=0.03)
        assert package.tracks[0].fragments.seconds == pytest.approx(2.5, abs=0.05)

    def test_copy_begins_a_segment_at_each_key_frame_two_seconds_apart(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        fragments = make_package(clip("regular.mp4"), job, tools).tracks[0].fragments
        assert [ticks / fragments.timescale for ticks in fragments.ticks] == [2, 2, 2]

    def test_progress_rises_to_one(self, clip: MakeClip, job: Path, tools: Tools) -> None:
        seen: list[float] = []
        source = clip("short.mkv")
        make_playable(source, probe(source, tools), job, tools, on_progress=seen.append)
        assert seen == sorted(set(seen))
        assert seen[-1] == 1.0
        assert len(seen) >= 2


class TestMp4:
    def test_index_is_before_the_media_data(self, clip: MakeClip, job: Path, tools: Tools) -> None:
        make_package(clip("late-index.mp4"), job, tools)
        content = (job / "video.mp4").read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


class TestFail:
    def test_source_that_cannot_be_copied_is_encoded(
        self, clip: MakeClip, job: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # MP4 does not allow Theora, so the copy fails.
        monkeypatch.setattr("playout.transcode.encode.package.can_copy_video", lambda _: True)
        assert make_package(clip("theora.ogv"), job, tools).mp4.video.codec == "h264"

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

    def test_result_larger_than_allowed_is_rejected(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        small = replace(tools, limits=replace(tools.limits, output_bytes=20_000))
        with pytest.raises(MediaRejected, match="more room"):
            make_package(clip("short.mkv"), job, small)
        assert list(job.iterdir()) == []

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_full_disk_is_an_error_of_the_storage(
        self, clip: MakeClip, job: Path, each_sandbox: Tools
    ) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(job)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounts")
        try:
            with pytest.raises(StorageFull):
                make_package(clip("short.mkv"), job, each_sandbox)
            assert list(job.iterdir()) == []
        finally:
            subprocess.run(["umount", str(job)], check=True)

    def test_copy_that_lacks_a_part_is_encoded(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        honest = probe(clip("plain.mp4"), tools)
        found = replace(honest, duration_ms=3_000, video=replace(honest.video, ends_at=3.0))
        tracks = make_playable(clip("plain.mp4"), found, job, tools).tracks
        assert tracks[0].name == "240p"
        assert [each.fragments.seconds for each in tracks] == pytest.approx([3, 3], abs=0.05)
