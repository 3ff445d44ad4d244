"""What a two-arm design can show, against scipy, simulation and published numbers."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import integrate, stats

from alsdecline.analyses.assurance import assurance, assurance_right_sign, data_weight
from alsdecline.analyses.design import (
    TwoArmDesign,
    design_properties,
    slope_standard_error,
)
from alsdecline.analyses.significance import (
    minimum_significant_difference,
    power,
    type_m,
    type_s,
)

DAYS_IN_MONTH = 30.4375
EVERY_TWO_WEEKS_TO_40 = 14.0 * np.arange(21) / DAYS_IN_MONTH
EVERY_FOUR_WEEKS_TO_24 = 28.0 * np.arange(7) / DAYS_IN_MONTH

# effect in standard errors, degrees of freedom, level
DESIGNS = [(0.1, 1, 0.05), (0.67, 7, 0.05), (2.0, 7, 0.1), (3.0, 38, 0.01)]


def nine_patients():
    """Norris total: 4 against 5 patients, a third of the decline of 3 a month."""
    return design_properties(
        TwoArmDesign(
            n_treated=4,
            n_reference=5,
            months=tuple(EVERY_TWO_WEEKS_TO_40),
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
    assert nine.data_weight == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(("n_reference", "expected"), [(40, 0.5), (120, 0.8)])
def test_power_of_alsfrs_slopes(n_reference, expected):
    """The documented check from outside: 30% of 1.03 points a month, 24 weeks."""
    properties = design_properties(
        TwoArmDesign(
            n_treated=120,
            n_reference=n_reference,
            months=tuple(EVERY_FOUR_WEEKS_TO_24),
            slope_sd=0.76,
            residual_sd=1.77,
            prior_sd=0.5,
            effect=0.3 * 1.03,
        )
    )
    assert properties.power == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("effect", "standard_error", "expected_power", "expected_s", "expected_m"),
    [
        (0.1, 3.28, 0.05010648, 0.4644228, 76.82889),
        (2.0, 8.1, 0.05701294, 0.2396177, 9.571811),
    ],
)
def test_published_design_calculations(
    effect, standard_error, expected_power, expected_s, expected_m
):
    """Both examples of Gelman and Carlin (2014), as ``retrodesign()`` prints them.

    Printed by D. Klein with the Stata version (2017, Statistical Modeling, Causal
    Inference, and Social Science). Known standard error, so many degrees of freedom;
    their exaggeration is a mean of 10,000 draws, of which about 500 are significant.
    """
    df = 10**6
    assert power(effect, standard_error, df) == pytest.approx(expected_power, rel=1e-5)
    assert type_s(effect, standard_error, df) == pytest.approx(expected_s, rel=1e-5)
    assert type_m(effect, standard_error, df) == pytest.approx(expected_m, rel=0.02)


def test_standard_error_is_that_of_least_squares():
    """The covariance matrix of stacked least squares gives the same number."""
    months = np.array([0.0, 1.0, 2.5, 4.0])
    design = np.column_stack([np.ones(4), months])
    within = 3.0**2 * np.linalg.inv(design.T @ design)[1, 1]
    expected = math.sqrt((1.2**2 + within) / 6 + (1.2**2 + within) / 9)
    assert slope_standard_error(6, 9, months, 1.2, 3.0) == pytest.approx(expected)


@pytest.mark.parametrize(("d", "df", "alpha"), DESIGNS)
def test_power_and_sign_are_noncentral_t(d, df, alpha):
    """Tails of scipy's noncentral t distribution."""
    critical = stats.t.isf(alpha / 2, df)
    right, wrong = stats.nct.sf(critical, df, d), stats.nct.cdf(-critical, df, d)
    assert power(d * 1.7, 1.7, df, alpha) == pytest.approx(right + wrong, rel=1e-8)
    assert power(-d * 1.7, 1.7, df, alpha) == pytest.approx(right + wrong, rel=1e-8)
    expected = wrong / (right + wrong)
    assert type_s(d * 1.7, 1.7, df, alpha) == pytest.approx(expected, rel=1e-8)


def test_power_without_effect_is_the_level():
    """The test has its nominal size, whatever the degrees of freedom."""
    for df in (1, 7, 300):
        assert power(0.0, 1.0, df, 0.05) == pytest.approx(0.05, rel=1e-8)


