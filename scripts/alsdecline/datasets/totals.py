"""Total scores of items, and the values of outcomes visit by visit."""

import numpy as np
import pandas as pd

from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.scales import Scale


def item_total(items: np.ndarray, scale: Scale, rule: str, needed: int) -> np.ndarray:
    """Total of a scale's items.

    Parameters
    ----------
    items : ndarray, shape (n, n_items)
        Points; missing ones NaN.
    scale : Scale
        With the maxima of its items, in the same order.
    rule : {"missing", "prorate"}
        What becomes of a total with missing items. Prorated, it is the sum of the
        items there are, times the scale's maximum over the sum of their maxima.
    needed : int
        Items without which nothing is prorated.

    Returns
    -------
    ndarray, shape (n,)
        NaN where there is no total.
    """
    maxima = np.array(scale.item_maxima)
    present = ~np.isnan(items)
    answered = present.sum(axis=1)
    complete = answered == maxima.size
    total = np.where(present, items, 0.0).sum(axis=1)
    if rule == "missing":
        return np.where(complete, total, np.nan)
    reachable = (present * maxima).sum(axis=1)
    # one product and one quotient, so that equal records give equal bits
    prorated = total * maxima.sum() / np.where(reachable > 0, reachable, 1.0)
    enough = (answered >= needed) & (reachable > 0)
    return np.where(complete, total, np.where(enough, prorated, np.nan))


def outcome_values(plan: DataPlan, visits: pd.DataFrame, outcome: Outcome) -> pd.Series:
    """Return an outcome's value at every visit, as its parts or items give it.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    visits : DataFrame
        The typed visits with their values.
    outcome : Outcome
        Measured, a total of items, or a sum of outcomes.

    Returns
    -------
    Series
        Missing where any part is, or where items are missing and not prorated.
    """
    if outcome.sum_of:
        known = {o.id: o for o in plan.outcomes}
        parts = [outcome_values(plan, visits, known[part]) for part in outcome.sum_of]
        return pd.concat(parts, axis=1).sum(axis=1, skipna=False)
    if not outcome.items:
        return visits[str(outcome.column)]
    total = item_total(
        visits[outcome.items].to_numpy(dtype=float),
        plan.scales[outcome.scale],
        outcome.missing_items,
        outcome.items_needed,
    )
    return pd.Series(total, index=visits.index)
