"""Performance of a method by hand, and of a normal estimate by closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from alsdecline.analyses.known_variances import interval_properties
from alsdecline.analyses.significance import power, type_m, type_s
from alsdecline.design.comparison import Estimates
from alsdecline.design.performance import (
    performance,
    significance_level,
    threshold,
)

FALSE_ALARM = 1e-5
Z = float(stats.norm.isf(FALSE_ALARM / 2))
NAN = math.nan


def test_five_trials_by_hand() -> None:
    """One failed; three are significant, one of these of the wrong sign."""
    estimates = Estimates(
        estimate=np.array([2.0, 1.0, -3.0, 4.0, NAN]),
        lower=np.array([0.5, -1.0, -5.0, 2.5, NAN]),
        upper=np.array([3.5, 3.0, -1.0, 5.5, NAN]),
        p_value=np.array([0.05, 0.3, 0.01, 0.001, NAN]),
    )
    found = performance(estimates, effect=2.0, alpha=0.05)
    assert (found.trials, found.failed) == (5, 1)
    assert found.rejected == 3 / 5
    assert found.rejected_error == pytest.approx(math.sqrt(0.6 * 0.4 / 5))
    assert found.bias == -1.0
    errors = np.array([0.0, -1.0, -5.0, 2.0])
    assert found.bias_error == pytest.approx(errors.std(ddof=1) / 2)
    assert found.rmse == pytest.approx(math.sqrt(30 / 4))
    assert found.coverage == 2 / 4
    assert found.width == 3.5
    assert found.type_s == 1 / 3
    assert found.type_m == pytest.approx((2 + 3 + 4) / 3 / 2)


def test_it_is_what_closed_forms_say_and_its_errors_are_right() -> None:
    """Estimates about 1 with a known standard error of 0.8: power, Type S and M.

    Each against its own Monte Carlo error, at a false-alarm probability of 1e-5.
    """
    effect, error, n = 1.0, 0.8, 40_000
    estimate = np.random.default_rng(9).normal(effect, error, n)
    half = stats.norm.isf(0.025) * error
    p = 2 * stats.norm.sf(np.abs(estimate) / error)
    found = performance(
        Estimates(estimate, estimate - half, estimate + half, p), effect, 0.05
    )
    known = {
        "rejected": power(effect, error, 10**7),
        "type_s": type_s(effect, error, 10**7),
        "type_m": type_m(effect, error, 10**7),
        "bias": 0.0,
        "rmse": error,
        "coverage": interval_properties(effect, 1e6, error, 0.95).coverage,
    }
    for name, value in known.items():
        spread = getattr(found, f"{name}_error")
        assert abs(getattr(found, name) - value) < Z * spread, name
        assert spread < 0.01
    assert found.width == pytest.approx(2 * half)


def test_without_an_effect_there_is_no_wrong_sign() -> None:
    zeros = np.zeros(3)
    found = performance(Estimates(zeros, zeros - 1, zeros + 1, zeros), 0.0, 0.05)
    assert found.rejected == 1.0
    assert math.isnan(found.type_s)
    assert math.isnan(found.type_m)


def test_where_all_failed_nothing_is_claimed() -> None:
    none = np.full(4, NAN)
    found = performance(Estimates(none, none, none, none), 1.0, 0.05)
    assert (found.failed, found.rejected) == (4, 0.0)
    assert math.isnan(found.bias)
    assert math.isnan(found.coverage)
    assert math.isnan(found.width)


def test_a_threshold_is_passed_by_the_share_that_it_is_of() -> None:
    """Of uniform values the quantile itself, at its binomial error."""
    assert threshold(np.array([0.1, 0.9, 0.4, 0.7]), 0.25).value == 0.7
    # 19 of 20 exceed the smallest: as floats 20 x (1 - .95) is above 1
    assert threshold(np.arange(20.0), 1 - 5 / 100).value == 0.0
    # of so few, no value lies a binomial SD further out
    few = threshold(np.arange(20.0), 0.025)
    assert few.value == 19.0
    assert math.isnan(few.error)
    n, above = 20_000, 0.025
    values = np.random.default_rng(4).uniform(size=n)
    found = threshold(values, above)
    assert (values > found.value).mean() <= above
    known = math.sqrt(above * (1 - above) / n)
    assert found.error == pytest.approx(known, rel=0.3)
    assert abs(found.value - (1 - above)) < Z * known


def test_a_p_value_at_the_level_itself_is_significant() -> None:
    """3 against 3 have 20 allocations, so the least p-value is exactly 0.1."""
    assert 1.0 - 0.9 < 2 / 20  # as floats
    assert significance_level(0.9) >= 2 / 20
    assert significance_level(0.8) == 0.2
    assert significance_level(0.95) == 0.05
