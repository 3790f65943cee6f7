"""The facts that a probe finds in good files of each kind."""

from pathlib import Path

import pytest

from playout.transcode.errors import WorkCancelled
from playout.transcode.inspect.probe import AudioStream, probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip

pytestmark = pytest.mark.slow

# Name, container, codec, displayed size, audio (codec, channels).
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
        ("name", "container", "codec", "size", "expected_audio"),
        KINDS,
        ids=[kind[0] for kind in KINDS],
    )
    def test_container_codecs_size_and_duration_are_found(
        self,
        name: str,
        container: str,
        codec: str,
        size: tuple[int, int],
        expected_audio: tuple[str, int] | None,
        clip: MakeClip,
        tools: Tools,
    ) -> None:
        found = probe(clip(name), tools)
        video, audio = found.video, found.audio
        assert (found.container, video.codec) == (container, codec)
        assert (video.width, video.height) == size
        assert (audio and (audio.codec, audio.channels)) == expected_audio
        assert found.duration_ms == pytest.approx(2000, abs=100)
        assert video.fps == pytest.approx(25)
        assert not any((found.is_truncated, video.is_hdr, video.is_vfr, video.is_interlaced))

    def test_probe_works_in_both_sandboxes(self, clip: MakeClip, each_sandbox: Tools) -> None:
        found = probe(clip("plain.mp4"), each_sandbox)
        assert found.audio == AudioStream(1, "aac", "LC", channels=1, sample_rate=44100)

    def test_size_of_a_rotated_video_is_that_after_rotation(
        self, rotated: Path, tools: Tools
    ) -> None:
        video = probe(rotated, tools).video
        assert (video.width, video.height, video.rotation) == (180, 320, 90)

    def test_mirror_image_is_noticed(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, tools: Tools
    ) -> None:
        mirrored = tmp_path / "selfie.mp4"
        ffmpeg("-display_vflip:v:0", "-i", clip("plain.mp4"), "-c", "copy", mirrored)
        assert probe(mirrored, tools).video.is_mirrored
        assert not probe(clip("plain.mp4"), tools).video.is_mirrored

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_any_of_its_commands_can_be_cancelled(
        self, number: int, clip: MakeClip, tools: Tools
    ) -> None:
        # `cancelled` is asked at the start of each command, and later twice a second.
        answers = iter([False] * (number - 1))
        with pytest.raises(WorkCancelled):
            probe(clip("one-frame.mp4"), tools, cancelled=lambda: next(answers, True))

    def test_video_of_one_frame_has_a_duration(self, clip: MakeClip, tools: Tools) -> None:
        assert probe(clip("one-frame.mp4"), tools).duration_ms == 40

    def test_duration_that_is_not_declared_is_measured(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, tools: Tools
    ) -> None:
        recording = tmp_path / "recording.mkv"
        recording.write_bytes(b"")
        ffmpeg("-i", clip("silent.mp4"), "-c", "copy", "-live", "1", "-f", "matroska", recording)
        assert probe(recording, tools).duration_ms == pytest.approx(2000, abs=50)

    def test_transport_stream_that_starts_within_a_packet_is_recognised(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        torn = tmp_path / "torn.ts"
        torn.write_bytes(clip("plain.ts").read_bytes()[100:])
        assert probe(torn, tools).container == "mpegts"

    def test_hdr_is_found(self, clip: MakeClip, tools: Tools) -> None:
        assert probe(clip("hdr.mp4"), tools).video.is_hdr

    def test_variable_frame_rate_is_found(self, clip: MakeClip, tools: Tools) -> None:
        assert probe(clip("vfr.mkv"), tools).video.is_vfr

    @pytest.mark.parametrize(("gop", "interval"), [(25, 1000), (250, None)])
    def test_interval_of_key_frames_is_found(
        self,
        gop: int,
        interval: int | None,
        ffmpeg: Ffmpeg,
        tmp_path: Path,
        tools: Tools,
    ) -> None:
        source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3.5", "-c:v", "libx264")
        ffmpeg(*source, "-g", str(gop), tmp_path / "keyed.mp4")
        assert probe(tmp_path / "keyed.mp4", tools).video.keyframe_interval_ms == interval

    def test_interlacing_is_found(self, clip: MakeClip, tools: Tools) -> None:
        assert probe(clip("interlaced.mp4"), tools).video.is_interlaced

    @pytest.mark.parametrize(("empty", "sounding"), [(0, 2), (1, 1)])
    def test_of_two_mono_tracks_one_may_be_empty(
        self, empty: int, sounding: int, ffmpeg: Ffmpeg, tmp_path: Path, tools: Tools
    ) -> None:
        picture = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2")
        sound = ("-f", "lavfi", "-i", "sine=r=48000:d=2")
        maps = ("-map", "0", "-map", "1", "-map", "1", f"-bsf:a:{empty}", "noise=drop=1")
        source = tmp_path / "half.mkv"
        ffmpeg(*picture, *sound, *maps, "-c:v", "libx264", "-c:a", "pcm_s16le", source)
        audio = probe(source, tools).audio
        assert audio is not None
        assert (audio.index, audio.right_index) == (sounding, None)

    def test_language_of_the_audio_is_found(self, clip: MakeClip, tools: Tools) -> None:
        assert probe(clip("plain.mkv"), tools).language == "deu"
        assert probe(clip("plain.mp4"), tools).language is None

    def test_cover_is_not_taken_for_the_video(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, tools: Tools
    ) -> None:
        cover, covered = tmp_path / "cover.png", tmp_path / "covered.mp4"
        ffmpeg("-i", clip("plain.mp4"), "-vf", "scale=900:900", "-frames:v", "1", cover)
        options = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic"]
        ffmpeg("-i", cover, "-i", clip("plain.mp4"), *options, covered)
        video = probe(covered, tools).video
        assert (video.codec, video.width) == ("h264", 320)

    @pytest.mark.parametrize("name", ["-rf.mp4", "a b;$(x).mp4", "http:x.mp4", "%03d.mp4", "ü.mp4"])
    def test_strange_file_name_is_only_a_name(
        self, name: str, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        copy = tmp_path / name
        copy.write_bytes(clip("plain.mp4").read_bytes())
        assert probe(copy, tools).duration_ms == 2000
