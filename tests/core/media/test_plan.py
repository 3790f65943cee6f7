"""What of a source is played as it is: decided from the facts alone."""

from dataclasses import replace

import pytest
from media_facts import AUDIO, PROBE, with_audio, with_video

from playout.transcode.encode.stream_copy import copies_audio, copies_video, is_final_audio
from playout.transcode.inspect.probe import AudioStream, Probe


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
            with_video(codec="hevc", profile="Main"),
            with_video(codec="hevc", profile="Main 10", pix_fmt="yuv420p10le", is_hdr=True),
            with_video(codec="av1", profile="Main"),
        ],
    )
    def test_what_browsers_play_is_copied(self, probed: Probe) -> None:
        assert copies_video(probed)

    @pytest.mark.parametrize(
        "probed",
        [
            with_video(codec="vp9", profile="Profile 0"),
            with_video(profile="High 10", pix_fmt="yuv420p10le"),
            with_video(profile="High 4:4:4 Predictive", pix_fmt="yuv444p"),
            with_video(profile=None),
            with_video(is_hdr=True),
            with_video(is_interlaced=True),
            with_video(width=4096, height=2160),
            with_video(codec="hevc", profile="Rext", pix_fmt="yuv422p10le"),
            with_video(codec="av1", profile="Professional", pix_fmt="yuv444p"),
            replace(PROBE, container="avi"),
        ],
    )
    def test_the_rest_is_encoded(self, probed: Probe) -> None:
        assert not copies_video(probed)


class TestAudio:
    @pytest.mark.parametrize("profile", ["LC", "HE-AAC", "HE-AACv2"])
    def test_aac_is_copied_and_nothing_better_is_made_of_it(self, profile: str) -> None:
        assert copies_audio(with_audio(profile=profile))
        assert is_final_audio(with_audio(profile=profile))

    def test_opus_is_copied_until_there_is_sound_for_everyone(self) -> None:
        opus = replace(AUDIO, codec="opus", profile=None)
        assert copies_audio(opus)
        assert not is_final_audio(opus)

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
    def test_the_rest_is_encoded(self, audio: AudioStream) -> None:
        assert not copies_audio(audio)
