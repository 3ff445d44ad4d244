"""Replicates of the model surround the statistics of the data.

Replicates are taken at a known truth in place of a posterior, so that for data from the
model a tail probability is uniform, and warnings come at their nominal rate.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.fits.check_statistics import (
    PatientLines,
    lag_one_autocorrelation,
    on_grid,
    slope_sd,
    visit_grid,
)
from alsdecline.fits.checked import checked_model
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.predictive_checks import (
    EXTREME,
    N_REPLICATES,
    Comparison,
    check_model,
    thinned,
    with_fewer_patients,
)
from alsdecline.models.layout import TrialLayout, lay_out_visits
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.file import read_settings
from alsdecline.settings.scales import Scale

SEED = 20050727
FALSE_ALARM = 1e-5
TOTAL = catalogue().scales["norris_total"]
FVC = catalogue().scales["fvc_percent"]
DAYS = np.arange(0, 281, 14)
MONTHS = DAYS / 30.4375
ARMS = ["low"] * 4 + ["high"] * 5
TRUTH = {
    "intercept[total]": 60.0,
    "slope[total]": -2.0,
    "effect[total,high]": 1.0,
    "sd_intercept[total]": 5.0,
    "sd_slope[total]": 1.0,
    "sd_residual[total]": 3.0,
    "correlation[slope:total,intercept:total]": 0.3,
}


@pytest.fixture(scope="module")
def plan() -> FitPlan:
    settings = read_settings(Path(__file__).parents[3] / "config.yaml")
    return fit_plan(settings, "single", "total")


@pytest.fixture(scope="module")
def draws() -> pd.DataFrame:
    """Return a posterior that is sure of the truth."""
    return pd.DataFrame([TRUTH] * 500)


PATIENTS = pd.DataFrame({"patient": [f"p{i}" for i in range(9)], "arm": ARMS})


def trial_of(plan: FitPlan, values: np.ndarray) -> TrialLayout:
    """Lay (patient, visit) out value by value, less what is missing."""
    rows, columns = np.nonzero(~np.isnan(values))
    frame = pd.DataFrame(
        {
            "patient": PATIENTS["patient"].to_numpy()[rows],
            "time": MONTHS[columns],
            "value": values[rows, columns],
        }
    )
    return lay_out_visits(plan.structure, PATIENTS, {"total": frame})


def simulate(
    rng: np.random.Generator, autocorrelation: float = 0.0, spread: float = 1.0
) -> np.ndarray:
    """Simulate the truth; or with AR(1) residuals, or slopes more spread out."""
    n = len(ARMS)
    effect = np.array([arm == "high" for arm in ARMS]) * 1.0
    first, second = rng.standard_normal((2, n))
    intercept = 60 + 5 * first
    slope = -2 + effect + spread * (0.3 * first + np.sqrt(1 - 0.3**2) * second)
    residual = rng.standard_normal((n, DAYS.size))
    for j in range(1, DAYS.size):
        innovation = np.sqrt(1 - autocorrelation**2) * residual[:, j]
        residual[:, j] = autocorrelation * residual[:, j - 1] + innovation
    lines: np.ndarray = intercept[:, None] + slope[:, None] * MONTHS
    return lines + 3 * residual


def check(
    plan: FitPlan,
    draws: pd.DataFrame,
    values: np.ndarray,
    scale: Scale = TOTAL,
    seed: int = SEED,
    n: int = N_REPLICATES,
) -> pd.DataFrame:
    trial, rng = trial_of(plan, values), np.random.default_rng(seed)
    replicates = checked_model(plan).replicates(thinned(draws, n), trial, rng)
    compared = Comparison.of(trial.visits, scale)
    table = compared.table(compared.repeated(replicates))
    return table.set_index("statistic")


def test_values_are_laid_out_by_patient_up_to_the_last_visit(plan: FitPlan) -> None:
    values = np.full((9, 3), 1.0) * np.arange(1, 10)[:, None]
    values[0, 1:] = np.nan
    visits = trial_of(plan, values).visits
    months, seen = visit_grid(visits)
    grid = on_grid(visits["value"].to_numpy(), seen)
    np.testing.assert_array_equal(np.where(seen, grid, np.nan), values)
    np.testing.assert_allclose(months[1], MONTHS[:3])


def test_shares_at_floor_and_ceiling_are_of_the_values_there_are(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    """Two of 0 and three of 102 among 9 x 21 values, less 20 that are missing."""
    values = np.full((9, 21), 50.0) + np.arange(21) % 2
    values[0, 1:] = np.nan
    values[1, :2] = 0.0
    values[2, :3] = 102.0
    table = check(plan, draws, values)
    assert table.loc["floor_share", "observed"] == pytest.approx(2 / 169)
    assert table.loc["ceiling_share", "observed"] == pytest.approx(3 / 169)


def test_a_scale_without_a_maximum_has_no_ceiling(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    rng = np.random.default_rng(SEED)
    table = check(plan, draws, simulate(rng), FVC)
    assert list(table.index) == [
        "slope_sd",
        "residual_sd",
        "lag_one_autocorrelation",
        "floor_share",
    ]


@pytest.mark.slow
def test_data_from_the_model_give_uniform_tail_probabilities(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    """And so a warning in one check of 100 (Kolmogorov-Smirnov, binomial)."""
    rng = np.random.default_rng(SEED)
    tables = [check(plan, draws, simulate(rng), seed=i) for i in range(60)]
    warnings = 0
    for name in ("slope_sd", "residual_sd", "lag_one_autocorrelation"):
        tails = np.array([table.loc[name, "tail_probability"] for table in tables])
        assert stats.kstest(tails, "uniform").pvalue > FALSE_ALARM / 4
        warnings += sum(table.loc[name, "warning"] for table in tables)
    assert stats.binom.sf(warnings - 1, 180, EXTREME) > FALSE_ALARM / 4


def test_bounds_are_those_of_replicates_of_the_same_visits(
    plan: FitPlan,
) -> None:
    """Quantiles of 5,000 replicates against those of 5,000 simulated here.

    The probability below a sample quantile of n has an SD of sqrt(p (1 - p) / n).
    """
    n = 5000
    rng = np.random.default_rng(SEED)
    gone = np.arange(21) > np.array([20, 20, 9, 20, 4, 20, 20, 14, 20])[:, None]
    values = np.where(gone, np.nan, simulate(rng))
    table = check(plan, pd.DataFrame([TRUTH] * n), values, n=n)
    months = np.where(gone, 0.0, MONTHS)
    replicates = np.array([simulate(rng)[~gone] for _ in range(n)])
    limit = stats.norm.isf(FALSE_ALARM / 2 / 6)
    for name, statistic in (
        ("slope_sd", slope_sd),
        ("lag_one_autocorrelation", lag_one_autocorrelation),
    ):
        known = statistic(PatientLines.through(replicates, months, ~gone))
        for column, p in (("lower", 0.025), ("median", 0.5), ("upper", 0.975)):
            below = np.mean(known < table.loc[name, column])
            assert abs(below - p) < limit * np.sqrt(2 * p * (1 - p) / n)


def test_autocorrelated_residuals_are_warned_of(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    """At .9 between visits; residuals of the model give 0 with an SD of .075."""
    rng = np.random.default_rng(SEED)
    table = check(plan, draws, simulate(rng, autocorrelation=0.9))
    found = table.loc["lag_one_autocorrelation"]
    assert found["observed"] > found["upper"]
    assert found["tail_probability"] == 0.0
    assert found["warning"]


def test_slopes_more_spread_out_than_the_model_has_them_are_warned_of(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    """Twenty times; a replicate reaches that where F(8, 8) passes 400, 1e-9."""
    rng = np.random.default_rng(SEED)
    found = check(plan, draws, simulate(rng, spread=20.0)).loc["slope_sd"]
    assert found["observed"] > found["upper"]
    assert found["tail_probability"] == 0.0
    assert found["warning"]


def test_a_share_that_no_replicate_differs_from_is_not_extreme(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    rng = np.random.default_rng(SEED)
    found = check(plan, draws, simulate(rng)).loc["ceiling_share"]
    assert found["observed"] == found["upper"] == 0.0
    assert found["tail_probability"] == 1.0
    assert not found["warning"]


def test_replicates_are_of_the_parameters_of_their_row(plan: FitPlan) -> None:
    """Without SDs a replicate is the arm's mean line."""
    still = TRUTH | {name: 0.0 for name in TRUTH if name.startswith("sd_")}
    rows = pd.DataFrame([still, still | {"slope[total]": -3.0}])
    values = np.full((9, 3), 1.0)
    values[4, 1:] = np.nan
    trial = trial_of(plan, values)
    rng = np.random.default_rng(SEED)
    got = checked_model(plan).replicates(rows, trial, rng)
    lines = np.where(np.array(ARMS) == "high", 1.0, 0.0)[:, None] * MONTHS[:3]
    for slope, drawn in zip((-2.0, -3.0), got, strict=True):
        expected = 60.0 + slope * MONTHS[:3] + lines
        np.testing.assert_allclose(drawn, expected[~np.isnan(values)])


