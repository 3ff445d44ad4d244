"""SummariesAtHorizon of posteriors: the table of rates of decline."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from alsdecline.fits.diagnostics import monte_carlo_error
from alsdecline.fits.estimands import estimand_of
from alsdecline.fits.identified import Reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import RATIOS, Quantity, Slopes, reported_quantities
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon

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
    "error_of_estimate",
    "error_of_lower",
    "error_of_upper",
    "reason",
]


def stated(slopes: Slopes, quantity: Quantity) -> np.ndarray:
    """Tell for which draws the statement that goes with a quantity holds."""
    draws = quantity.draws
    if quantity.name in {"mean_slope", "change_at_horizon"}:
        return slopes.sign * draws < 0
    if quantity.name == "decline_ratio":
        return draws < 1
    return draws > 0


def _errors(
    quantity: Quantity, method: str, tail: float, chains: int
) -> dict[str, object]:
    """Monte Carlo standard errors of the estimate and of the interval's ends."""
    by_chain = quantity.draws.reshape(chains, -1)
    return {
        "error_of_estimate": monte_carlo_error(by_chain, method),
        "error_of_lower": monte_carlo_error(by_chain, "quantile", tail),
        "error_of_upper": monte_carlo_error(by_chain, "quantile", 1 - tail),
    }


def _named(quantity: Quantity) -> dict[str, object]:
    return {
        "outcome": quantity.outcome,
        "quantity": quantity.name,
        "arm": quantity.arm,
    }


def _row(
    slopes: Slopes,
    quantity: Quantity,
    summaries: SummariesAtHorizon,
    chains: int,
) -> dict[str, object]:
    tail = (1 - summaries.interval) / 2
    ratios = quantity.name in RATIOS
    row = _named(quantity)
    row["estimate"] = np.median(quantity.draws) if ratios else quantity.draws.mean()
    row["sd"] = np.nan if ratios else quantity.draws.std(ddof=1)
    row["lower"], row["upper"] = np.quantile(quantity.draws, [tail, 1 - tail])
    row["probability"] = float(np.mean(stated(slopes, quantity)))
    method = "median" if ratios else "mean"
    return row | _errors(quantity, method, tail, chains)


def summarise_fit(
    plan: FitPlan,
    draws: pd.DataFrame,
    summaries: SummariesAtHorizon,
    estimands: Sequence[Estimand],
    only: Collection[str] | None = None,
    unidentified: Reasons | None = None,
) -> pd.DataFrame:
    """Summarise one posterior.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        Its posterior, with ``chain``, sorted by chain and draw.
    summaries : SummariesAtHorizon
        Interval, thresholds and horizon.
    estimands : sequence of Estimand
        To name the estimand of each row.
    only : collection of str, optional
        The quantities to summarise; all without.
    unidentified : mapping, optional
        Why the data leave some to their priors: these are not summarised.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`. The estimate is the posterior mean, of ratios the
        median. The probability is that of decline (``mean_slope``,
        ``change_at_horizon``), of slower decline (``slope_difference``,
        ``decline_ratio``), of a larger fraction slowed in the first outcome
        (``fraction_slowed_difference``), and of a ratio below a threshold
        (``decline_ratio_below_<t>``). Errors are Monte Carlo standard errors. Ratios
        are missing unless the reference arm of every outcome in them declines with the
        probability that the plan demands.
    """
    quantities = list(reported_quantities(plan, draws, summaries.horizon_week))
    declines = {s.outcome: s.reference_declines() for s, _ in quantities}
    chains = draws["chain"].nunique()
    rows = []
    for slopes, quantity in quantities:
        if only is not None and quantity.name not in only:
            continue
        parts = quantity.outcome.split("-")
        given = all(declines[part] > summaries.ratio_needs_decline for part in parts)
        key = (quantity.outcome, quantity.name, quantity.arm)
        reason = (unidentified or {}).get(key, "")
        if not reason and quantity.name in RATIOS and not given:
            least = min(declines[part] for part in parts)
            reason = f"that the reference arm declines has a probability of {least:.2g}"
        rows.append(
            _row(slopes, quantity, summaries, chains) | {"reason": ""}
            if not reason
            else _named(quantity) | {"reason": reason}
        )
        if quantity.name != "decline_ratio":
            continue
        for threshold in summaries.ratio_thresholds:
            row = _named(quantity) | {
                "quantity": f"decline_ratio_below_{threshold:g}",
                "reason": reason,
            }
            if not reason:
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
