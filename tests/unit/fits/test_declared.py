"""Every member gives what its plan declares: moments, slopes, likelihoods, effects.

References are closed forms of the priors' moments, polynomials, numerical integrals,
and the linear mixed model by REML.
"""

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import integrate, stats
from scipy.special import expit, logit

from alsdecline.analyses.mixed_model import fit_mixed_model
from alsdecline.fits.checked import checked_model
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.posterior_draws import fit_model
from alsdecline.fits.priors import prior_effect_sd, prior_of
from alsdecline.models.interface import DeclineModel
from alsdecline.models.layout import TrialLayout
from alsdecline.settings.file import parse_settings
from alsdecline.settings.trial import Settings
from support.configurations import Change, changed
from support.trial_folder import PROJECT

SEED = 20050727
SDS = 5.5
"""Standard errors that a statistic misses once in 26 million."""

LIMB = "priors.outcomes.limb"
MEMBERS: Any = ("single", "ratio", "curved", "robust", "bounded")
GAUSSIAN = MEMBERS[:3]
OUTCOMES = ("limb", "bulbar", "fvc", "total")
MONTHS = np.array([0.0, 6.0])


def settings_of(*changes: Change) -> Settings:
    """Every member of the limb score, with age as a covariate and small curvature."""
    content = yaml.safe_load((PROJECT / "config.yaml").read_text(encoding="utf-8"))
    covariate = {"age": {"baseline_sd": 0.5, "slope_sd": 0.05}}
    standard: list[Change] = [
        ("models.covariates", [{"column": "age"}]),
        *((f"priors.outcomes.{k}.covariates", covariate) for k in OUTCOMES),
        *((f"models.{member}", ["limb"]) for member in MEMBERS),
        (f"{LIMB}.curvature_sd", 0.06),
        (f"{LIMB}.sd_curvature", 0.05),
    ]
    text = yaml.safe_dump(changed(content, *standard, *changes), sort_keys=False)
    return parse_settings(text, "config.yaml")


def plan_of(member: Any, *changes: Change) -> FitPlan:
    return fit_plan(settings_of(*changes), member, "limb")


