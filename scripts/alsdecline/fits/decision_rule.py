"""The plan's decision rule, held to the posterior of the primary estimand."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.fits.diagnostics import monte_carlo_error
from alsdecline.fits.identified import Reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import Quantity, Slopes, reported_quantities
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.decision_rule import DecisionRule

SUCCESS, FUTILITY = "success", "futility"

COLUMNS = [
    "statement",
    "estimand",
    "outcome",
    "model",
    "quantity",
    "arm",
    "margin",
    "probability",
    "error",
    "threshold",
    "met",
    "reason",
]


def better_than(slopes: Slopes, quantity: Quantity, margin: float) -> np.ndarray:
    """Tell for which draws a quantity is better than a margin.

    Parameters
    ----------
    slopes : Slopes
        Of the quantity's outcome, for its direction.
    quantity : Quantity
        A ``slope_difference``, above 0 where better, or a ``mean_slope``.
    margin : float
        Points/time.

    Returns
    -------
    ndarray of bool, shape (n_draws,)
    """
    sign = slopes.sign if quantity.name == "mean_slope" else 1
    return sign * (quantity.draws - margin) > 0


def _statements(rule: DecisionRule) -> Iterator[tuple[str, float, float]]:
    yield SUCCESS, rule.success.margin, rule.success.probability
    if rule.futility is not None:
        yield FUTILITY, rule.futility.margin, rule.futility.probability


def judged(
    plan: FitPlan,
    draws: pd.DataFrame,
    summaries: SummariesAtHorizon,
    estimand: Estimand,
    rule: DecisionRule,
    unidentified: Reasons,
) -> pd.DataFrame:
    """Hold a decision rule to the posterior of the primary estimand.

    Parameters
    ----------
    plan : FitPlan
        The fit that the estimand rests on.
    draws : DataFrame
        Its posterior under the plan's prior, with ``chain``, sorted by chain and draw.
    summaries : SummariesAtHorizon
        For the horizon to which slopes of curves are.
    estimand : Estimand
        The primary one.
    rule : DecisionRule
        The plan's.
    unidentified : mapping
        Why the data leave quantities to their priors.

    Returns
    -------
    DataFrame
        A row for each statement, :data:`COLUMNS`: ``probability`` of the primary
        quantity being better than ``margin``, its Monte Carlo ``error``, the plan's
        ``threshold`` and whether it is ``met``: above it for success, below it for
        futility. Where no data of its own identify the quantity none is met, and
        ``reason`` says so.
    """
    slopes, quantity = next(
        (slopes, quantity)
        for slopes, quantity in reported_quantities(plan, draws, summaries.horizon_week)
        if (quantity.outcome, quantity.name, quantity.arm)
        == (estimand.outcome, estimand.summary, estimand.treatment)
    )
    key = (quantity.outcome, quantity.name, quantity.arm)
    reason = unidentified.get(key, "")
    rows = []
    for statement, margin, threshold in _statements(rule):
        holds = better_than(slopes, quantity, margin).astype(float)
        probability = float(holds.mean())
        above = statement == SUCCESS
        met = probability > threshold if above else probability < threshold
        by_chain = holds.reshape(draws["chain"].nunique(), -1)
        rows.append(
            {
                "statement": statement,
                "estimand": estimand.id,
                "outcome": quantity.outcome,
                "model": plan.model,
                "quantity": quantity.name,
                "arm": quantity.arm,
                "margin": margin,
                "probability": np.nan if reason else probability,
                "error": np.nan if reason else monte_carlo_error(by_chain, "mean"),
                "threshold": threshold,
                "met": met and not reason,
                "reason": reason,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)
