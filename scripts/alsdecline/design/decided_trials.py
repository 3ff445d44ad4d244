"""Which simulated trials are significant, and what the plan's rule calls them."""

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
from alsdecline.design.performance import share, significance_level, threshold
from alsdecline.settings.decision_rule import DecisionRule

QUANTILES = (5, 25, 50, 75, 95)
"""Percentages of trials below the quantiles of what the rule decides by."""


def counted(
    analyses: pd.DataFrame, rule: DecisionRule | None, level: float
) -> dict[str, pd.Series]:
    """Return which trials count: significantly better, or a success by the rule.

    Parameters
    ----------
    analyses : DataFrame
        By one method or model, of trials of one scenario and arm.
    rule : DecisionRule or None
        The plan's, if it has one.
    level : float
        Of intervals.

    Returns
    -------
    dict of str to Series of bool
        By what counts; successes of models alone, which have a posterior.
    """
    significant = analyses["p_value"] <= significance_level(level)
    better = significant & (analyses["estimate"] > 0.0)
    found = {"significantly_better": better}
    column = better_than(rule.success.margin) if rule else ""
    # methods without a posterior have none
    if rule is not None and column in analyses and analyses[column].notna().all():
        found["success"] = analyses[column] > rule.success.probability
    return found


def decided(
    analyses: pd.DataFrame, rule: DecisionRule | None, level: float
) -> dict[str, float]:
    """Return how often the plan's rule called fitted trials a success, or futile.

    Parameters
    ----------
    analyses : DataFrame
        By one model, of trials of one scenario and arm.
    rule : DecisionRule or None
        The plan's, if it has one; else a margin of 0 stands for it.
    level : float
        Of intervals.

    Returns
    -------
    dict of str to float
        Columns of ``operating_characteristics``: shares with errors; quantiles over
        trials of the probability that is decided by, and the threshold that as many
        trials pass as an interval of the level leaves above it: in a scenario without
        an effect, that of such a type I error.
    """
    found = {"missed_gates": float(analyses["missed_gates"].sum())}
    probability = analyses[better_than(rule.success.margin if rule else 0.0)].to_numpy()
    for below in QUANTILES:
        name, at = f"probability_q{below:02d}", threshold(probability, 1 - below / 100)
        found |= {name: at.value, f"{name}_error": at.error}
    passed = threshold(probability, significance_level(level) / 2.0)
    found |= {"threshold": passed.value, "threshold_error": passed.error}
    if rule is None:
        return found
    won = probability > rule.success.probability
    found["success"], found["success_error"] = share(won.astype(np.float64))
    if rule.futility is not None:
        useful = analyses[better_than(rule.futility.margin)]
        lost = useful < rule.futility.probability
        found["futile"], found["futile_error"] = share(np.asarray(lost, np.float64))
    return found
