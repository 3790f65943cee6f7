"""Which streams are copied is decided from the probe alone."""

from dataclasses import replace

import pytest

from playout.transcode.encode.stream_copy import can_copy_audio, can_copy_video, plays_everywhere
from playout.transcode.inspect.colours import Colours
from playout.transcode.inspect.probe import AudioStream, Probe
from tests.transcode.helpers.probes import AUDIO, PROBE, with_audio, with_video

PQ_COLOURS = Colours(9, 16, 9)
pytestmark = pytest.mark.slow


class TestCanCopyVideo:
    @pytest.mark.parametrize(
        "probed",
        [
            PROBE,
            replace(PROBE, container="matroska"),
            replace(PROBE, container="mpegts"),
            replace(PROBE, container="flv"),
            with_video(profile="Constrained Baseline"),
            with_video(pix_fmt="yuvj420p"),
            with_video(is_vfr=True),
            with_video(width=2160, height=3840),
            with_video(codec="hevc", profile="Main"),
            with_video(codec="hevc", profile="Main 10", pix_fmt="yuv420p10le", colours=PQ_COLOURS),
            with_video(codec="av1", profile="Main"),
        ],
    )
    def test_video_that_browsers_play_is_copied(self, probed: Probe) -> None:
        assert can_copy_video(probed)

    @pytest.mark.parametrize(
        "probed",
        [
            with_video(codec="vp9", profile="Profile 0"),
            with_video(profile="High 10", pix_fmt="yuv420p10le"),
            with_video(profile="High 4:4:4 Predictive", pix_fmt="yuv444p"),
            with_video(profile=None),
            with_video(colours=PQ_COLOURS),
            with_video(is_interlaced=True),
            with_video(rotation=90),
            with_video(codec="hevc", profile="Main 10", lacks_base_layer=True),
            with_video(is_mirrored=True),
            with_video(width=4096, height=2160),
            with_video(codec="hevc", profile="Rext", pix_fmt="yuv422p10le"),
            with_video(codec="av1", profile="Professional", pix_fmt="yuv444p"),
            replace(PROBE, container="avi"),
        ],
    )
    def test_any_other_video_is_encoded(self, probed: Probe) -> None:
        assert not can_copy_video(probed)


class TestCanCopyAudio:
    @pytest.mark.parametrize("profile", ["LC", "HE-AAC", "HE-AACv2"])
    def test_aac_is_copied_and_plays_everywhere(self, profile: str) -> None:
        assert can_copy_audio(with_audio(profile=profile))
        assert plays_everywhere(with_audio(profile=profile))

    def test_opus_is_copied_but_does_not_play_everywhere(self) -> None:
        opus = replace(AUDIO, codec="opus", profile=None)
        assert can_copy_audio(opus)
        assert not plays_everywhere(opus)

    @pytest.mark.parametrize(
        "audio",
        [
            with_audio(codec="mp3", profile=None),
            with_audio(channels=6),
            with_audio(codec="opus", profile=None, channels=6),
            with_audio(profile="Main"),
            with_audio(sample_rate=96000),
        ],
    )
    def test_any_other_audio_is_encoded(self, audio: AudioStream) -> None:
        assert not can_copy_audio(audio)
