"""Looking into good files: what a probe says of each kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from playout.transcode.inspect.probe import AudioStream, probe
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]

# Name, container, codec, profile, displayed size, sound (codec, channels).
KINDS = [
    ("plain.mp4", "mp4", "h264", (320, 180), ("aac", 1)),
    ("plain.mov", "mp4", "h264", (320, 180), ("aac", 1)),
    ("plain.mkv", "matroska", "h264", (320, 180), ("aac", 1)),
    ("plain.ts", "mpegts", "h264", (320, 180), ("aac", 1)),
    ("vp9.webm", "matroska", "vp9", (320, 180), ("opus", 1)),
    ("vertical.mp4", "mp4", "h264", (180, 320), None),
    ("silent.mp4", "mp4", "h264", (320, 180), None),
    ("odd.mkv", "matroska", "ffv1", (321, 181), None),
    ("surround.mkv", "matroska", "h264", (320, 180), ("ac3", 6)),
    ("mp3.mp4", "mp4", "h264", (320, 180), ("mp3", 1)),
    ("hevc.mp4", "mp4", "hevc", (320, 180), ("aac", 1)),
    ("av1.mp4", "mp4", "av1", (320, 180), None),
    ("mpeg4.avi", "avi", "mpeg4", (320, 180), ("mp3", 1)),
    ("mpeg2.mpg", "mpeg", "mpeg2video", (320, 180), ("mp2", 1)),
    ("flash.flv", "flv", "flv1", (320, 180), ("mp3", 1)),
    ("windows.wmv", "asf", "wmv2", (320, 180), ("wmav2", 1)),
    ("theora.ogv", "ogg", "theora", (320, 180), ("vorbis", 1)),
    ("broadcast.mxf", "mxf", "mpeg2video", (320, 180), ("pcm_s16le", 1)),
    ("anamorphic.mpg", "mpeg", "mpeg2video", (427, 240), ("mp2", 1)),
]


class TestProbe:
    @pytest.mark.parametrize(
        ("name", "container", "codec", "size", "sound"), KINDS, ids=[kind[0] for kind in KINDS]
    )
    def test_tells_container_codecs_size_and_length(
        self,
        name: str,
        container: str,
        codec: str,
        size: tuple[int, int],
        sound: tuple[str, int] | None,
        clip: Clip,
        tools: Tools,
    ) -> None:
        found = probe(clip(name), tools)
        video, audio = found.video, found.audio
        assert (found.container, video.codec) == (container, codec)
        assert (video.width, video.height) == size
        assert (audio and (audio.codec, audio.channels)) == sound
        assert found.duration_ms == pytest.approx(2000, abs=100)
        assert found.size_bytes == clip(name).stat().st_size
        assert video.fps == pytest.approx(25)
        oddities = found.is_cut_short, video.is_hdr, video.is_vfr, video.is_interlaced
        assert not any(oddities)

    def test_works_in_both_sandboxes(self, clip: Clip, each_sandbox: Tools) -> None:
        found = probe(clip("plain.mp4"), each_sandbox)
        assert found.audio == AudioStream(1, "aac", "LC", channels=1, sample_rate=44100)

    def test_a_turned_video_is_measured_as_it_is_shown(self, rotated: Path, tools: Tools) -> None:
        video = probe(rotated, tools).video
        assert (video.width, video.height, video.rotation) == (180, 320, 90)

    def test_one_frame_has_a_length(self, clip: Clip, tools: Tools) -> None:
        assert probe(clip("one-frame.mp4"), tools).duration_ms == 40

    def test_a_recording_without_a_declared_length_is_measured(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, tools: Tools
    ) -> None:
        live = tmp_path / "live.mkv"
        live.write_bytes(b"")
        ffmpeg("-i", clip("silent.mp4"), "-c", "copy", "-live", "1", "-f", "matroska", live)
        assert probe(live, tools).duration_ms == pytest.approx(2000, abs=50)

    def test_a_recording_that_starts_within_a_packet_is_recognised(
        self, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        torn = tmp_path / "torn.ts"
        torn.write_bytes(clip("plain.ts").read_bytes()[100:])
        assert probe(torn, tools).container == "mpegts"

    def test_tells_hdr(self, clip: Clip, tools: Tools) -> None:
        assert probe(clip("hdr.mp4"), tools).video.is_hdr

    def test_tells_uneven_frame_times(self, clip: Clip, tools: Tools) -> None:
        assert probe(clip("vfr.mkv"), tools).video.is_vfr

    @pytest.mark.parametrize(("frames", "apart"), [(25, 1000), (250, None)])
    def test_tells_how_far_key_frames_are_apart(
        self,
        frames: int,
        apart: int | None,
        ffmpeg: Callable[..., None],
        tmp_path: Path,
        tools: Tools,
    ) -> None:
        source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3.5", "-c:v", "libx264")
        ffmpeg(*source, "-g", str(frames), tmp_path / "keyed.mp4")
        assert probe(tmp_path / "keyed.mp4", tools).video.keys_apart_ms == apart

    def test_tells_interlacing(self, clip: Clip, tools: Tools) -> None:
        assert probe(clip("interlaced.mp4"), tools).video.is_interlaced

    def test_tells_the_language_of_the_sound(self, clip: Clip, tools: Tools) -> None:
        assert probe(clip("plain.mkv"), tools).language == "deu"
        assert probe(clip("plain.mp4"), tools).language is None

    def test_a_cover_is_not_the_video(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, tools: Tools
    ) -> None:
        cover, covered = tmp_path / "cover.png", tmp_path / "covered.mp4"
        ffmpeg("-i", clip("plain.mp4"), "-vf", "scale=900:900", "-frames:v", "1", cover)
        line = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic"]
        ffmpeg("-i", cover, "-i", clip("plain.mp4"), *line, covered)
        video = probe(covered, tools).video
        assert (video.codec, video.width) == ("h264", 320)

    @pytest.mark.parametrize("name", ["-rf.mp4", "a b;$(x).mp4", "http:x.mp4", "%03d.mp4", "ü.mp4"])
    def test_a_strange_file_name_is_only_a_name(
        self, name: str, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        copy = tmp_path / name
        copy.write_bytes(clip("plain.mp4").read_bytes())
        assert probe(copy, tools).duration_ms == 2000
