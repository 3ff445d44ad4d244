"""Simulated outcomes have the moments of their definitions; so do draws of the priors.

Each statistic is off by 5 of its standard errors once in 1.7 million.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from scipy.special import expit

from alsdecline.models.explicit.checked import CheckedExplicit
from alsdecline.models.explicit.courses import mean_slopes
from alsdecline.models.explicit.layout import lay_out, logit_prior
from alsdecline.models.explicit.member import ExplicitMember, parameter_names
from alsdecline.models.explicit.simulate import prior_draws, simulate_explicit
from alsdecline.models.structure import ModelPrior, Structure

SEED, N = 20050727, 40_000
PRIORS = {"limb": ModelPrior(45.0, 10.0, -2.2, 0.8, 0.73, 12.0, 2.55, 3.75)}
SINGLE = Structure(("limb",), "low", ("high",))
ROBUST = ExplicitMember(SINGLE, "robust", PRIORS)
BOUNDED = ExplicitMember(SINGLE, "bounded", PRIORS, {"limb": 63})
COURSE = {
    "intercept[limb]": 40.0,
    "slope[limb]": -2.0,
    "effect[limb,high]": 0.5,
    "sd_intercept[limb]": 6.0,
    "sd_slope[limb]": 1.0,
    "correlation[slope:limb,intercept:limb]": 0.4,
}
LOGITS = {
    "logit_intercept[limb]": 0.9,
    "logit_slope[limb]": -0.2,
    "logit_effect[limb,high]": 0.1,
    "logit_sd_intercept[limb]": 0.8,
    "logit_sd_slope[limb]": 0.15,
    "correlation[slope:limb,intercept:limb]": -0.3,
}


def simulated(member: ExplicitMember, values: Mapping[str, float]) -> np.ndarray:
    """N patients of the treated arm at 0 and 4 months, (N, 2)."""
    rng = np.random.default_rng(SEED)
    months = np.array([0.0, 4.0])
    return simulate_explicit(member, values, ["high"] * N, months, rng)[:, 0]


def assert_moments(values: np.ndarray, mean: float, variance: float) -> None:
    assert abs(values.mean() - mean) < 5 * values.std() / np.sqrt(N)
    squares = (values - mean) ** 2
    assert abs(squares.mean() - variance) < 5 * squares.std() / np.sqrt(N)


def test_robust_values_have_the_moments_of_a_t_distribution_about_a_line() -> None:
    within = {"sd_residual[limb]": 2.0, "degrees_of_freedom[limb]": 10.0}
    first, last = simulated(ROBUST, COURSE | within).T
    noise = 4.0 * 10 / 8
    assert_moments(first, 40.0, 36.0 + noise)
    # at 4 months, variance 36 + 16 x 1 + 2 x 4 x 0.4 x 6 x 1
    assert_moments(last, 40.0 - 4 * 1.5, 36.0 + 16.0 + 19.2 + noise)
    alone = COURSE | within | {"sd_intercept[limb]": 0.0, "sd_slope[limb]": 0.0}
    beyond = np.abs(simulated(ROBUST, alone)[:, 0] - 40.0) > 6.0
    share = 2 * stats.t.sf(3.0, 10)
    assert abs(beyond.mean() - share) < 5 * np.sqrt(share * (1 - share) / N)


@pytest.mark.parametrize("overdispersion", [0.0, 1e-4, 0.3, 2.0])
def test_bounded_values_have_the_moments_of_a_beta_binomial(
    overdispersion: float,
) -> None:
    values = LOGITS | {"overdispersion[limb]": overdispersion}
    values |= {"logit_sd_intercept[limb]": 0.0, "logit_sd_slope[limb]": 0.0}
    drawn = simulated(BOUNDED, values)
    rho = overdispersion**2 / (1 + overdispersion**2)
    for got, eta in zip(drawn.T, (0.9, 0.9 - 4 * 0.1), strict=True):
        p = expit(eta)
        assert_moments(got, 63 * p, 63 * p * (1 - p) * (1 + 62 * rho))


@pytest.mark.parametrize("level", [-2000.0, -30.0, 0.0, 30.0, 2000.0])
def test_bounded_values_are_whole_points_of_the_scale(level: float) -> None:
    values = LOGITS | {"overdispersion[limb]": 1.0, "logit_intercept[limb]": level}
    drawn = simulated(BOUNDED, values)
    assert np.all((drawn >= 0) & (drawn <= 63) & (drawn == np.round(drawn)))


def test_mean_slope_in_points_is_the_change_of_the_populations_mean() -> None:
    frame = pd.DataFrame([LOGITS | {"overdispersion[limb]": 0.2}])
    slopes = mean_slopes(BOUNDED, frame, 9.0)["limb"]

    def mean(eta: float, sd: float) -> float:
        return integrate.quad(
            lambda z: 63 * expit(eta + sd * z) * stats.norm.pdf(z), -10, 10
        )[0]

    later = np.sqrt(0.64 + 81 * 0.0225 - 2 * 9 * 0.3 * 0.8 * 0.15)
    for arm, slope in (("low", -0.2), ("high", -0.1)):
        expected = (mean(0.9 + 9 * slope, later) - mean(0.9, 0.8)) / 9
        assert slopes[arm] == pytest.approx([expected], abs=1e-8)
    first, last = simulated(BOUNDED, frame.iloc[0].to_dict()).T
    change, short = (last - first) / 4, mean_slopes(BOUNDED, frame, 4.0)["limb"]
    error = change.std() / np.sqrt(N)
    assert abs(change.mean() - short["high"][0]) < 5 * error


def test_mean_slope_of_a_line_is_its_slope() -> None:
    within = {"sd_residual[limb]": 2.0, "degrees_of_freedom[limb]": 10.0}
    slopes = mean_slopes(ROBUST, pd.DataFrame([COURSE | within] * 2), 6.0)["limb"]
    assert list(slopes) == ["low", "high"]
    np.testing.assert_allclose(list(slopes.values()), [[-2.0] * 2, [-1.5] * 2])


def test_priors_are_carried_to_logits_at_the_prior_baseline_mean() -> None:
    """45 of 63 is 5 / 7: a logit is 63 x 10 / 49 points, and n sqrt(p q) 28.46."""
    prior = logit_prior(BOUNDED, "limb")
    points = 63 * 10 / 49
    assert prior.intercept_mean == pytest.approx(np.log(2.5))
    assert prior.slope_mean == pytest.approx(-2.2 / points)
    assert prior.effect_sd == pytest.approx(0.73 / points)
    assert prior.sd_intercept == pytest.approx(12 / points)
    assert prior.sd_residual == pytest.approx(3.75 / (9 * np.sqrt(10)))


def test_draws_of_the_prior_have_its_distributions() -> None:
    """Kolmogorov-Smirnov at 1e-6 for each of 4."""
    rng = np.random.default_rng(SEED)
    drawn = prior_draws(ROBUST, 20_000, rng)
    assert list(drawn) == parameter_names(ROBUST)
    gamma = stats.gamma(2, scale=10)

    def freedom(nu: np.ndarray) -> np.ndarray:
        return 1 - gamma.sf(nu) / gamma.sf(2)

    for name, cdf in (
        ("slope[limb]", stats.norm(-2.2, 0.8).cdf),
        ("sd_residual[limb]", stats.halfnorm(scale=3.75).cdf),
        ("degrees_of_freedom[limb]", freedom),
        # LKJ(2) of 2 x 2: (1 + r) / 2 is Beta(2, 2)
        ("correlation[slope:limb,intercept:limb]", stats.beta(2, 2, -1, 2).cdf),
    ):
        assert stats.kstest(drawn[name], cdf).pvalue > 1e-6, name
    assert list(prior_draws(BOUNDED, 5, rng)) == parameter_names(BOUNDED)


@pytest.mark.parametrize("member", [ROBUST, BOUNDED])
def test_prior_predictive_values_stand_at_the_trials_visits(
    member: ExplicitMember,
) -> None:
    patients = pd.DataFrame({"patient": ["a", "b"], "arm": ["low", "high"]})
    frame = pd.DataFrame(
        {
            "patient": list("aabbb"),
            "time": [0, 3, 0, 2, 5],
            "value": [40, 35, 41, 39, 30],
        }
    )
    data = lay_out(member, patients, {"limb": frame})
    model, rng = CheckedExplicit(member), np.random.default_rng(SEED)
    drawn = model.replicates(model.prior_draws(2000, rng), data, rng)
    assert drawn.shape == (2000, 5)
    assert np.isfinite(drawn).all()
    # the baseline mean is 45 within 10, patients within a half-normal of 12: a mean
    # over 2000 draws has a standard error of 0.4 points, on logits less
    centre = 45.0 if member is ROBUST else 63 * 0.66
    assert abs(drawn[:, 0].mean() - centre) < 3.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"drift": 1.0}, "unknown: \\['drift'\\]"),
        ({"overdispersion[limb]": -0.1}, "below 0"),
        ({"logit_sd_slope[limb]": -0.1}, "SD must be at least 0"),
    ],
)
def test_parameters_that_make_no_model_are_refused(
    change: dict[str, float], message: str
) -> None:
    values = LOGITS | {"overdispersion[limb]": 0.2} | change
    with pytest.raises(ValueError, match=message):
        simulated(BOUNDED, values)
