"""Several outcomes are simulated so that the primary one is what a scenario says."""

import math

import numpy as np
import pytest
from scipy import stats

from alsdecline.design.comparison import Comparison
from alsdecline.design.planned import analysed_batch, planned_scenario, true_effects
from alsdecline.design.simulated_trials import simulate_trials
from alsdecline.settings.models import Normal
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    AssumedOutcome,
    DesignScenario,
)

Z = float(stats.norm.isf(0.5e-5))
LIMB = AssumedOutcome(
    outcome="limb",
    slope=-2.2,
    baseline=45.0,
    sd_baseline=8.0,
    sd_slope=1.7,
    sd_residual=2.5,
    floor=0.0,
    ceiling=63.0,
    whole_points=True,
)
BULBAR = LIMB.model_copy(
    update={
        "outcome": "bulbar",
        "slope": -0.8,
        "baseline": 32.0,
        "sd_baseline": 5.0,
        "sd_slope": 0.75,
        "sd_residual": 1.5,
        "ceiling": 39.0,
    }
)
FVC = LIMB.model_copy(update={"outcome": "fvc", "slope": -2.5, "ceiling": None})
TOTAL = AssumedCourse(
    outcome="total",
    reference="low",
    weeks=[0, 8, 16, 24, 32],
    time_of_week=7 / 30.4375,
    better="higher",
    slope=-3.0,
    baseline=77.0,
    sd_baseline=9.0,
    sd_slope=2.2,
    sd_residual=3.0,
    floor=0.0,
    ceiling=102.0,
    whole_points=True,
    outcomes=[LIMB, BULBAR, FVC],
    sum_of=["limb", "bulbar"],
    correlation_of_slopes=0.3,
)
GIVEN = DesignScenario(
    patients={"low": 200, "mid": 200, "high": 200},
    differences={"mid": 1.5},
    ratios={"high": 0.5},
    slope=-2.5,
    baseline=80.0,
)
TRIALS = 200


def test_the_sum_is_what_the_scenario_says() -> None:
    """Means and SDs of 40,000 patients an arm, each at a false-alarm rate of 1e-5."""
    scenario = planned_scenario(GIVEN, TOTAL)
    assert scenario.truth.names == ("limb", "bulbar", "fvc")
    found = simulate_trials(scenario, 3, range(TRIALS))
    reference = found.arm == 0
    n = int(reference.sum())
    for lines, mean, sd in (
        (found.intercepts, 80.0, 9.0),
        (found.slopes, -2.5, 2.2),
    ):
        own = lines[..., scenario.truth.places("total")].sum(axis=-1)[reference]
        assert abs(own.mean() - mean) < Z * sd / math.sqrt(n)
        assert abs(own.std() - sd) < Z * sd / math.sqrt(2 * n)
    slopes = found.slopes[reference]
    apart = Z * (1 - 0.3**2) / math.sqrt(n)
    for k, other in ((0, 1), (0, 2), (1, 2)):
        r = np.corrcoef(slopes[:, k], slopes[:, other])[0, 1]
        assert abs(r - 0.3) < apart
    times = found.times[0, 0]
    lines = found.intercepts[..., None] + found.slopes[..., None] * times
    noise = (found.values - lines)[:, :, :2].sum(axis=2)
    assert abs(noise.std() - 3.0) < Z * 3.0 / math.sqrt(2 * noise.size)


def test_an_effect_is_the_same_share_of_the_decline_of_each_outcome() -> None:
    """A difference of 1.5 is three fifths of the total's mean slope, and of all."""
    outcomes = planned_scenario(GIVEN, TOTAL).truth.outcomes
    added = [o.true_difference("mid", dose=0.0, horizon=1.0) for o in outcomes]
    assert added == pytest.approx([1.1, 0.4, 1.5])
    assert true_effects(GIVEN, TOTAL, "mid", [0], 3) == pytest.approx(1.5)
    assert true_effects(GIVEN, TOTAL, "high", [0], 3) == pytest.approx(1.25)


def test_methods_analyse_the_sum_of_the_same_trials() -> None:
    scenario = planned_scenario(GIVEN, TOTAL)
    found = simulate_trials(scenario, 3, range(2))
    data = Comparison.of(scenario, found, "total", "mid", ("low",))
    seen = data.compared
    values = (found.values[:, :, 0] + found.values[:, :, 1])[seen]
    np.testing.assert_array_equal(data.responses[seen], values)
    estimates = analysed_batch(GIVEN, TOTAL, ["t_on_slopes"], range(2), 0.95, 3)
    assert estimates["mid", "t_on_slopes"].estimate == pytest.approx(1.5, abs=1.0)


def test_a_drawn_effect_is_one_draw_of_all_outcomes() -> None:
    given = DesignScenario(
        patients={"low": 5, "high": 5},
        design_prior={"high": Normal(mean=1.0, sd=0.5)},
    )
    drawn = true_effects(given, TOTAL, "high", range(4000), 3)
    alone = TOTAL.model_copy(update={"outcomes": [], "sum_of": []})
    np.testing.assert_allclose(
        drawn, true_effects(given, alone, "high", range(4000), 3)
    )
    assert abs(drawn.mean() - 1.0) < Z * 0.5 / math.sqrt(4000)


def test_hazards_follow_the_slope_of_the_sum() -> None:
    """Log hazard ratios of parts, times their slopes, are that of the total's slope."""
    given = GIVEN.model_copy(update={"death_hazard": 0.02, "hazard_ratio": 1.8})
    scenario = planned_scenario(given, TOTAL)
    rng = np.random.default_rng(1)
    slopes = rng.normal(size=(5, 2))
    log_hazard = np.zeros(5)
    for name, ratio in scenario.nuisances.death.hazard_ratios.items():
        outcome = scenario.truth.outcomes[scenario.truth.place(name)]
        k = scenario.truth.place(name)
        log_hazard += (
            math.log(ratio) * (outcome.slope - slopes[:, k]) / outcome.sd_slope
        )
    expected = math.log(1.8) * (-2.5 - slopes.sum(axis=1)) / 2.2
    np.testing.assert_allclose(log_hazard, expected)


def test_each_outcome_is_recorded_on_its_own_scale() -> None:
    given = GIVEN.model_copy(update={"as_recorded": True})
    values = simulate_trials(planned_scenario(given, TOTAL), 3, range(5)).values
    assert (values == np.rint(values)).all()
    assert values[:, :, 0].max() <= 63
    assert values[:, :, 1].max() <= 39
    assert values[:, :, 2].max() > 63


def test_an_outcome_of_several_is_what_the_scenario_says_too() -> None:
    limb = AssumedCourse(
        **LIMB.model_dump() | {"slope": -2.0, "sd_slope": 2.0},
        reference="low",
        weeks=TOTAL.weeks,
        time_of_week=TOTAL.time_of_week,
        better="higher",
        outcomes=[LIMB, BULBAR],
        correlation_of_slopes=0.3,
    )
    one, other = planned_scenario(GIVEN, limb).truth.outcomes
    assert (one.slope, one.sd_slope, one.intercept) == (-2.5, 2.0, 80.0)
    assert (other.slope, other.sd_slope) == (-0.8, 0.75)


def test_parts_without_a_mean_have_no_share_of_another() -> None:
    still = [o.model_copy(update={"baseline": 0.0}) for o in TOTAL.outcomes]
    with pytest.raises(ValueError, match="no share of 0 is 80"):
        planned_scenario(GIVEN, TOTAL.model_copy(update={"outcomes": still}))
