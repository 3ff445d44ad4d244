"""Decision rules compared on the same fitted trials, with errors of pairs."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
from alsdecline.design.performance import share, threshold
from alsdecline.design.streams import Booleans
from alsdecline.settings.decision_rule import Success

type Row = dict[str, object]


def paired_difference(won: Booleans, first: Booleans) -> tuple[float, float]:
    """Return the difference of two shares of the same trials, and its standard error.

    Parameters
    ----------
    won, first : ndarray of bool, shape (B,)
        Which trials each calls a success.
    """
    apart = won.astype(np.float64) - first
    if apart.size < 2:
        return float(apart.mean()), math.nan
    return float(apart.mean()), float(apart.std(ddof=1)) / math.sqrt(apart.size)


def calibrated_thresholds(
    analyses: pd.DataFrame, rules: Mapping[str, Success], type_i_error: float
) -> dict[str, tuple[float, float]]:
    """Return each rule's threshold of that type I error, with its Monte Carlo error.

    Parameters
    ----------
    analyses : DataFrame
        Of fitted trials of one arm without an effect.
    rules : mapping of str to Success
        Their margins count.
    type_i_error : float
        Share of trials that may exceed the threshold.
    """
    return {
        name: threshold(analyses[better_than(rule.margin)].to_numpy(), type_i_error)
        for name, rule in rules.items()
    }


def compared_rules(
    analyses: pd.DataFrame,
    rules: Mapping[str, Success],
    calibrated: Mapping[str, tuple[float, float]],
) -> Iterator[Row]:
    """Hold rules to the same trials.

    Parameters
    ----------
    analyses : DataFrame
        Of fitted trials of one scenario and arm, in one order.
    rules : mapping of str to Success
        The first is the one that others are compared with.
    calibrated : mapping of str to tuple of float
        From :func:`calibrated_thresholds`; empty for none.

    Yields
    ------
    dict
        A row of ``compared_rules`` a rule.
    """
    firsts: dict[str, Booleans] = {}
    for name, rule in rules.items():
        probability = analyses[better_than(rule.margin)].to_numpy()
        row: Row = {"rule": name, "margin": rule.margin}
        row |= {"probability": rule.probability, "trials": len(analyses)}
        thresholds = {"": rule.probability}
        if calibrated:
            row["calibrated"], row["calibrated_error"] = calibrated[name]
            thresholds["calibrated_"] = calibrated[name][0]
        for prefix, above in thresholds.items():
            won = probability > above
            first = firsts.setdefault(prefix, won)
            for column, (value, error) in {
                "success": share(won.astype(np.float64)),
                "difference": paired_difference(won, first),
            }.items():
                row[f"{prefix}{column}"] = value
                row[f"{prefix}{column}_error"] = error
        yield row
