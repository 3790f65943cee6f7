"""What is copied, what is encoded, and how: decided from the facts alone."""

from dataclasses import replace

import pytest

from playout.core.media.plan import fitted, plan
from playout.core.media.probe import AudioStream, Probe, VideoStream

VIDEO = VideoStream(
    index=0,
    codec="h264",
    profile="High",
    pix_fmt="yuv420p",
    width=1920,
    height=1080,
    rotation=0,
    fps=25.0,
    is_square=True,
    is_hdr=False,
    is_vfr=False,
    is_interlaced=False,
    is_rgb=False,
)
AUDIO = AudioStream(index=1, codec="aac", profile="LC", channels=2, sample_rate=48000)
PROBE = Probe(
    container="mp4",
    duration_ms=2000,
    size_bytes=1000,
    video=VIDEO,
    audio=AUDIO,
    language=None,
    is_cut_short=False,
)


def with_video(**changes: object) -> Probe:
    return replace(PROBE, video=replace(VIDEO, **changes))  # type: ignore[arg-type]


def with_audio(**changes: object) -> Probe:
    return replace(PROBE, audio=replace(AUDIO, **changes))  # type: ignore[arg-type]


class TestVideo:
    @pytest.mark.parametrize(
        "probed",
        [
            PROBE,
            replace(PROBE, container="matroska"),
            replace(PROBE, container="mpegts"),
            replace(PROBE, container="flv"),
            with_video(profile="Constrained Baseline"),
            with_video(pix_fmt="yuvj420p"),
            with_video(rotation=90),
            with_video(is_vfr=True),
            with_video(is_square=False),
            with_video(width=2160, height=3840),
        ],
    )
    def test_what_browsers_play_is_copied(self, probed: Probe) -> None:
        made = plan(probed)
        assert made.video == "copy"
        assert made.filters == ()
        assert (made.width, made.height) == (probed.video.width, probed.video.height)

    @pytest.mark.parametrize(
        "probed",
        [
            with_video(codec="hevc", profile="Main"),
            with_video(codec="av1", profile="Main"),
            with_video(codec="vp9", profile="Profile 0"),
            with_video(profile="High 10", pix_fmt="yuv420p10le"),
            with_video(profile="High 4:4:4 Predictive", pix_fmt="yuv444p"),
            with_video(profile=None),
            with_video(is_hdr=True),
            with_video(is_interlaced=True),
            with_video(width=4096, height=2160),
            replace(PROBE, container="avi"),
        ],
    )
    def test_the_rest_is_encoded(self, probed: Probe) -> None:
        assert plan(probed).video == "encode"

    @pytest.mark.parametrize(
        ("size", "expected"),
        [
            ((1920, 1080), (1920, 1080)),
            ((321, 181), (320, 180)),
            ((1, 1), (2, 2)),
            ((7680, 4320), (3840, 2160)),
            ((4320, 7680), (2160, 3840)),
            ((4096, 2160), (3840, 2024)),
            ((8000, 2), (3840, 2)),
        ],
    )
    def test_sizes_are_even_and_at_most_2160p(
        self, size: tuple[int, int], expected: tuple[int, int]
    ) -> None:
        assert fitted(replace(VIDEO, width=size[0], height=size[1])) == expected

    @pytest.mark.parametrize(
        ("fps", "is_vfr", "expected"),
        [
            (25.0, False, None),
            (None, False, None),
            (60.0, False, None),
            (120.0, False, 60.0),
            (1000.0, True, 60.0),
            (29.8, True, 30000 / 1001),
            (24.4, True, 24.0),
            (3.0, True, 30.0),
            (None, True, 30.0),
        ],
    )
    def test_uneven_and_very_fast_frames_get_a_standard_rate(
        self, fps: float | None, is_vfr: bool, expected: float | None
    ) -> None:
        made = plan(with_video(codec="vp9", fps=fps, is_vfr=is_vfr))
        assert made.fps == expected

    def test_hdr_is_mapped_to_ordinary_colours(self) -> None:
        filters = ",".join(plan(with_video(is_hdr=True)).filters)
        assert "tonemap" in filters
        assert "m=bt709" in filters


class TestAudio:
    def test_no_sound_stays_no_sound(self) -> None:
        assert plan(replace(PROBE, audio=None)).audio is None

    @pytest.mark.parametrize("profile", ["LC", "HE-AAC", "HE-AACv2"])
    def test_aac_is_copied(self, profile: str) -> None:
        assert plan(with_audio(profile=profile)).audio == "copy"

    @pytest.mark.parametrize(
        "probed",
        [
            with_audio(codec="mp3", profile=None),
            with_audio(codec="opus", profile=None),
            with_audio(channels=6),
            with_audio(profile="Main"),
            with_audio(sample_rate=96000),
        ],
    )
    def test_the_rest_is_encoded(self, probed: Probe) -> None:
        made = plan(probed)
        assert (made.video, made.audio) == ("copy", "encode")


class TestEncodeAll:
    def test_copies_nothing(self) -> None:
        made = plan(PROBE, encode_all=True)
        assert (made.video, made.audio, made.copies) == ("encode", "encode", False)
