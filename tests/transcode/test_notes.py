"""Notes: sentences that say what of a source is changed or left out."""

from dataclasses import replace

from playout.transcode.inspect.colours import HLG, PQ, PQ_LIGHT, Colours
from playout.transcode.inspect.side_tracks import SideTrack
from playout.transcode.notes import notes_of
from tests.transcode.helpers.probes import PROBE, with_audio, with_video


def with_tracks(*tracks: SideTrack) -> list[str]:
    return notes_of(replace(PROBE, side_tracks=tracks))


class TestNotes:
    def test_there_are_none_about_an_ordinary_source(self) -> None:
        assert notes_of(PROBE) == []

    def test_say_that_hdr_is_mapped_and_whether_it_is_also_kept(self) -> None:
        copied = with_video(
            codec="hevc", profile="Main 10", pix_fmt="yuv420p10le", colours=Colours(9, HLG, 9)
        )
        assert notes_of(copied) == [
            "The picture has a high dynamic range (HLG). Most screens get it mapped to SDR."
        ]
        encoded = with_video(codec="vp9", profile="Profile 2", colours=Colours(9, PQ, 9))
        assert "cannot be copied" in notes_of(encoded)[1]

    def test_say_that_dolby_vision_without_a_base_layer_is_grey_and_what_to_do(self) -> None:
        found = notes_of(
            with_video(codec="hevc", has_dolby_vision=True, lacks_base_layer=True, colours=PQ_LIGHT)
        )
        assert found == [
            "The picture is Dolby Vision of profile 5. Only its own players know the colours.",
            "It is played in grey. For colours, export the video as HDR10 or SDR.",
        ]

    def test_say_what_becomes_smaller_and_slower(self) -> None:
        found = notes_of(with_video(width=7680, height=4320, fps=119.88))
        assert found == [
            "The picture of 7680 × 4320 pixels is reduced to 3840 × 2160.",
            "The picture has 120 frames per second. At most 60 are played.",
        ]

    def test_say_that_surround_sound_is_mixed(self) -> None:
        surround = replace(PROBE, audio=with_audio(channels=6))
        assert notes_of(surround) == ["The sound has 6 channels. They are mixed to stereo."]

    def test_name_subtitles_that_are_pictures(self) -> None:
        pictures = SideTrack(2, "subtitle", "dvb_subtitle", language="de")
        assert with_tracks(pictures, SideTrack(3, "subtitle", "ass")) == [
            "Subtitles (DVB, de) are left out: they are pictures."
        ]

    def test_name_audio_that_is_too_much_or_unknown(self) -> None:
        more = [SideTrack(index, "audio", "aac", sample_rate=48000) for index in range(2, 11)]
        unknown = SideTrack(11, "audio", "ac4", is_decodable=False)
        assert with_tracks(*more, unknown) == [
            "1 audio track is left out: Playout cannot read the codec.",
            "2 audio tracks are left out: a video has 8 at the most.",
        ]
