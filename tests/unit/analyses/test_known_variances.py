"""A normal posterior's interval in repeated trials, against trials drawn one by one."""

import numpy as np
import pytest
from scipy import stats

from alsdecline.analyses.known_variances import interval_properties

TRIALS = 200_000


@pytest.mark.parametrize(
    ("effect", "prior_sd", "error"),
    [(0.0, 3.0, 1.5), (2.0, 1.0, 1.5), (3.05, 2.7, 0.4)],
)
def test_properties_are_those_of_trials_drawn_one_by_one(
    effect: float, prior_sd: float, error: float
) -> None:
    """Each within 5 Monte Carlo errors; all nine together fail once in 10^5."""
    rng = np.random.default_rng(20261126)
    data = rng.normal(effect, error, TRIALS)
    precision = 1 / prior_sd**2 + 1 / error**2
    mean, sd = data / error**2 / precision, precision**-0.5
    half = 1.959964 * sd
    inside = np.abs(mean - effect) <= half
    outside = np.abs(mean) > half
    found = interval_properties(effect, prior_sd, error, 0.95)
    limit = 5 / np.sqrt(TRIALS)
    assert abs(found.coverage - inside.mean()) < limit * 0.5
    assert abs(found.excludes_zero - outside.mean()) < limit * 0.5
    assert abs(found.bias - (mean.mean() - effect)) < limit * mean.std()
    assert found.width == pytest.approx(2 * half)


def test_coverage_averaged_over_the_prior_is_the_level() -> None:
    """Of effects drawn from the prior itself an interval covers what it says."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    effects = 1.3 * nodes
    coverage = [interval_properties(e, 1.3, 0.9, 0.9).coverage for e in effects]
    assert np.average(coverage, weights=weights) == pytest.approx(0.9, abs=1e-6)


def test_a_vague_prior_gives_the_interval_of_the_data() -> None:
    found = interval_properties(1.0, 1e6, 0.5, 0.95)
    assert (found.coverage, found.bias) == pytest.approx((0.95, 0), abs=1e-9)
    power = stats.norm.sf(1.959964 - 2) + stats.norm.cdf(-1.959964 - 2)
    assert found.excludes_zero == pytest.approx(power, abs=1e-6)


def test_an_sd_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="prior_sd"):
        interval_properties(1.0, 0.0, 0.5, 0.95)
