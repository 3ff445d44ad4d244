"""The prior predictive p-value against its closed form and against drawn trials."""

import numpy as np
import pytest
from scipy import stats

from alsdecline.analyses.prior_conflict import prior_predictive_p


@pytest.mark.parametrize("estimate", [0.5, 3.0, -2.0])
def test_with_many_degrees_of_freedom_variances_add(estimate: float) -> None:
    """Estimates are then normal about the prior's mean."""
    found = prior_predictive_p(estimate, 1.2, 1e7, 0.4, 0.9)
    expected = 2 * stats.norm.sf(abs(estimate - 0.4) / np.hypot(1.2, 0.9))
    assert found == pytest.approx(expected, rel=1e-5)


def test_few_degrees_of_freedom_are_those_of_students_t() -> None:
    """Of 10^6 drawn trials a share has a standard error of at most 0.0005."""
    rng = np.random.default_rng(20261126)
    drawn = rng.normal(0, 2.0, 10**6) + 1.5 * rng.standard_t(4, 10**6)
    share = np.mean(np.abs(drawn) >= 4.0)
    assert abs(prior_predictive_p(4.0, 1.5, 4, 0.0, 2.0) - share) < 5 * 0.0005


def test_an_estimate_at_the_prior_mean_is_no_conflict() -> None:
    assert prior_predictive_p(0.4, 1.2, 7, 0.4, 0.9) == pytest.approx(1)
