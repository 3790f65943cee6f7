"""The statistics of experiments. Nothing here knows the database.

Whoever looks at a classical test every hour, and stops when it says "significant", is wrong far
more often than it promises. The intervals and p-values here hold at all times together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

ALPHA = 0.05
MISMATCH = 0.001
"""A sample ratio with a lower p-value is not chance."""
TIGHTEST_AT = 2_000
"""Visitors after which the intervals are as tight as they can be. They hold at other times, too."""
PRIOR_VISITORS = 200.0
"""Weight of the intended ratio: the test of ratios finds small faults better when it is high."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The visitors that saw a variant, and how many of them did what the experiment is for."""

    visitors: int
    successes: int

    @property
    def rate(self) -> float | None:
        return self.successes / self.visitors if self.visitors else None


@dataclass(frozen=True, slots=True)
class Difference:
    """The rate of a variant minus that of the first one.

    `low` and `high` contain the true difference at all times together with a probability of 95 %,
    and `p_value` is always valid. `p_value_once` holds for whoever looks only once.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    p_value_once: float


def difference(control: Counted, variant: Counted, comparisons: int = 1) -> Difference | None:
    """Return how a variant differs from the first one; None before both have visitors.

    `comparisons` is the number of variants that are compared with the first one: intervals are
    wider, and p-values higher, so that all of them hold together (Bonferroni).

    The intervals are asymptotic confidence sequences: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas,
    "Time-uniform central limit theory and asymptotic confidence sequences" (2024,
    arXiv:2103.06476), theorem 2.2, with the variance of the difference of two means. The p-value
    is the level at which 0 leaves the interval.
    """
    if not control.visitors or not variant.visitors:
        return None
    estimate = variant.successes / variant.visitors - control.successes / control.visitors
    visitors = control.visitors + variant.visitors
    variance = visitors * (_variance(control) + _variance(variant))
    alpha = ALPHA / comparisons
    spread = visitors * _rho_squared(alpha) + 1
    scale = visitors * visitors * _rho_squared(alpha)
    radius = math.sqrt(2 * spread / scale * variance * math.log(math.sqrt(spread) / alpha))
    exponent = -estimate * estimate * scale / (2 * variance * spread)
    p_value = math.sqrt(spread) * math.exp(exponent)
    return Difference(
        estimate,
        max(-1.0, estimate - radius),
        min(1.0, estimate + radius),
        min(1.0, p_value * comparisons),
        min(1.0, fixed_p_value(control, variant) * comparisons),
    )


def fixed_p_value(control: Counted, variant: Counted) -> float:
    """Return the p-value of the two-sided z-test of two proportions.

    It holds only once, at a size that was chosen before. Fleiss, Levin, Paik, "Statistical Methods
    for Rates and Proportions" (2003), section 3.1, without the correction for continuity.
    """
    visitors = control.visitors + variant.visitors
    pooled = (control.successes + variant.successes) / visitors
    variance = pooled * (1 - pooled) * (1 / control.visitors + 1 / variant.visitors)
    if not variance:
        return 1.0
    estimate = variant.successes / variant.visitors - control.successes / control.visitors
    return 2 * NormalDist().cdf(-abs(estimate) / math.sqrt(variance))


def ratio_p_value(visitors: Sequence[int], weights: Sequence[float]) -> float:
    """Return the p-value of the hypothesis that visitors were divided by the weights.

    It may be looked at after every visitor, and is exact: the inverse of a Bayes factor, that of a
    Dirichlet prior around the weights against the weights themselves. Lindon, Malek, "Anytime-valid
    inference for multinomial count data" (NeurIPS 2022).
    """
    whole = sum(weights)
    shares = [each / whole for each in weights]
    prior = [PRIOR_VISITORS * each for each in shares]
    logarithm = math.lgamma(PRIOR_VISITORS) - math.lgamma(PRIOR_VISITORS + sum(visitors))
    for count, share, before in zip(visitors, shares, prior, strict=True):
        logarithm += math.lgamma(before + count) - math.lgamma(before) - count * math.log(share)
    return min(1.0, math.exp(-max(logarithm, 0.0)))


def _variance(counted: Counted) -> float:
    """Return the variance of a rate, with a success and a failure added (Agresti, Caffo 2000).

    Without them, a rate of 0 or 1 of few visitors would seem to be certain.
    """
    rate = (counted.successes + 1) / (counted.visitors + 2)
    return rate * (1 - rate) / counted.visitors


def _rho_squared(alpha: float) -> float:
    """Return the parameter that makes intervals tightest at `TIGHTEST_AT` (the same, section 3)."""
    return (-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1) / TIGHTEST_AT
