"""Simulated trials are fitted as the plan's single model has them."""

import math

import pandas as pd
import pytest
import yaml
from scipy import stats

from alsdecline.design import marginal_fit as marginal_fit_module
from alsdecline.design.comparison import Comparison
from alsdecline.design.fitted import fitted_batch
from alsdecline.design.mixed_models import mixed_model
from alsdecline.design.planned import planned_scenario
from alsdecline.design.simulated_trials import simulate_trials
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.simulated import assumed_course
from alsdecline.settings.file import parse_settings
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import DesignScenario, has_one_line
from support.trial_folder import PROJECT

SETTINGS = parse_settings((PROJECT / "config.yaml").read_text("utf-8"), "config.yaml")
PLAN = fit_plan(SETTINGS, "single", "total")
ASSUMED = assumed_course(SETTINGS)
SCENARIO = DesignScenario(
    patients={"low": 30, "high": 30},
    differences={"high": 1.0},
    withdrawal_hazard=0.05,
    weeks=[0, 8, 16, 24],
)
MARGINS = (0.0, 2.0)


def fitted(trials: range) -> pd.DataFrame:
    table = fitted_batch(PLAN, SCENARIO, ASSUMED, trials, 0.95, 3, MARGINS)
    return table.rename(columns={"better[0.0]": "above_0", "better[2.0]": "above_2"})


def test_the_posterior_is_near_restricted_likelihood_and_no_batch_changes_it() -> None:
    """The prior of the effect has five times its standard error or so."""
    together = fitted(range(2))
    scenario = planned_scenario(SCENARIO, ASSUMED)
    trials = simulate_trials(scenario, 3, range(2))
    data = Comparison.of(scenario, trials, "total", "high", ("low",))
    by_reml = mixed_model(data, 0.95)
    for row in together.itertuples():
        low, high = by_reml.lower[row.trial], by_reml.upper[row.trial]
        error = (high - low) / 4
        assert row.estimate == pytest.approx(by_reml.estimate[row.trial], abs=error / 2)
        assert row.upper - row.lower == pytest.approx(high - low, rel=0.15)
        above = row.above_0
        assert row.p_value == pytest.approx(2 * min(above, 1 - above))
        assert row.above_2 < above
    alone = fitted(range(1, 2))
    expected = together[together["trial"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, expected, check_exact=True)


CONTENT = yaml.safe_load((PROJECT / "config.yaml").read_text("utf-8"))
CONTENT["models"]["ratio"] = ["total"]
# as wide as that of a difference is beside the data
CONTENT["priors"]["outcomes"]["total"]["log_ratio_sd"] = 2.0
CONTENT["simulated_design"] = {
    "fitted": 1,
    "fitted_by": ["joint", "ratio"],
    "scenarios": {"even": {"patients": {"low": 5, "high": 4}}},
}
TOGETHER = parse_settings(yaml.safe_dump(CONTENT), "config.yaml")


def test_joint_is_near_restricted_likelihood_of_the_sum() -> None:
    """Effect and interval, within half a standard error and a fifth."""
    assumed, plan = assumed_course(TOGETHER), fit_plan(TOGETHER, "joint")
    table = fitted_batch(plan, SCENARIO, assumed, range(1), 0.95, 3, (0.0,))
    scenario = planned_scenario(SCENARIO, assumed)
    trials = simulate_trials(scenario, 3, range(1))
    by_reml = mixed_model(
        Comparison.of(scenario, trials, "total", "high", ("low",)), 0.95
    )
    (row,) = table.itertuples()
    assert row.by_chains
    assert not row.missed_gates
    (low,), (high,) = by_reml.lower, by_reml.upper
    error = (high - low) / 4
    assert row.estimate == pytest.approx(by_reml.estimate[0], abs=error / 2)
    assert row.upper - row.lower == pytest.approx(high - low, rel=0.2)


def test_ratio_finds_by_how_much_slopes_were_multiplied() -> None:
    """A half of -3.05 points a month; a false alarm once in 100,000."""
    halved = DesignScenario(
        patients={"low": 60, "high": 60}, ratios={"high": 0.5}, weeks=[0, 8, 16, 24]
    )
    assumed, plan = assumed_course(TOGETHER), fit_plan(TOGETHER, "ratio", "total")
    table = fitted_batch(plan, halved, assumed, range(2), 0.95, 3, (0.0,))
    assert table["by_chains"].all()
    sds = (table["upper"] - table["lower"]) / 3.92
    assert (sds < 0.5).all()
    apart = (table["estimate"] - 3.05 / 2).abs() / sds
    assert (apart < stats.norm.isf(1e-5 / 4)).all()


def test_what_has_more_than_one_line_is_not_integrated() -> None:
    assert [model for model in FAMILY if has_one_line(model)] == ["single"]
    by_arm = PLAN.model_copy(update={"variances_by_arm": True})
    priors = {"total": PLAN.priors["total"].model_copy(update={"log_sd_ratio_sd": 0.5})}
    by_arm = by_arm.model_copy(update={"priors": priors})
    (row,) = fitted_batch(
        by_arm, SCENARIO, ASSUMED, range(1), 0.95, 3, MARGINS
    ).itertuples()
    assert row.by_chains


def test_chains_are_drawn_where_importance_sampling_does_not_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the posterior is the same, at a false-alarm probability of 1e-5."""
    by_points = fitted(range(1))
    assert not by_points["by_chains"].any()
    monkeypatch.setattr(marginal_fit_module, "LARGEST_SHAPE", -10.0)
    by_chains = fitted(range(1))
    assert by_chains["by_chains"].all()
    (one,), (other,) = by_points.itertuples(), by_chains.itertuples()
    # standard errors from the least effective sample size that gates let through
    error = math.hypot(0.01, 0.5 / math.sqrt(PLAN.gates.ess))
    z = stats.norm.isf(0.5e-5)
    assert abs(one.above_0 - other.above_0) < z * error
    assert abs(one.above_2 - other.above_2) < z * error
    sd = (one.upper - one.lower) / 3.92
    assert abs(one.estimate - other.estimate) < z * sd * 2 * error