def test_thinning_takes_draws_from_all_chains_evenly() -> None:
    frame = pd.DataFrame({"chain": np.repeat([0, 1, 2, 3], 1000)})
    assert thinned(frame, 400)["chain"].value_counts().tolist() == [100] * 4
    assert len(thinned(frame.head(10), 400)) == 10


def test_arms_have_their_mean_slopes_and_their_difference() -> None:
    """Slopes by numpy's polyfit; the third patient has one visit and no slope."""
    visits = pd.DataFrame(
        {
            "patient": ["a", "a", "a", "b", "b", "c", "d", "d"],
            "time": [0.0, 1.0, 3.0, 0.0, 2.0, 0.0, 0.0, 4.0],
            "value": [10.0, 9.0, 4.0, 8.0, 7.0, 5.0, 20.0, 16.0],
        }
    )
    arm_of = {"a": "low", "b": "low", "c": "low", "d": "high"}
    replicates = np.tile(visits["value"].to_numpy(), (3, 1))
    scale = Scale(name="s", unit="u", minimum=0, better="higher", source="made up")
    compared = Comparison.of(visits, scale, arm_of, "low")
    found = compared.table(compared.repeated(replicates))
    rows = found.set_index("statistic")["observed"]
    of_a = np.polyfit([0, 1, 3], [10, 9, 4], 1)[0]
    assert rows["mean_slope:low"] == pytest.approx((of_a - 0.5) / 2)
    assert rows["mean_slope:high"] == pytest.approx(-1.0)
    assert rows["slope_difference:high"] == pytest.approx(-1.0 - (of_a - 0.5) / 2)
    # replicates that are the data have the same slopes
    assert found.set_index("statistic").loc["mean_slope:low", "tail_probability"] == 1


