"""Experiments in which all variants are the same, and some in which they are not."""

from collections import Counter

import numpy as np
import pytest

from playout.core.experiments.assignment import Running, assign
from playout.core.experiments.statistics import (
    ALPHA,
    MISMATCH,
    Counted,
    difference,
    fixed_p_value,
    ratio_p_value,
)

pytestmark = pytest.mark.slow

RUNS, HOURS = 1_000, 14 * 24
HALVES = Running(7, ("a", "b"), (1, 1))


def hourly(rates, visitors=(25, 25)):
    """Yield for each run the units and successes of two variants, as they are after each hour."""
    random = np.random.default_rng(20261127)
    units = [random.poisson(mean, (RUNS, HOURS)) for mean in visitors]
    successes = [random.binomial(*each) for each in zip(units, rates, strict=True)]
    sums = [np.cumsum(each, axis=1) for pair in zip(units, successes, strict=True) for each in pair]
    yield from np.stack(sums, axis=2).tolist()


def compared(look):
    return difference(Counted(look[0], look[1]), Counted(look[2], look[3]))


class TestVariantsThatAreTheSame:
    def test_differ_in_five_per_cent_for_whoever_looks_once_at_the_end(self):
        last = (run[-1] for run in hourly((0.3, 0.3)))
        found = sum(fixed_p_value(Counted(*a[:2]), Counted(*a[2:])) < ALPHA for a in last)
        assert 0.04 <= found / RUNS <= 0.06

    @pytest.mark.parametrize(("rate", "visitors"), [(0.3, (25, 25)), (0.03, (40, 10))])
    def test_differ_in_no_more_for_whoever_looks_every_hour(self, rate, visitors):
        looks = ([compared(each) for each in run] for run in hourly((rate, rate), visitors))
        found = sum(any(each and not each.low <= 0 <= each.high for each in run) for run in looks)
        assert found / RUNS <= 0.06


class TestDifference:
    def test_is_found_and_lies_in_the_interval_with_its_p_value(self):
        found = [compared(run[-1]) for run in hourly((0.30, 0.35))]
        assert sum(each.low > 0 for each in found) / RUNS > 0.9
        assert sum(each.low <= 0.05 <= each.high for each in found) / RUNS > 0.95
        assert all((each.p_value < ALPHA) == (each.low > 0 or each.high < 0) for each in found)

    def test_needs_units_of_both_and_is_never_certain_of_a_few(self):
        assert difference(Counted(0, 0), Counted(5, 5)) is None
        few = difference(Counted(5, 0), Counted(5, 5))
        assert (few.low, few.high) == (-1, 1)


class TestRatio:
    def test_of_sixty_to_forty_is_no_half_and_half(self):
        assert ratio_p_value((600, 400), (1, 1)) < MISMATCH
        assert ratio_p_value((600, 400), (3, 2)) > 0.5

    def test_is_seldom_wrong_for_whoever_looks_every_hour(self):
        found = sum(
            any(ratio_p_value((each[0], each[2]), (1, 1)) < ALPHA for each in run)
            for run in hourly((0, 0))
        )
        assert found / RUNS <= ALPHA

    def test_of_assigned_visitors_is_that_of_the_weights(self):
        for weights in ((1, 1), (3, 1), (1, 2, 1)):
            keys = ("a", "b", "c")[: len(weights)]
            experiment = Running(9, keys, weights)
            got = Counter(assign(experiment, visitor).key for visitor in range(10_000))
            assert ratio_p_value([got[key] for key in keys], weights) > MISMATCH


class TestAssignment:
    def test_stays_and_does_not_follow_that_of_another_experiment(self):
        other = Running(8, *(HALVES.keys, HALVES.weights))
        mine = [assign(HALVES, visitor).key for visitor in range(4_000)]
        assert mine == [assign(HALVES, visitor).key for visitor in range(4_000)]
        same = sum(a == assign(other, visitor).key for visitor, a in enumerate(mine))
        assert 0.46 < same / 4_000 < 0.54