@pytest.mark.parametrize(("d", "df", "alpha"), DESIGNS)
def test_exaggeration_by_double_integration(d, df, alpha):
    """Mean size over the joint density of estimate and estimated SD."""
    critical = stats.t.isf(alpha / 2, df)

    def significant_given(estimate):
        # significant if the estimated SD is small enough
        return stats.chi2.cdf(df * (estimate / critical) ** 2, df)

    def moment(order):
        def integrand(estimate):
            density = stats.norm.pdf(estimate, loc=d)
            return abs(estimate) ** order * density * significant_given(estimate)

        return integrate.quad(integrand, d - 12, d + 12, points=[0, d], limit=200)[0]

    expected = moment(1) / (d * moment(0))
    assert type_m(d * 0.4, 0.4, df, alpha) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("ratio", [0.2, 0.67, 4.0])
@pytest.mark.parametrize(("df", "alpha"), [(1, 0.05), (7, 0.05), (60, 0.01)])
def test_assurance_averages_noncentral_t(ratio, df, alpha):
    """Quadrature of scipy's noncentral t tails over the prior's quantiles."""
    critical = stats.t.isf(alpha / 2, df)

    # both signs of the effect are alike, so half of the prior will do
    def right(u):
        return 2 * stats.norm.pdf(u) * stats.nct.sf(critical, df, u * ratio)

    def wrong(u):
        return 2 * stats.norm.pdf(u) * stats.nct.cdf(-critical, df, u * ratio)

    right_sign = integrate.quad(right, 0, 9)[0]
    # six standard errors away a wrong sign is impossible, and scipy's tail is noise
    either_sign = right_sign + integrate.quad(wrong, 0, min(9, 6 / ratio))[0]
    assert assurance(ratio, 1.0, df, alpha) == pytest.approx(either_sign, rel=1e-6)
    assert assurance_right_sign(ratio, 1.0, df, alpha) == pytest.approx(
        right_sign, rel=1e-6
    )


def test_limits_of_the_prior():
    """A prior at 0 leaves the level, half of it right; a vast one leaves certainty."""
    assert assurance(1e-9, 1.0, 7) == pytest.approx(0.05)
    assert assurance_right_sign(1e-9, 1.0, 7) == pytest.approx(0.025)
    assert assurance_right_sign(1e9, 1.0, 7) == pytest.approx(1.0)
    assert data_weight(1e-9, 1.0) == pytest.approx(0.0)
    assert data_weight(1e9, 1.0) == pytest.approx(1.0)


def test_data_weight_is_conjugate():
    """Regression of the effect on its estimate, from their joint covariance."""
    prior_sd, se = 0.7, 1.3
    covariance = np.array([[prior_sd**2, prior_sd**2], [0.0, prior_sd**2 + se**2]])
    assert data_weight(prior_sd, se) == pytest.approx(
        covariance[0, 1] / covariance[1, 1]
    )


def test_far_tail_keeps_its_precision():
    """A significant wrong sign beside a large effect is rare, not zero.

    Summed in logarithms over a fine grid of the SD ratio.
    """
    d, df = 8.0, 7
    critical = stats.t.isf(0.025, df)
    r = np.linspace(1e-6, 4.0, 400_001)
    log_terms = stats.norm.logsf(critical * r + d) + stats.chi.logpdf(
        r * math.sqrt(df), df
    )
    wrong = np.exp(log_terms).sum() * (r[1] - r[0]) * math.sqrt(df)
    assert type_s(d, 1.0, df) * power(d, 1.0, df) == pytest.approx(wrong, rel=1e-6)


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


def test_minimum_significant_difference_is_where_p_crosses():
    """An estimate of this size has a p-value of alpha."""
    size = minimum_significant_difference(1.3, 7, alpha=0.1)
    assert 2 * stats.t.sf(size / 1.3, 7) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"effect": 0.0}, "size_of_effect is 0"),
        ({"prior_sd": -1.0}, "prior_sd is -1"),
        ({"n_treated": 0}, "n_treated is 0"),
        ({"n_treated": 1, "n_reference": 1}, "degrees_of_freedom is 0"),
        ({"months": (2.0, 2.0)}, "two distinct times"),
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
        months=(0.0, 1.0, 2.0),
        slope_sd=2.0,
        residual_sd=3.0,
        prior_sd=1.0,
        effect=1.0,
    )
    with pytest.raises(ValueError, match=message):
        design_properties(dataclasses.replace(design, **changed))
