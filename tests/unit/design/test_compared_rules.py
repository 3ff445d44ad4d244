"""Rules are held to the same trials, and to the same type I error."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.design.compared_rules import (
    calibrated_rules,
    compared_rules,
    rows_of_rules,
)
from alsdecline.settings.decision_rule import Success
from alsdecline.settings.simulated_design import Calibration

RULES = {
    "plan": Success(margin=0.0, probability=0.9),
    "half": Success(margin=0.5, probability=0.8),
}


def test_five_trials_by_hand() -> None:
    analyses = pd.DataFrame(
        {
            "better[0.0]": [0.95, 0.91, 0.2, 0.9, 0.99],
            "better[0.5]": [0.85, 0.7, 0.1, 0.82, 0.9],
        }
    )
    plan, half = compared_rules(analyses, RULES, {})
    assert (plan["success"], half["success"]) == (0.6, 0.6)
    assert (plan["difference"], plan["difference_error"]) == (0.0, 0.0)
    # one trial is won by the first rule alone, one by the other alone
    assert half["difference"] == 0.0
    assert half["difference_error"] == pytest.approx(math.sqrt(2 / 4 / 5))
    assert half["success_error"] == pytest.approx(math.sqrt(0.6 * 0.4 / 5))
    assert "calibrated" not in plan


def trials(effect: float, n: int, seed: int) -> pd.DataFrame:
    """Flat priors and a known standard error of 1: probabilities in closed form."""
    estimates = np.random.default_rng(seed).normal(effect, 1.0, n)
    return pd.DataFrame(
        {
            f"better[{margin}]": stats.norm.cdf(estimates - margin)
            for margin in (0.0, 0.5)
        }
    )


CRITICAL = float(stats.norm.isf(0.025))


def test_calibrated_rules_have_the_power_of_the_normal_test() -> None:
    """Whatever the margin, for each is a threshold on the estimate.

    At a false-alarm probability of 1e-5.
    """
    n = 40_000
    calibrated = calibrated_rules(trials(0.0, n, 1), RULES, 0.025)
    z = float(stats.norm.isf(0.5e-5))
    for name, rule in RULES.items():
        found = calibrated[name].threshold
        known = stats.norm.cdf(CRITICAL - rule.margin)
        assert abs(found.value - known) < 1.5 * z * found.error
    plan, half = compared_rules(trials(2.0, n, 2), RULES, calibrated)
    power = stats.norm.sf(CRITICAL - 2.0)
    for row in (plan, half):
        error = float(row["calibrated_success_error"])
        assert abs(float(row["calibrated_success"]) - power) < z * error
    assert half["calibrated_difference"] == pytest.approx(0.0, abs=1e-4)
    as_they_are = stats.norm.sf(0.5 + stats.norm.ppf(0.8) - 2.0)
    spread = float(half["success_error"])
    assert abs(float(half["success"]) - as_they_are) < z * spread


@pytest.mark.parametrize("common", [True, False])
def test_errors_of_calibrated_rules_have_that_of_the_threshold(common: bool) -> None:
    """In closed form, for trials of the same streams in both scenarios, and of others.

    A share p falls by the ratio r of densities where the threshold's own tail rises,
    whose covariance with p is alpha (1 - p) where all trials beyond it are beyond it
    with the effect too. The ratio is told by 395 trials without an effect and 1,700
    with it (SD 6% of it, and 5% of the error): beyond the limit once in 100,000.
    """
    n, alpha = 400_000, 0.025
    calibrated = calibrated_rules(trials(0.0, n, 1), RULES, alpha)
    effect = trials(1.0, n, 1 if common else 2)
    p = stats.norm.sf(CRITICAL - 1.0)
    r = stats.norm.pdf(CRITICAL - 1.0) / stats.norm.pdf(CRITICAL)
    variance = p * (1 - p) + r**2 * alpha * (1 - alpha)
    if common:
        variance -= 2 * r * alpha * (1 - p)
    for row in compared_rules(effect, RULES, calibrated):
        error = float(row["calibrated_success_error"])
        assert error == pytest.approx(math.sqrt(variance / n), rel=0.25)
        # far more than if the threshold were known
        assert error > 1.15 * math.sqrt(p * (1 - p) / n)


def test_where_rules_are_calibrated_the_error_is_as_it_was_chosen() -> None:
    none = trials(0.0, 1000, 1)
    for row in compared_rules(none, RULES, calibrated_rules(none, RULES, 0.05)):
        assert (row["calibrated_success"], row["calibrated_success_error"]) == (
            0.05,
            pytest.approx(0.0, abs=1e-12),
        )


def test_each_arm_and_model_is_calibrated_by_its_own_trials() -> None:
    """Of 20 trials in any order 5% is one, the largest; that is each one's own."""
    frames = []
    for arm, arm_at in (("mid", 0.0), ("high", 0.1)):
        for model, at in (("joint", 0.5), ("single", 0.7)):
            values = at + arm_at + np.arange(20) / 1000
            frame = pd.DataFrame({"trial": np.arange(20), "better[0.0]": values})
            frames.append(frame.assign(arm=arm, method=model))
    none = pd.concat(frames, ignore_index=True)
    effect = none.assign(**{"better[0.0]": none["better[0.0]"] + 0.0055})
    shuffled = none.sample(frac=1, random_state=1)
    rows = [
        *rows_of_rules(
            {"effect": effect, "none": shuffled},
            {"plan": RULES["plan"]},
            Calibration(scenario="none", type_i_error=0.05),
        )
    ]
    assert len(rows) == 8
    for row in rows:
        first = {"joint": 0.5, "single": 0.7}[str(row["method"])]
        at = first + 0.1 * (row["arm"] == "high") + 0.018
        assert row["calibrated"] == pytest.approx(at)
        # 0.0055 moves the upper seven of them above it
        won = 7 if row["scenario"] == "effect" else 1
        assert row["calibrated_success"] == won / 20


def test_of_one_trial_no_error_is_told() -> None:
    one = trials(0.0, 1, 1)
    for row in compared_rules(one, RULES, calibrated_rules(one, RULES, 0.05)):
        assert math.isnan(float(row["calibrated_success_error"]))
        assert math.isnan(float(row["difference_error"]))
