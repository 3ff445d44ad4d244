"""Rules are held to the same trials, and to the same type I error."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.design.compared_rules import calibrated_thresholds, compared_rules
from alsdecline.settings.decision_rule import Success

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


def test_calibrated_rules_have_the_power_of_the_normal_test() -> None:
    """Whatever the margin, for each is a threshold on the estimate.

    At a false-alarm probability of 1e-5.
    """
    n = 40_000
    thresholds = calibrated_thresholds(trials(0.0, n, 1), RULES, 0.025)
    z = float(stats.norm.isf(0.5e-5))
    critical = stats.norm.isf(0.025)
    for name, rule in RULES.items():
        found, error = thresholds[name]
        assert abs(found - stats.norm.cdf(critical - rule.margin)) < 1.5 * z * error
    plan, half = compared_rules(trials(2.0, n, 2), RULES, thresholds)
    power = stats.norm.sf(critical - 2.0)
    # the threshold's own error moves power by the ratio of densities
    moved = math.sqrt(0.025 * 0.975 / n)
    moved *= stats.norm.pdf(critical - 2.0) / stats.norm.pdf(critical)
    for row in (plan, half):
        spread = math.hypot(float(row["calibrated_success_error"]), moved)
        assert abs(float(row["calibrated_success"]) - power) < z * spread
    assert half["calibrated_difference"] == pytest.approx(0.0, abs=1e-4)
    as_they_are = stats.norm.sf(0.5 + stats.norm.ppf(0.8) - 2.0)
    spread = float(half["success_error"])
    assert abs(float(half["success"]) - as_they_are) < z * spread
