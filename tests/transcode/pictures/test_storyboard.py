"""How many tiles a storyboard has, computed from the probe alone."""

import pytest

from playout.transcode.pictures.storyboard import plan_storyboard
from tests.transcode.helpers.probes import with_video


class TestPlanStoryboard:
    @pytest.mark.parametrize(
        ("seconds", "interval_ms", "tile", "count"),
        [
            (60, 2000, 2.0, 30),
            (60, 2002, 2.0, 30),
            (60, 1000, 1.0, 60),
            (10, 2000, 1.0, 10),
            (60, 5000, 1.0, 60),
            (60, None, 1.0, 60),
            (300, 2000, 3.0, 100),
        ],
    )
    def test_has_a_tile_for_each_second_or_for_each_key_frame_of_regular_ones(
        self, seconds: float, interval_ms: int | None, tile: float, count: int
    ) -> None:
        board = plan_storyboard(with_video(ends_at=seconds, keyframe_interval_ms=interval_ms))
        assert (board.seconds, board.count) == (tile, count)
