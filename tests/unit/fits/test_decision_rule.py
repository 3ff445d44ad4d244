"""The decision rule's probabilities are those of a posterior known in closed form."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from alsdecline.fits.decision_rule import judged
from alsdecline.fits.plan import FitPlan
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.decision_rule import DecisionRule, Futility, Success

CHAINS, DRAWS = 4, 2000
MEAN, SD = 0.4, 0.5
SUMMARIES = SummariesAtHorizon(
    interval=0.95, ratio_thresholds=[], ratio_needs_decline=0.99, horizon_week=40
)


def posterior() -> pd.DataFrame:
    """Draws at equal steps of the distribution function, shuffled by a fixed seed."""
    places = (np.arange(CHAINS * DRAWS) + 0.5) / (CHAINS * DRAWS)
    effect = MEAN + SD * norm.ppf(places)
    np.random.default_rng(1).shuffle(effect)
    return pd.DataFrame(
        {
            "slope[limb]": -2.0,
            "slope[bulbar]": -1.0,
            "effect[limb,middle]": 0.0,
            "effect[bulbar,middle]": 0.0,
            "effect[limb,high]": effect,
            "effect[bulbar,high]": 0.0,
            "chain": np.repeat(range(CHAINS), DRAWS),
        }
    )


def estimand(summary: str) -> Estimand:
    return Estimand.model_validate(
        {
            "id": "rate",
            "label": "Rate",
            "outcome": "limb",
            "treatment": "high",
            "intercurrent_events": [],
            "summary": summary,
            "model": "joint",
        }
    )


def rule(success: float, futility: float = 0.2) -> DecisionRule:
    return DecisionRule(
        success=Success(margin=success, probability=0.6),
        futility=Futility(margin=futility, probability=0.3),
        basis="posterior",
        reason="Made up.",
    )


def judged_by(
    plan: FitPlan, summary: str, given: DecisionRule, reason: str = ""
) -> pd.DataFrame:
    told = {("limb", summary, "high"): reason} if reason else {}
    table = judged(plan, posterior(), SUMMARIES, estimand(summary), given, told)
    return table.set_index("statement")


@pytest.mark.parametrize("margin", [-0.3, 0.0, 0.25, 1.0])
def test_it_is_the_posterior_probability_of_exceeding_the_margin(
    plan: FitPlan, margin: float
) -> None:
    row = judged_by(plan, "slope_difference", rule(margin)).loc["success"]
    known = norm.sf(margin, MEAN, SD)
    assert row["probability"] == pytest.approx(known, abs=1 / (CHAINS * DRAWS))
    assert row["met"] == (known > 0.6)
    # shuffled draws are worth about their number
    by_formula = math.sqrt(known * (1 - known) / (CHAINS * DRAWS))
    assert row["error"] == pytest.approx(by_formula, rel=0.15)


def test_futile_is_what_is_improbable(plan: FitPlan) -> None:
    for margin in (0.2, 0.9):
        row = judged_by(plan, "slope_difference", rule(0, margin)).loc["futility"]
        known = norm.sf(margin, MEAN, SD)
        assert row["probability"] == pytest.approx(known, abs=1 / (CHAINS * DRAWS))
        assert row["met"] == (known < 0.3)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_a_mean_slope_is_better_by_the_scales_direction(
    plan: FitPlan, better: str
) -> None:
    turned = plan.model_copy(update={"better": dict.fromkeys(plan.better, better)})
    row = judged_by(turned, "mean_slope", rule(-1.5)).loc["success"]
    above = float(norm.sf(-1.5, -2.0 + MEAN, SD))
    known = above if better == "higher" else 1 - above
    assert row["probability"] == pytest.approx(known, abs=1 / (CHAINS * DRAWS))


def test_what_data_do_not_identify_decides_nothing(plan: FitPlan) -> None:
    table = judged_by(
        plan, "slope_difference", rule(-9, 9), reason="all have one visit"
    )
    assert not table["met"].any()
    assert table[["probability", "error"]].isna().all(axis=None)
    assert set(table["reason"]) == {"all have one visit"}
