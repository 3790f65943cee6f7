"""The ladder of a source is computed from its probe alone."""

from fractions import Fraction

import pytest

from playout.transcode.encode.filters import rungs_graph
from playout.transcode.encode.ladder import RESOLUTIONS, Rung, first_rung, ladder_for
from playout.transcode.inspect.colours import Colours
from tests.transcode.helpers.probes import with_video

pytestmark = pytest.mark.slow

NTSC = Fraction(30000, 1001)


def rungs(**changes: object) -> tuple[Rung, ...]:
    return ladder_for(with_video(**changes).video)


def sizes(width: int, height: int) -> list[tuple[str, int, int]]:
    return [(r.name, r.width, r.height) for r in rungs(width=width, height=height)]


LANDSCAPE = [("240p", 426, 240), ("360p", 640, 360), ("480p", 854, 480), ("720p", 1280, 720)]
PORTRAIT = [(name, height, width) for name, width, height in LANDSCAPE]


class TestSizes:
    @pytest.mark.parametrize(
        ("size", "expected"),
        [
            ((1920, 1080), [*LANDSCAPE, ("1080p", 1920, 1080)]),
            ((1280, 720), LANDSCAPE),
            ((1080, 1920), [*PORTRAIT, ("1080p", 1080, 1920)]),
            ((640, 360), LANDSCAPE[:2]),
            ((426, 240), LANDSCAPE[:1]),
            ((320, 180), [("240p", 320, 180)]),
            ((2, 2), [("240p", 2, 2)]),
            ((1, 1), [("240p", 2, 2)]),
            ((321, 181), [("240p", 320, 180)]),
            ((427, 240), LANDSCAPE[:1]),
            # Between two resolutions: its own size, and those that are clearly smaller.
            ((1000, 562), [*LANDSCAPE[:3], ("720p", 1000, 562)]),
            ((900, 506), [*LANDSCAPE[:2], ("720p", 900, 506)]),
            # Wide pictures are as wide as the resolution, square ones as high.
            (
                (1920, 804),
                [
                    *[("240p", 426, 178), ("360p", 640, 268), ("480p", 854, 358)],
                    *[("720p", 1280, 536), ("1080p", 1920, 804)],
                ],
            ),
            (
                (1080, 1080),
                [
                    *[("240p", 240, 240), ("360p", 360, 360), ("480p", 480, 480)],
                    *[("720p", 720, 720), ("1080p", 1080, 1080)],
                ],
            ),
        ],
    )
    def test_rungs_are_the_smaller_resolutions_and_the_own_size(
        self, size: tuple[int, int], expected: list[tuple[str, int, int]]
    ) -> None:
        assert sizes(*size) == expected

    @pytest.mark.parametrize(
        ("size", "top"),
        [
            ((3840, 2160), ("2160p", 3840, 2160)),
            ((2560, 1440), ("1440p", 2560, 1440)),
            ((7680, 4320), ("2160p", 3840, 2160)),
            ((4320, 7680), ("2160p", 2160, 3840)),
            ((4096, 2160), ("2160p", 3840, 2024)),
            ((8000, 2), ("2160p", 3840, 2)),
        ],
    )
    def test_larger_sources_are_scaled_down_to_2160p(
        self, size: tuple[int, int], top: tuple[str, int, int]
    ) -> None:
        assert sizes(*size)[-1] == top

    @pytest.mark.parametrize("width", [*range(2, 4200, 97), 853, 854, 855, 1279, 1281])
    @pytest.mark.parametrize("shape", [16 / 9, 9 / 16, 4 / 3, 2.39, 1.0, 3.7])
    def test_rungs_rise_and_are_never_larger_than_the_source(
        self, width: int, shape: float
    ) -> None:
        height = max(round(width / shape), 2)
        ladder = rungs(width=width, height=height)
        assert ladder
        for rung in ladder:
            assert rung.width <= max(width, 2)
            assert rung.height <= max(height, 2)
            assert rung.width % 2 == rung.height % 2 == 0
        areas = [rung.width * rung.height for rung in ladder]
        assert areas == sorted(set(areas))
        assert [rung.max_bitrate for rung in ladder] == sorted(rung.max_bitrate for rung in ladder)


