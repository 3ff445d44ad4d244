"""Bands of the ECDF of ranks hold uniform ones as often as they say, and no others."""

import numpy as np
import pytest
from arviz_stats.ecdf_utils import ecdf_pit
from scipy import stats

from alsdecline.design.rank_uniformity import (
    difference_band,
    ecdf_differences,
    holm,
    p_values,
    uniform_depths,
)

SEED = 20050727
N_KEPT = 100
FALSE_ALARM = 1e-3
N_NULL = 100_000
"""Simulated sets of uniform ranks; the least p-value is 1 in so many."""


def test_uniform_ranks_leave_the_bands_as_often_as_these_say() -> None:
    """Of 2,000 new sets; the count is outside once in 10,000 by the binomial."""
    null = uniform_depths(200, N_KEPT, 40_000, SEED)
    ranks = np.random.default_rng(SEED + 1).integers(0, N_KEPT + 1, (200, 2000))
    rejected = int((p_values(ranks, N_KEPT, null) <= 0.05).sum())
    low, high = stats.binom(2000, 0.05).ppf([5e-5, 1 - 5e-5])
    assert low <= rejected <= high


@pytest.mark.parametrize(
    ("n", "shift", "spread"),
    [  # as docs/calibration.md has it
        (40, 0.0, 2.5),
        (40, 1.0, 1.0),
        (100, 0.0, 1.9),
        (100, 0.7, 1.0),
        (200, 0.0, 1.6),
        (200, 0.5, 1.0),
        (1000, 0.0, 1.3),
        (1000, 0.3, 1.0),
        # and too wide
        (200, 0.0, 0.5),
    ],
)
def test_ranks_of_posteriors_too_wide_too_narrow_or_off_are_found(
    n: int, shift: float, spread: float
) -> None:
    """One quantity among 100 (Holm), in more than 80% of 50 simulated sets.

    Truths are normal about their posteriors, `shift` posterior SDs off, with `spread`
    of these SDs.
    """
    null = uniform_depths(n, N_KEPT, N_NULL, SEED)
    rng = np.random.default_rng(SEED)
    share = stats.norm.cdf(shift + spread * rng.standard_normal((n, 50)))
    ranks = np.minimum(share * (N_KEPT + 1), N_KEPT).astype(int)
    power = (p_values(ranks, N_KEPT, null) <= FALSE_ALARM / 100).mean()
    assert power > 0.8


def test_holm_adjusts_as_r_does() -> None:
    """In R 4: p.adjust(c(0.01, 0.04, 0.03, 0.5), "holm") is 0.04, 0.09, 0.09, 0.5."""
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.5]))
    np.testing.assert_allclose(adjusted, [0.04, 0.09, 0.09, 0.5])


def test_the_band_holds_the_whole_ecdf_of_uniform_ranks_as_often_as_it_says() -> None:
    """Of 4,000 new sets; the count is outside once in 10,000 by the binomial.

    Ranks are discrete, so that a band holds a little more than it says, never less.
    """
    null = uniform_depths(300, N_KEPT, 40_000, SEED)
    lower, upper = difference_band(300, N_KEPT, null, 0.95)
    ranks = np.random.default_rng(SEED + 2).integers(0, N_KEPT + 1, (300, 4000))
    differences = ecdf_differences(ranks, N_KEPT)
    rounding = 1e-12
    inside = (differences >= lower - rounding) & (differences <= upper + rounding)
    held = int(inside.all(axis=1).sum())
    low, high = stats.binom(4000, 0.95).ppf([5e-5, 1 - 5e-5])
    assert low <= held <= high


def test_the_band_is_that_of_arviz() -> None:
    """ArviZ has the band of continuous values at n - 1 points of their own.

    By its own simulation, at other points: so within a hundredth of the ECDF's range,
    where the band is 0.08 wide on either side.
    """
    n = 300
    null = uniform_depths(n, N_KEPT, 40_000, SEED)
    lower, upper = difference_band(n, N_KEPT, null, 0.95)
    values = np.random.default_rng(SEED).uniform(size=n)
    points, _, below, above = ecdf_pit(values, 0.95, 2_000)
    at = np.arange(1, N_KEPT + 1) / (N_KEPT + 1)
    theirs = [np.interp(at, points, band - points) for band in (below, above)]
    middle = slice(5, -5)  # at the ends theirs has steps of its own
    np.testing.assert_allclose(lower[middle], theirs[0][middle], atol=0.01)
    np.testing.assert_allclose(upper[middle], theirs[1][middle], atol=0.01)


def test_the_differences_of_an_ecdf_are_those_counted_by_hand() -> None:
    """Of ranks 0, 0, 2 among 2 draws two of three are below 1 and below 2."""
    found = ecdf_differences(np.array([[0], [0], [2]]), 2)
    np.testing.assert_allclose(found, [[1 / 3, 0.0]])
