"""Summaries of posteriors: the table of rates of decline."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alsdecline.fits.estimands import estimand_of
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import Quantity, Slopes, reported_quantities
from alsdecline.settings.analysis import Estimand, Summaries

COLUMNS = [
    "estimand",
    "outcome",
    "model",
    "quantity",
    "arm",
    "estimate",
    "sd",
    "lower",
    "upper",
    "probability",
]


RATIOS = frozenset({"decline_ratio", "fraction_slowed_difference"})
"""Quantities whose estimate is the median, for a ratio of normals has no mean."""


def stated(slopes: Slopes, quantity: Quantity) -> np.ndarray:
    """Tell for which draws the statement that goes with a quantity holds."""
    draws = quantity.draws
    if quantity.name in {"mean_slope", "change_at_horizon"}:
        return slopes.sign * draws < 0
    if quantity.name == "decline_ratio":
        return draws < 1
    return draws > 0


def _row(
    slopes: Slopes, quantity: Quantity, summaries: Summaries, ratio_given: bool
) -> dict[str, object]:
    tail = (1 - summaries.interval) / 2
    ratios = quantity.name in RATIOS
    row: dict[str, object] = {
        "outcome": quantity.outcome,
        "quantity": quantity.name,
        "arm": quantity.arm,
    }
    if ratios and not ratio_given:
        return row
    row["estimate"] = np.median(quantity.draws) if ratios else quantity.draws.mean()
    row["sd"] = np.nan if ratios else quantity.draws.std(ddof=1)
    row["lower"], row["upper"] = np.quantile(quantity.draws, [tail, 1 - tail])
    row["probability"] = float(np.mean(stated(slopes, quantity)))
    return row


def summarise_fit(
    plan: FitPlan,
    draws: pd.DataFrame,
    summaries: Summaries,
    estimands: Sequence[Estimand],
) -> pd.DataFrame:
    """Summarise one posterior.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        Its posterior.
    summaries : Summaries
        Interval, thresholds and horizon.
    estimands : sequence of Estimand
        To name the estimand of each row.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`. The estimate is the posterior mean, of ratios the
        median. The probability is that of decline (``mean_slope``,
        ``change_at_horizon``), of slower decline (``slope_difference``,
        ``decline_ratio``), of a larger fraction slowed in the first outcome
        (``fraction_slowed_difference``), and of a ratio below a threshold
        (``decline_ratio_below_<t>``). Ratios are missing unless the reference arm of
        every outcome in them declines with the probability that the plan demands.
    """
    quantities = list(reported_quantities(plan, draws, summaries.horizon_week))
    declines = {s.outcome: s.reference_declines() for s, _ in quantities}
    rows = []
    for slopes, quantity in quantities:
        parts = quantity.outcome.split("-")
        given = all(declines[part] > summaries.ratio_needs_decline for part in parts)
        rows.append(_row(slopes, quantity, summaries, given))
        if quantity.name != "decline_ratio":
            continue
        for threshold in summaries.ratio_thresholds:
            row: dict[str, object] = {
                "outcome": quantity.outcome,
                "quantity": f"decline_ratio_below_{threshold:g}",
                "arm": quantity.arm,
            }
            if given:
                row["probability"] = float(np.mean(quantity.draws < threshold))
            rows.append(row)
    frame = pd.DataFrame(rows)
    frame["model"] = plan.model
    frame["estimand"] = [
        estimand_of(estimands, outcome, arm, name, plan.model)
        for outcome, arm, name in zip(
            frame["outcome"], frame["arm"], frame["quantity"], strict=True
        )
    ]
    return frame.reindex(columns=COLUMNS)


def weight_of_data(prior_sd: float, posterior_sd: float) -> float:
    """Share of the data in a normal posterior mean, 1 - (posterior/prior SD)^2."""
    return 1 - (posterior_sd / prior_sd) ** 2
