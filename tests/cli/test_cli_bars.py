"""Bars of numbers in the terminal."""

import pytest

from playout.cli.analytics import bars


class TestBars:
    @pytest.mark.parametrize(
        ("numbers", "drawn"),
        [
            ([], ""),
            ([0, 0], "▁▁"),
            ([0, 1, 2], "▁▅█"),
            ([7], "█"),
            ([4, 4, 0, 0], "█▁"),
        ],
    )
    def test_show_each_number_beside_the_highest(self, numbers, drawn):
        assert bars(numbers, width=2 if len(numbers) == 4 else 60) == drawn
