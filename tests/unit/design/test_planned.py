"""Configured scenarios are simulated as they say, whatever the batches."""

import dataclasses

import numpy as np
import pytest

from alsdecline.design.comparison import Estimates
from alsdecline.design.planned import analysed_batch, planned_scenario, true_effects
from alsdecline.design.simulated_trials import simulate_trials
from alsdecline.settings.simulated_design import (
    METHODS,
    AssumedCourse,
    DesignScenario,
    SimulatedDesign,
)

ASSUMED = AssumedCourse(
    outcome="score",
    reference="low",
    weeks=[0, 4, 8, 12, 16],
    time_of_week=7 / 30.4375,
    better="higher",
    slope=-2.0,
    baseline=45.0,
    sd_baseline=6.0,
    sd_slope=1.5,
    sd_residual=2.5,
    floor=0.0,
    ceiling=63.0,
    whole_points=True,
)
ALL = DesignScenario(
    patients={"low": 5, "mid": 4, "high": 6},
    differences={"mid": 1.0},
    ratios={"high": 0.7},
    withdrawal_hazard=0.05,
    death_hazard=0.05,
    hazard_ratio=1.5,
    missed_visit=0.1,
    as_recorded=True,
)


def analysed(trials: range, assumed: AssumedCourse = ASSUMED) -> dict:
    return analysed_batch(ALL, assumed, list(METHODS), trials, 0.95, seed=3)


def test_batches_together_are_what_one_batch_is() -> None:
    whole = analysed(range(30))
    parts = [analysed(range(a, b)) for a, b in ((0, 7), (7, 8), (8, 30))]
    assert list(whole) == [(arm, m) for arm in ("mid", "high") for m in METHODS]
    for key, estimates in whole.items():
        for field in dataclasses.fields(Estimates):
            joined = np.concatenate([getattr(part[key], field.name) for part in parts])
            assert getattr(estimates, field.name).tobytes() == joined.tobytes(), key


def test_a_scenario_has_what_it_says_and_the_rest_is_assumed() -> None:
    given = ALL.model_copy(update={"slope": -3.0, "weeks": [0, 10, 20]})
    scenario = planned_scenario(given, ASSUMED)
    (outcome,) = scenario.truth.outcomes
    assert (outcome.slope, outcome.sd_slope, outcome.intercept) == (-3.0, 1.5, 45.0)
    assert [arm.patients for arm in scenario.design.arms] == [5, 4, 6]
    assert scenario.design.visits == pytest.approx((0.0, 2.29979, 4.59959), rel=1e-5)
    values = simulate_trials(scenario, 1, range(50)).values
    seen = values[np.isfinite(values)]
    assert (seen == np.rint(seen)).all()
    assert seen.max() <= 63.0


def test_true_effects_are_better_above_0_whichever_way_the_scale_runs() -> None:
    """A ratio of 0.7 slows a decline of 2 by 0.6, and so a rise if lower is better."""
    rising = ASSUMED.model_copy(update={"better": "lower", "slope": 2.0})
    for assumed in (ASSUMED, rising):
        assert true_effects(ALL, assumed, "mid", [5], 3).tolist() == [1.0]
        assert true_effects(ALL, assumed, "high", [5], 3) == pytest.approx(0.6)
    big = ALL.model_copy(update={"differences": {"mid": 30.0}, "as_recorded": False})
    for assumed in (ASSUMED, rising):
        found = analysed_batch(big, assumed, list(METHODS), range(5), 0.95, seed=3)
        for method in METHODS:
            estimates = found["mid", method]
            assert (estimates.estimate > 10.0).all()
            assert (estimates.lower <= estimates.estimate).all()
            assert (estimates.estimate <= estimates.upper).all()


def test_those_who_decline_faster_leave_earlier_whichever_way_the_scale_runs() -> None:
    rising = ASSUMED.model_copy(update={"better": "lower", "slope": 2.0})
    given = ALL.model_copy(update={"hazard_ratio": 3.0, "ratios": {}})
    for assumed, sign in ((ASSUMED, 1.0), (rising, -1.0)):
        trials = simulate_trials(planned_scenario(given, assumed), 1, range(200))
        slope = sign * trials.slopes[..., 0]
        left = trials.status != 0
        assert slope[left].mean() < slope[~left].mean() - 0.5


def test_every_trial_is_in_one_batch() -> None:
    design = SimulatedDesign(trials=2500, batch=1000, scenarios={"all": ALL})
    assert design.batches_of(design.trials) == [(0, 999), (1000, 1999), (2000, 2499)]
