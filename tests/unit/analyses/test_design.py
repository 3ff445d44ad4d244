"""What a two-arm design can show, against simulated trials and documented designs."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from alsdecline.analyses.design import (
    TwoArmDesign,
    design_properties,
    slope_standard_error,
)

DAYS_IN_MONTH = 30.4375
EVERY_TWO_WEEKS_TO_40 = 14.0 * np.arange(21) / DAYS_IN_MONTH
EVERY_FOUR_WEEKS_TO_24 = 28.0 * np.arange(7) / DAYS_IN_MONTH


def nine_patients():
    """Norris total: 4 against 5 patients, a third of the decline of 3 a month."""
    return design_properties(
        TwoArmDesign(
            n_treated=4,
            n_reference=5,
            times=tuple(EVERY_TWO_WEEKS_TO_40),
            slope_sd=2.2,
            residual_sd=3.0,
            prior_sd=1.0,
            effect=1.0,
        )
    )


def test_nine_patients_show_little():
    """The documented design: 3.5 points a month needed, weight of the data .3."""
    nine = nine_patients()
    assert nine.degrees_of_freedom == 7
    assert nine.minimum_significant_difference == pytest.approx(3.5, abs=0.05)


@pytest.mark.parametrize(("n_reference", "expected"), [(40, 0.5), (120, 0.8)])
def test_power_of_alsfrs_slopes(n_reference, expected):
    """The documented check from outside: 30% of 1.03 points a month, 24 weeks."""
    properties = design_properties(
        TwoArmDesign(
            n_treated=120,
            n_reference=n_reference,
            times=tuple(EVERY_FOUR_WEEKS_TO_24),
            slope_sd=0.76,
            residual_sd=1.77,
            prior_sd=0.5,
            effect=0.3 * 1.03,
        )
    )
    assert properties.power == pytest.approx(expected, abs=0.02)


def test_standard_error_is_that_of_least_squares():
    """The covariance matrix of stacked least squares gives the same number."""
    months = np.array([0.0, 1.0, 2.5, 4.0])
    design = np.column_stack([np.ones(4), months])
    within = 3.0**2 * np.linalg.inv(design.T @ design)[1, 1]
    expected = math.sqrt((1.2**2 + within) / 6 + (1.2**2 + within) / 9)
    assert slope_standard_error(6, 9, months, 1.2, 3.0) == pytest.approx(expected)


def test_against_simulated_trials():
    """Visits are simulated, slopes fitted, t tests done: 40,000 trials of 4 against 5.

    Seven statements with two-sided tests at 1e-5 each: false alarm below 1e-4 for a
    new seed.
    """
    rng = np.random.default_rng(1974)
    n_trials, months = 40_000, EVERY_TWO_WEEKS_TO_40
    weights = (months - months.mean()) / np.sum((months - months.mean()) ** 2)

    def simulate(effects):
        treated = np.repeat([True, False], [4, 5])
        slopes = -3.0 + rng.normal(0, 2.2, (n_trials, 9))
        slopes += effects[:, None] * treated
        noise = rng.normal(0, 3.0, (n_trials, 9, months.size))
        fitted = (50.0 + slopes[:, :, None] * months + noise) @ weights
        test = stats.ttest_ind(fitted[:, treated], fitted[:, ~treated], axis=1)
        estimates = fitted[:, treated].mean(axis=1) - fitted[:, ~treated].mean(axis=1)
        return estimates, test.pvalue < 0.05

    def agrees(hits, probability):
        p = stats.binomtest(int(np.sum(hits)), len(hits), probability).pvalue
        return p > 1e-5

    nine = nine_patients()
    estimates, significant = simulate(np.ones(n_trials))
    assert agrees(significant, nine.power)
    assert agrees(estimates < 0, nine.wrong_sign)
    assert agrees(estimates[significant] < 0, nine.type_s)
    sizes = np.abs(estimates[significant])
    error = sizes.std(ddof=1) / math.sqrt(sizes.size)
    assert abs(sizes.mean() - nine.type_m) < stats.norm.isf(0.5e-5) * error
    se = estimates.std(ddof=1)
    spread = stats.norm.isf(0.5e-5) / math.sqrt(2 * n_trials)
    assert se == pytest.approx(nine.slope_standard_error, rel=spread)

    effects = rng.normal(0, 1.0, n_trials)
    estimates, significant = simulate(effects)
    assert agrees(significant, nine.assurance)
    assert agrees(significant & (estimates * effects > 0), nine.assurance_right_sign)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"effect": 0.0}, "size_of_effect is 0"),
        ({"prior_sd": -1.0}, "prior_sd is -1"),
        ({"n_treated": 0}, "n_treated is 0"),
        ({"n_treated": 1, "n_reference": 1}, "degrees_of_freedom is 0"),
        ({"times": (2.0, 2.0)}, "two distinct times"),
        ({"slope_sd": -0.1}, "below 0"),
        ({"slope_sd": 0.0, "residual_sd": 0.0}, "standard_error is 0"),
        ({"alpha": 5.0}, "alpha is 5"),
    ],
)
def test_refuses(changed, message):
    """A design that has no answer is refused, naming the quantity."""
    design = TwoArmDesign(
        n_treated=4,
        n_reference=5,
        times=(0.0, 1.0, 2.0),
        slope_sd=2.0,
        residual_sd=3.0,
        prior_sd=1.0,
        effect=1.0,
    )
    with pytest.raises(ValueError, match=message):
        design_properties(dataclasses.replace(design, **changed))