def test_an_arm_without_slopes_has_no_check() -> None:
    visits = pd.DataFrame(
        {
            "patient": ["a", "a", "b", "c", "c"],
            "time": [0.0, 1.0, 0.0, 0.0, 1.0],
            "value": [3.0, 2.0, 3.0, 4.0, 2.0],
        }
    )
    scale = Scale(name="s", unit="u", minimum=0, better="higher", source="made up")
    values = visits["value"].to_numpy()[None]
    arm_of = {"a": "low", "b": "high", "c": "low"}
    compared = Comparison.of(visits, scale, arm_of, "low")
    found = compared.table(compared.repeated(values))
    assert "mean_slope:low" in set(found["statistic"])
    assert not {"mean_slope:high", "slope_difference:high"} & set(found["statistic"])


def test_prior_draws_have_the_distributions_of_the_configuration(plan: FitPlan) -> None:
    """As config.yaml has them for the total (Kolmogorov-Smirnov, 7 of 4,000 draws)."""
    frame = checked_model(plan).prior_draws(4000, np.random.default_rng(SEED))
    expected = {
        "intercept[total]": stats.norm(77, 12),
        "slope[total]": stats.norm(-3, 1),
        "effect[total,high]": stats.norm(0, 3),
        "sd_intercept[total]": stats.halfnorm(scale=14),
        "sd_slope[total]": stats.halfnorm(scale=3.3),
        "sd_residual[total]": stats.halfnorm(scale=4.5),
        # LKJ(2) of 2 x 2: (1 + r) / 2 is Beta(2, 2)
        "correlation[slope:total,intercept:total]": stats.beta(2, 2, -1, 2),
    }
    for name, distribution in expected.items():
        p = stats.kstest(frame[name], distribution.cdf).pvalue
        assert p > FALSE_ALARM / len(expected), name
    assert set(frame) == set(plan.structure.parameter_names)


def prior_share(plan: FitPlan, rng: np.random.Generator) -> pd.Series:
    """Check the prior predictive share off the scale."""
    trial = trial_of(plan, simulate(rng))
    posterior = pd.DataFrame([TRUTH] * 2)
    table = check_model(checked_model(plan), trial, posterior, {"total": TOTAL}, rng)
    assert set(table["outcome"]) == {"total"}
    rows = table.set_index("statistic")
    return rows.loc["prior_share_off_scale"]