def trial_of(
    model: DeclineModel, values: np.ndarray, months: np.ndarray = MONTHS
) -> TrialLayout:
    """Lay (N, T) values out; arms by turns, ages 10 years below and above the mean."""
    n = len(values)
    arms = list(itertools.islice(itertools.cycle(["low", "high"]), n))
    ages = np.where(np.arange(n) // 2 % 2, 70.0, 50.0)
    ids = [f"p{i:02d}" for i in range(n)]
    patients = pd.DataFrame({"patient": ids, "arm": arms, "age": ages})
    frame = pd.DataFrame(
        {
            "patient": np.repeat(ids, months.size),
            "time": np.tile(months, n),
            "value": values.ravel(),
        }
    )
    return model.lay_out(patients, {"limb": frame})


def prior_moments(member: str, month: float, high: bool) -> tuple[float, float]:
    """Mean and variance of a value under the prior; the age is 10 years off the mean.

    A half-normal SD of scale s has the mean square s^2. All terms are uncorrelated, the
    correlations' prior being symmetric about 0.
    """
    # the numbers of config.yaml and settings_of
    level, slope, effect = (45.0, 10.0), (-2.2, 0.8), 2.2
    at_zero = level[1] ** 2 + (10 * 0.5) ** 2 + 12.0**2
    per_month = slope[1] ** 2 + (10 * 0.05) ** 2 + 2.55**2
    mean, variance = level[0] + slope[0] * month, at_zero + 3.75**2
    if member == "ratio" and high:
        first, second = np.exp(0.35**2 / 2), np.exp(2 * 0.35**2)
        mean = level[0] + slope[0] * first * month
        square = second * (slope[0] ** 2 + per_month) - (slope[0] * first) ** 2
        return mean, variance + square * month**2
    per_month += effect**2 * high
    variance += per_month * month**2
    if member == "curved":
        variance += ((1 + high) * 0.06**2 + 0.05**2) * month**4
    return mean, variance


@pytest.mark.parametrize("member", GAUSSIAN)
def test_prior_predictive_values_have_the_moments_of_the_prior(member: str) -> None:
    model = checked_model(plan_of(member))
    trial = trial_of(model, np.zeros((4, 2)) + np.arange(4)[:, None] * [0, 1])
    rng = np.random.default_rng(SEED)
    n = 6000
    drawn = model.replicates(model.prior_draws(n, rng), trial, rng)
    arms = trial.patients.set_index("patient")["arm"]
    for at, visit in enumerate(trial.visits.itertuples()):
        high = arms[visit.patient] == "high"
        mean, variance = prior_moments(member, visit.time, high)
        values = drawn[:, at]
        assert abs(values.mean() - mean) < SDS * np.sqrt(variance / n)
        squares = (values - mean) ** 2
        assert abs(squares.mean() - variance) < SDS * squares.std() / np.sqrt(n)


def test_prior_predictive_scores_are_those_of_the_prior_carried_to_logits() -> None:
    """45 of 63 is 5 / 7, where a logit is 63 x 10 / 49 points; drawn here by NumPy."""
    model = checked_model(plan_of("bounded"))
    trial = trial_of(model, np.array([[40.0, 30.0], [45.0, 20.0]]))
    rng = np.random.default_rng(SEED)
    n, points = 6000, 63 * 10 / 49
    drawn = model.replicates(model.prior_draws(n, rng), trial, rng)

    def normal(sd: float) -> np.ndarray:
        return rng.normal(0.0, sd / points, n)

    # both patients are of the age that is the mean
    start = logit(5 / 7) + normal(10.0) + abs(normal(12.0)) * rng.standard_normal(n)
    slope = -2.2 / points + normal(0.8) + abs(normal(2.55)) * rng.standard_normal(n)
    for at, expected in ((0, start), (1, start + 6 * slope)):
        share = 63 * expit(expected)
        error = np.hypot(drawn[:, at].std(), share.std()) / np.sqrt(n)
        assert abs(drawn[:, at].mean() - share.mean()) < SDS * error
    later = start + 6 * (slope + normal(2.2))
    assert abs(drawn[:, 3].mean() - (63 * expit(later)).mean()) < SDS * error


# parameters of a course without spread between or within patients
STILL = {
    "intercept[limb]": 40.0,
    "slope[limb]": -2.0,
    "covariate[limb,age]": 0.2,
    "covariate_slope[limb,age]": 0.01,
    "sd_intercept[limb]": 0.0,
    "sd_slope[limb]": 0.0,
    "sd_residual[limb]": 0.0,
}
OWN: dict[str, dict[str, float]] = {
    "single": {"effect[limb,high]": 0.5},
    "ratio": {"log_ratio[limb,high]": np.log(0.7)},
    "curved": {
        "effect[limb,high]": 0.5,
        "curvature[limb]": 0.05,
        "effect_curvature[limb,high]": -0.03,
        "sd_curvature[limb]": 0.0,
    },
    "robust": {"effect[limb,high]": 0.5, "degrees_of_freedom[limb]": 5.0},
}
MEAN_SLOPES = {
    "single": (-2.0, -1.5),
    "ratio": (-2.0, -2.0 * 0.7),
    # slope + curvature x 8 months
    "curved": (-2.0 + 0.05 * 8, -1.5 + 0.02 * 8),
    "robust": (-2.0, -1.5),
}


@pytest.mark.parametrize("member", MEAN_SLOPES)
def test_mean_slopes_are_the_changes_of_simulated_patients(member: str) -> None:
    """Patients at the mean age, without spread: their change is the mean change."""
    model = checked_model(plan_of(member))
    parameters = STILL | OWN[member]
    draws = pd.DataFrame([parameters] * 2)
    draws = draws.reindex(columns=model.parameter_names, fill_value=0.0)
    low, high = MEAN_SLOPES[member]
    slopes = model.mean_slopes(draws, 8.0)["limb"]
    np.testing.assert_allclose(slopes["low"], [low] * 2)
    np.testing.assert_allclose(slopes["high"], [high] * 2)
    rng = np.random.default_rng(SEED)
    arms, times = ["low", "high"], np.array([0.0, 8.0])
    ages = {"age": np.zeros(2)}
    values = model.simulate(parameters, arms, times, rng, ages)[:, 0]
    np.testing.assert_allclose((values[:, 1] - values[:, 0]) / 8, [low, high])


def test_a_covariate_shifts_intercept_and_slope() -> None:
    model = checked_model(plan_of("single"))
    rng = np.random.default_rng(SEED)
    ages = {"age": np.array([0.0, 10.0])}
    parameters = STILL | OWN["single"]
    values = model.simulate(parameters, ["low", "low"], np.array([0.0, 5.0]), rng, ages)
    np.testing.assert_allclose(values[1, 0] - values[0, 0], [2.0, 2.0 + 0.1 * 5])


@pytest.mark.parametrize("member", MEMBERS)
def test_the_prior_of_the_estimand_is_that_of_the_drawn_slopes(member: Any) -> None:
    """Mean and SD of 40,000 draws of the prior; of `bounded` to first order."""
    settings = settings_of()
    plan = fit_plan(settings, member, "limb")
    model = checked_model(plan)
    draws = model.prior_draws(40_000, np.random.default_rng(SEED))
    slopes = model.mean_slopes(draws, plan.horizon_time)["limb"]
    difference = slopes["high"] - slopes["low"]
    estimand = next(e for e in settings.estimands if e.outcome == "limb")
    summaries = {"slope_difference": difference, "mean_slope": slopes["high"]}
    for summary, drawn in summaries.items():
        prior = prior_of(plan, estimand.model_copy(update={"summary": summary}))
        if member == "bounded":
            # floor and ceiling take away from it: less than the first order, not more
            assert 0.4 * prior.sd < drawn.std() < prior.sd
            continue
        n = np.sqrt(drawn.size)
        assert abs(drawn.mean() - prior.mean) < SDS * prior.sd / n
        squares = (drawn - prior.mean) ** 2
        assert abs(squares.mean() - prior.sd**2) < SDS * squares.std() / n
    assert prior_effect_sd(plan, "limb") == pytest.approx(prior_of(plan, estimand).sd)


WITHIN: dict[str, dict[str, float]] = {
    "robust": {
        "intercept[limb]": 44.0,
        "slope[limb]": -2.0,
        "effect[limb,high]": 0.5,
        "covariate[limb,age]": 0.1,
        "covariate_slope[limb,age]": 0.01,
        "sd_intercept[limb]": 6.0,
        "sd_slope[limb]": 1.0,
        "sd_residual[limb]": 2.0,
        "degrees_of_freedom[limb]": 3.0,
        "correlation[slope:limb,intercept:limb]": 0.4,
    },
    "bounded": {
        "logit_intercept[limb]": 0.9,
        "logit_slope[limb]": -0.2,
        "logit_effect[limb,high]": 0.05,
        "logit_covariate[limb,age]": 0.01,
        "logit_covariate_slope[limb,age]": 0.001,
        "logit_sd_intercept[limb]": 0.7,
        "logit_sd_slope[limb]": 0.2,
        "overdispersion[limb]": 0.15,
        "correlation[slope:limb,intercept:limb]": 0.4,
    },
}


def whole_integral(
    member: str,
    named: dict[str, float],
    values: np.ndarray,
    times: np.ndarray,
    arm: str,
    age: float,
) -> float:
    """Log-likelihood of a patient by SciPy's cubature over intercept and slope."""
    pre = "logit_" if member == "bounded" else ""
    sds = np.array([named[f"{pre}sd_{c}[limb]"] for c in ("intercept", "slope")])
    r = named["correlation[slope:limb,intercept:limb]"]
    covariance = np.outer(sds, sds) * np.array([[1, r], [r, 1]])
    effects = stats.multivariate_normal(np.zeros(2), covariance)
    of = {c: named[f"{pre}{c}[limb,age]"] for c in ("covariate", "covariate_slope")}
    level = named[f"{pre}intercept[limb]"] + age * of["covariate"]
    slope = named[f"{pre}slope[limb]"] + age * of["covariate_slope"]
    slope += named[f"{pre}effect[limb,high]"] * (arm == "high")

    def density(u: np.ndarray) -> np.ndarray:
        course = level + u[:, :1] + (slope + u[:, 1:]) * times
        if member == "robust":
            freedom = named["degrees_of_freedom[limb]"]
            scale = named["sd_residual[limb]"]
            logs = stats.t.logpdf(values, freedom, course, scale)
        else:
            phi = named["overdispersion[limb]"] ** -2
            # a share that rounds to 0 has no beta-binomial
            shares = [np.maximum(expit(c), 1e-300) * phi for c in (course, -course)]
            logs = stats.betabinom.logpmf(values, 63, *shares)
        return np.exp(logs.sum(axis=1) + effects.logpdf(u) + 40.0)

    whole = integrate.cubature(density, -15 * sds, 15 * sds, rtol=1e-6, atol=0)
    return float(np.log(whole.estimate)) - 40.0


@pytest.mark.parametrize("member", WITHIN)
@pytest.mark.parametrize("odd", [0.0, 20.0])
def test_likelihood_of_a_patient_is_the_integral_over_the_effects(
    member: str, odd: float
) -> None:
    """With one value far off too."""
    model = checked_model(plan_of(member))
    times = np.array([0.0, 2.0, 4.0, 6.0])
    values = np.array(
        [[43.0, 41, 33, 36], [60, 57, 63, 63], [9, 8, 2, 0], [50, 44, 41, 40]]
    )
    values[3, 1] -= odd
    trial = trial_of(model, values, times)
    got = model.log_likelihood(pd.DataFrame([WITHIN[member]] * 2), trial)
    expected = [
        whole_integral(member, WITHIN[member], values[i], times, arm, age)
        for i, (arm, age) in enumerate(
            trial.patients[["arm", "age"]].itertuples(index=False)
        )
    ]
    limit = 0.05 if member == "robust" else 0.01
    np.testing.assert_allclose(got, [expected] * 2, atol=limit)


def test_likelihood_finds_the_mode_of_a_patient_far_off_with_many_visits() -> None:
    """Where whole steps from effects of zero end at the far side of the scale."""
    model = checked_model(plan_of("bounded"))
    named = WITHIN["bounded"] | {
        "logit_intercept[limb]": 1.26,
        "logit_sd_intercept[limb]": 0.17,
        "logit_sd_slope[limb]": 0.23,
        "overdispersion[limb]": 0.011,
    }
    falling = [44, 40, 39, 34, 32, 38, 32, 31, 25, 26, 27, 26, 21, 25, 24, 19, 19, 12]
    times = np.arange(18) * 14 / 30.4375
    values = np.array([falling, falling[::-1]], dtype=np.float64)
    got = model.log_likelihood(pd.DataFrame([named]), trial_of(model, values, times))
    expected = [
        whole_integral("bounded", named, values[i], times, arm, 0.0)
        for i, arm in enumerate(("low", "high"))
    ]
    np.testing.assert_allclose(got[0], expected, atol=0.01)


def test_likelihood_finds_the_values_of_a_robust_patient_far_off() -> None:
    """Where the t density of effects of zero is all but flat."""
    model = checked_model(plan_of("robust"))
    named = WITHIN["robust"] | {
        "degrees_of_freedom[limb]": 8.0,
        "sd_intercept[limb]": 4.0,
        "sd_slope[limb]": 0.5,
    }
    times = np.arange(18) * 14 / 30.4375
    values = np.array([62.0 - 0.3 * times, 20.0 - 3.0 * times])
    values += np.tile([1.5, -1.0, -0.5], 6)
    got = model.log_likelihood(pd.DataFrame([named]), trial_of(model, values, times))
    expected = [
        whole_integral("robust", named, values[i], times, arm, 0.0)
        for i, arm in enumerate(("low", "high"))
    ]
    np.testing.assert_allclose(got[0], expected, atol=0.05)


RUN: Any = {"seed": SEED, "chains": 4, "tune": 500, "draws": 1000, "cores": 2}


def test_weak_priors_give_the_fixed_effects_of_the_mixed_model_by_reml() -> None:
    """Within 4 Monte Carlo errors (false once in 3,000) and a tenth of a REML SE.

    The allowance is for the prior, and for SDs that the one takes as known.
    """
    far: list[Change] = [
        (f"{LIMB}.{key}", value)
        for key, value in (
            ("baseline", {"mean": 45, "sd": 1000}),
            ("slope", {"mean": 0, "sd": 100}),
            ("effect_sd", 100),
            ("sd_baseline", 100),
            ("sd_slope", 50),
            ("sd_residual", 50),
            ("covariates", {"age": {"baseline_sd": 100, "slope_sd": 10}}),
        )
    ]
    model = checked_model(plan_of("single", *far))
    rng = np.random.default_rng(SEED)
    times = np.linspace(0, 9, 7)
    n = 40
    ages = np.where(np.arange(n) // 2 % 2, 10.0, -10.0)
    level = 45 + 0.2 * ages + rng.normal(0, 6, n)
    slope = -2 + 0.03 * ages + 0.6 * (np.arange(n) % 2) + rng.normal(0, 1, n)
    values = level[:, None] + slope[:, None] * times + rng.normal(0, 2, (n, 7))
    trial = trial_of(model, values, times)
    fit = fit_model(model, trial, model.compile(trial), target_accept=0.9, **RUN)
    month = np.tile(times, n)
    age, high = np.repeat(ages, 7), np.repeat(np.arange(n) % 2, 7)
    reml = fit_mixed_model(
        values.ravel(),
        {
            "intercept[limb]": np.ones(month.size),
            "slope[limb]": month,
            "effect[limb,high]": high * month,
            "covariate[limb,age]": age,
            "covariate_slope[limb,age]": age * month,
        },
        np.repeat(np.arange(n), 7),
        {"intercept": np.ones(month.size), "slope": month},
    )
    errors = np.sqrt(np.diag(reml.covariance))
    for name, estimate, se in zip(reml.names, reml.estimate, errors, strict=True):
        drawn = fit.draws[name]
        assert abs(drawn.mean() - estimate) < 4 * se / np.sqrt(1000) + 0.1 * se, name
        assert drawn.std() == pytest.approx(se, rel=0.2), name


def test_the_truth_is_found_of_ratios_covariates_and_variances_by_arm() -> None:
    """5 posterior SDs of each of 11 parameters: false once in 150,000 if normal."""
    changes = [("models.variances_by_arm", True)]
    changes += [(f"priors.outcomes.{k}.log_sd_ratio_sd", 0.5) for k in OUTCOMES]
    model = checked_model(plan_of("ratio", *changes))
    truth = {
        "intercept[limb]": 45.0,
        "slope[limb]": -2.2,
        "covariate[limb,age]": 0.3,
        "covariate_slope[limb,age]": -0.03,
        "log_ratio[limb,high]": -0.4,
        "log_sd_ratio[slope:limb,high]": -0.3,
        "log_sd_ratio[residual:limb,high]": 0.5,
        "sd_intercept[limb]": 6.0,
        "sd_slope[limb]": 1.0,
        "sd_residual[limb]": 2.0,
        "correlation[slope:limb,intercept:limb]": 0.3,
    }
    assert set(truth) == set(model.parameter_names)
    rng = np.random.default_rng(SEED)
    n, times = 60, np.linspace(0, 9, 8)
    ages = {"age": np.where(np.arange(n) // 2 % 2, 10.0, -10.0)}
    arms = ["low", "high"] * (n // 2)
    values = model.simulate(truth, arms, times, rng, ages)[:, 0]
    trial = trial_of(model, values, times)
    fit = fit_model(model, trial, model.compile(trial), target_accept=0.9, **RUN)
    assert fit.divergences == 0
    for name, true in truth.items():
        drawn = fit.draws[name]
        assert abs(drawn.mean() - true) < 5 * drawn.std(), name
    own = model.own_replicates(fit, trial, rng)
    new = model.replicates(fit.draws, trial, rng)
    # the same patients' replicates follow them; new patients' know nothing of them
    value = trial.visits["value"].to_numpy()
    assert np.corrcoef(own.mean(axis=0), value)[0, 1] > 0.9
    assert np.corrcoef(new.mean(axis=0), value)[0, 1] < 0.8
