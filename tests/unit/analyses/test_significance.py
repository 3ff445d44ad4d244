"""Chances that a t test is significant, against scipy and published numbers."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from alsdecline.analyses.significance import (
    minimum_significant_difference,
    power,
    type_m,
    type_s,
)

# effect in standard errors, degrees of freedom, level
DESIGNS = [(0.1, 1, 0.05), (0.67, 7, 0.05), (2.0, 7, 0.1), (3.0, 38, 0.01)]


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


def test_minimum_significant_difference_is_where_p_crosses():
    """An estimate of this size has a p-value of alpha."""
    size = minimum_significant_difference(1.3, 7, alpha=0.1)
    assert 2 * stats.t.sf(size / 1.3, 7) == pytest.approx(0.1)