@pytest.mark.parametrize(("mean", "share"), [(50.0, 0.0), (-1.0, 1.0), (103.0, 1.0)])
def test_a_prior_off_the_scale_is_warned_of(
    plan: FitPlan, mean: float, share: float
) -> None:
    """A prior without spread."""
    prior = plan.priors["total"]
    tiny = {"sd": 1e-6, "mean": 0.0}
    update = {
        "baseline": prior.baseline.model_copy(update=tiny | {"mean": mean}),
        "slope": prior.slope.model_copy(update=tiny),
    }
    update |= dict.fromkeys(
        ("effect_sd", "sd_baseline", "sd_slope", "sd_residual"), 1e-6
    )
    priors = {"total": prior.model_copy(update=update)}
    certain = plan.model_copy(update={"priors": priors})
    found = prior_share(certain, np.random.default_rng(SEED))
    assert found["observed"] == share
    assert found["warning"] == (share > 0.5)


def test_share_off_the_scale_is_that_of_the_prior_predictive(plan: FitPlan) -> None:
    """Against 200,000 patients of the default prior, each by itself.

    A draw's share lies in 0..1, so the mean of 400 has an SD of at most 1 / 40.
    """
    rng = np.random.default_rng(SEED)
    n = 200_000
    arm = rng.integers(0, 9, n) >= 4
    month = rng.choice(MONTHS, n)
    level = rng.normal(77, 12, n) + abs(rng.normal(0, 14, n)) * rng.standard_normal(n)
    slope = rng.normal(-3, 1, n) + arm * rng.normal(0, 3, n)
    slope += abs(rng.normal(0, 3.3, n)) * rng.standard_normal(n)
    noise = abs(rng.normal(0, 4.5, n)) * rng.standard_normal(n)
    value = level + slope * month + noise
    expected = np.mean((value < 0) | (value > 102))
    found = prior_share(plan, rng)
    assert abs(found["observed"] - expected) < stats.norm.isf(FALSE_ALARM / 2) / 40
    assert not found["warning"]


@pytest.mark.parametrize(("block", "at_once"), [(1, 1), (500, 200)])
def test_replicates_drawn_in_blocks_are_those_drawn_at_once(
    plan: FitPlan,
    draws: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    block: int,
    at_once: int,
) -> None:
    """A large trial's are never all held at once; its checks are the same."""
    trial = trial_of(plan, simulate(np.random.default_rng(SEED)))

    def checks() -> pd.DataFrame:
        rng = np.random.default_rng(SEED)
        return check_model(checked_model(plan), trial, draws, {"total": TOTAL}, rng)

    whole = checks()
    monkeypatch.setattr("alsdecline.fits.predictive_checks.BLOCK", block)
    monkeypatch.setattr("alsdecline.fits.predictive_checks.AT_ONCE", at_once)
    pd.testing.assert_frame_equal(checks(), whole, check_exact=True)


def test_a_trial_with_fewer_patients_keeps_theirs_alone(plan: FitPlan) -> None:
    """Of nine patients the first, fifth and ninth, with all that they have."""
    values = np.arange(189.0).reshape(9, 21)
    values[4, 3:] = np.nan
    trial = trial_of(plan, values)
    some = with_fewer_patients(trial, 3)
    assert some.patients["patient"].tolist() == ["p0", "p4", "p8"]
    assert some.visits["patient"].value_counts().to_dict() == {
        "p0": 21,
        "p8": 21,
        "p4": 3,
    }
    own = some.patients["patient"].to_numpy()[some.patient_at]
    assert own.tolist() == some.visits["patient"].tolist()
    assert with_fewer_patients(trial, 9) is trial


def test_of_very_many_patients_some_are_checked(
    plan: FitPlan, draws: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a trial of these alone is: here of nine patients three."""
    trial = trial_of(plan, simulate(np.random.default_rng(SEED)))
    some = with_fewer_patients(trial, 3)

    def checks(trial: TrialLayout) -> pd.DataFrame:
        rng = np.random.default_rng(SEED)
        return check_model(checked_model(plan), trial, draws, {"total": TOTAL}, rng)

    of_three, of_nine = checks(some), checks(trial)
    monkeypatch.setattr("alsdecline.fits.predictive_checks.PATIENTS_AT_MOST", 3)
    pd.testing.assert_frame_equal(checks(trial), of_three, check_exact=True)
    assert not of_nine["observed"].equals(of_three["observed"])
