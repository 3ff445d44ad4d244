"""Chances over the effect's prior, against quadrature and their limits."""

import pytest
from scipy import integrate, stats

from alsdecline.analyses.assurance import assurance, assurance_right_sign


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
