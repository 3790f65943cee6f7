"""Where the segments of a personal film begin."""

from fractions import Fraction
from itertools import pairwise

import pytest

from playout.transcode.personal.cuts import Cut, cuts_for, scene_edges, touched_by

RATE = Fraction(30)


def starts(cuts: list[Cut]) -> list[float]:
    return [round(float(cut.start), 3) for cut in cuts]


class TestCutsFor:
    def test_a_film_without_drawings_has_long_segments(self) -> None:
        cuts = cuts_for(Fraction(6), [], [RATE])
        assert starts(cuts) == [0, 2, 4]
        assert not any(cut.is_touched for cut in cuts)

    def test_drawings_begin_and_end_segments_of_half_a_second(self) -> None:
        cuts = cuts_for(Fraction(10), [(1, 2.2)], [RATE])
        assert starts(cuts) == [0, 1, 1.4, 1.8, 2.2, 4.133, 6.1, 8.033]
        assert [cut.is_touched for cut in cuts] == [False, True, True, True] + [False] * 4

    def test_a_drawing_that_begins_between_two_pictures_touches_the_first(self) -> None:
        cuts = cuts_for(Fraction(4), [(1.01, 1.5)], [RATE])
        assert Fraction(1) in {cut.start for cut in cuts if cut.is_touched}

    def test_an_edge_close_behind_another_does_not_touch_the_rest_of_the_film(self) -> None:
        cuts = cuts_for(Fraction(8), [(5, 5.1)], [RATE])
        touched = [cut for cut in cuts if cut.is_touched]
        assert [(cut.start, cut.end) for cut in touched] == [(5, 5 + Fraction(8, 30))]

    def test_the_last_segment_is_not_too_short_to_be_reached(self) -> None:
        for end in (9.6, 9.9, 10, 12):
            cuts = cuts_for(Fraction(10), [(8, end)], [RATE])
            assert cuts[-1].end - cuts[-1].start >= Fraction(1, 2)
            assert cuts[-1].end == 10

    def test_a_scene_begins_and_ends_a_segment_and_touches_none(self) -> None:
        cuts = cuts_for(Fraction(10), [], [RATE], [(3, 6)])
        assert {Fraction(3), Fraction(6)} <= {cut.start for cut in cuts}
        assert not any(cut.is_touched for cut in cuts)

    def test_a_scene_begins_exactly_and_drawings_close_to_it_do_not_get_lost(self) -> None:
        for drawing in ((2.9, 4), (3.1, 4), (1, 2.9), (5.9, 6.1), (2.9, 3.1)):
            cuts = cuts_for(Fraction(10), [drawing], [RATE], [(3, 6)])
            assert {Fraction(3), Fraction(6)} <= {cut.start for cut in cuts}
            assert all(cut.end - cut.start >= Fraction(1, 4) for cut in cuts)
            assert all(cuts[each].is_touched for each in touched_by(cuts, [drawing]))
            assert sum(cut.end - cut.start for cut in cuts if cut.is_touched) <= 2
            assert scene_edges(cuts, [(3, 6)]) == [3, 6]

    def test_drawings_outside_of_the_film_are_left_out(self) -> None:
        assert starts(cuts_for(Fraction(4), [(5, 6)], [RATE])) == [0, 2]
        assert cuts_for(Fraction(4), [(3, 60)], [RATE])[-1].end == 4

    @pytest.mark.parametrize(
        "rates",
        [(Fraction(60), Fraction(30)), (Fraction(50), Fraction(25)), (Fraction(40), Fraction(30))],
    )
    def test_cuts_lie_between_pictures_of_every_rendition(
        self, rates: tuple[Fraction, ...]
    ) -> None:
        for cut in cuts_for(Fraction(9), [(1.03, 2.77), (3.1, 3.2)], rates):
            assert all((cut.start * rate).denominator == 1 for rate in rates)

    def test_segments_follow_each_other(self) -> None:
        cuts = cuts_for(Fraction(30), [(0.1, 0.2), (0.2, 9), (8, 12), (29.9, 30)], [RATE])
        assert cuts[0].start == 0
        assert all(before.end == after.start for before, after in pairwise(cuts))


class TestTouchedBy:
    def test_only_segments_that_somebody_sees_a_drawing_in(self) -> None:
        cuts = cuts_for(Fraction(10), [(1, 2), (5, 6)], [RATE])
        seen = touched_by(cuts, [(5, 6)])
        assert [(float(cuts[each].start), float(cuts[each].end)) for each in sorted(seen)] == [
            (5, 5.5),
            (5.5, 6),
        ]