class TestFrameRates:
    @pytest.mark.parametrize(
        ("fps", "is_vfr", "expected"),
        [
            (25.0, False, 25),
            (29.97002997, False, NTSC),
            (23.976, False, Fraction(24000, 1001)),
            (60.0, False, 60),
            (12.5, False, Fraction(25, 2)),
            (15.0, False, 15),
            (1.0, False, 5),
            (120.0, False, 60),
            (1000.0, True, 60),
            (29.8, True, NTSC),
            (24.4, True, 24),
            (3.0, True, 30),
            (None, True, 30),
            (None, False, 30),
        ],
    )
    def test_frame_rate_is_constant_and_at_most_60(
        self, fps: float | None, is_vfr: bool, expected: Fraction
    ) -> None:
        assert rungs(fps=fps, is_vfr=is_vfr)[-1].fps == expected

    @pytest.mark.parametrize(("fps", "half"), [(60.0, 30), (50.0, 25), (59.94, NTSC), (48.0, 24)])
    def test_upper_rungs_keep_high_frame_rates_and_lower_rungs_halve_them(
        self, fps: float, half: Fraction
    ) -> None:
        ladder = {rung.name: rung for rung in rungs(fps=fps)}
        assert {ladder[name].fps for name in ("240p", "360p", "480p")} == {half}
        assert {ladder[name].fps for name in ("720p", "1080p")} == {2 * half}
        plain = {rung.name: rung for rung in rungs()}
        assert ladder["1080p"].max_bitrate == plain["1080p"].max_bitrate * 1.5
        assert ladder["480p"].max_bitrate == plain["480p"].max_bitrate

    @pytest.mark.parametrize("fps", [23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0, 12.5, 7.0])
    def test_key_frames_are_at_the_same_times_in_every_rung(self, fps: float) -> None:
        assert len({rung.gop / rung.fps for rung in rungs(fps=fps)}) == 1
        assert float(rungs(fps=fps)[0].gop / rungs(fps=fps)[0].fps) == pytest.approx(2, abs=0.01)

    @pytest.mark.parametrize("fps", [31.5, 100 / 3, 36.0, 37.3, 40.0, 45.33, 47.0])
    def test_so_they_are_at_unusual_rates_with_at_most_30_in_lower_rungs(self, fps: float) -> None:
        ladder = rungs(fps=fps)
        assert len({rung.gop / rung.fps for rung in ladder}) == 1
        assert float(ladder[0].gop / ladder[0].fps) == pytest.approx(2, abs=0.1)
        assert 24 <= ladder[0].fps <= 30
        assert float(ladder[-1].fps) == pytest.approx(fps, rel=0.001)


class TestFirstRung:
    @pytest.mark.parametrize(
        ("size", "first"), [((1920, 1080), "480p"), ((320, 180), "240p"), ((850, 478), "480p")]
    )
    def test_first_rung_is_480p_or_the_largest_below(
        self, size: tuple[int, int], first: str
    ) -> None:
        assert first_rung(rungs(width=size[0], height=size[1])).name == first

    def test_resolutions_rise(self) -> None:
        assert [each.short_side for each in RESOLUTIONS] == sorted(
            each.short_side for each in RESOLUTIONS
        )


class TestRungsGraph:
    def test_hdr_is_tone_mapped_once_for_all_rungs(self) -> None:
        probed = with_video(codec="hevc", colours=Colours(9, 16, 9))
        graph = rungs_graph(probed, ladder_for(probed.video))
        assert graph.count("tonemap=") == 1
        assert "m=bt709" in graph

    def test_small_rungs_are_scaled_from_larger_ones_and_the_largest_from_the_source(self) -> None:
        probed = with_video(width=1920, height=1080)
        chosen = ladder_for(probed.video)
        assert [each.name for each in chosen] == ["240p", "360p", "480p", "720p", "1080p"]
        chains = rungs_graph(probed, chosen).split(";")
        sources = {chain[:4]: chain for chain in chains}
        assert sources["[s4]"].endswith("split=3[v4][s2][s3]")
        assert sources["[s3]"].endswith("split=2[v3][s1]")
        assert sources["[s2]"].endswith("split=2[v2][s0]")
