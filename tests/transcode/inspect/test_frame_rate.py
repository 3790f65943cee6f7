"""The frame rate that is measured, where a file declares several."""

from fractions import Fraction

from playout.transcode.inspect.frame_rate import measure_frame_rate
from playout.transcode.inspect.packets import Packets

NTSC = 30000 / 1001


def packets(rate: Fraction | int, count: int, *, hole_at: int = -1) -> Packets:
    """Packets of that many pictures, in milliseconds as Matroska has them, with a hole of 21 ms."""
    listed = Packets(tick=0.001)
    for number in range(count):
        time = round(float(number / Fraction(rate)) + (0.021 if 0 <= hole_at <= number else 0), 3)
        listed.add(time, time, 1 / float(rate), size=1, is_key=number == 0)
    return listed


def test_a_hole_between_joined_clips_does_not_make_the_film_slower() -> None:
    declared = [29.9787, 30.0, 30.0]
    assert measure_frame_rate(packets(30, 1800, hole_at=600), declared).fps == 30.0


def test_ntsc_is_told_from_30_in_a_file_of_whole_milliseconds() -> None:
    assert measure_frame_rate(packets(Fraction(30000, 1001), 900), [30.0, NTSC]).fps == NTSC


def test_the_average_counts_where_nothing_is_more_exact() -> None:
    assert measure_frame_rate(packets(30, 900), [29.95, 1000.0]).fps == 29.95
