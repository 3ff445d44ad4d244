"""Decision rules compared on the same fitted trials, with errors of pairs."""

import dataclasses
import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
from alsdecline.design.performance import (
    Threshold,
    mean_with_error,
    share,
    threshold,
)
from alsdecline.design.streams import Booleans, Floats
from alsdecline.settings.decision_rule import Success
from alsdecline.settings.simulated_design import Calibration

type Row = dict[str, object]


def paired_difference(won: Booleans, first: Booleans) -> tuple[float, float]:
    """Return the difference of two shares of the same trials, and its standard error.

    Parameters
    ----------
    won, first : ndarray of bool, shape (B,)
        Which trials each calls a success.
    """
    return mean_with_error(won.astype(np.float64) - first)


@dataclasses.dataclass(frozen=True, eq=False)
class CalibratedRule:
    """A rule's threshold of a type I error, and the trials that it was found in.

    Attributes
    ----------
    threshold : Threshold
        Of the posterior probability of being better than the rule's margin.
    probability : ndarray, shape (B,)
        That of each trial without an effect.
    near : tuple of float
        Those of the trials that are two binomial SDs of their number to either side.
    """

    threshold: Threshold
    probability: Floats
    near: tuple[float, float]

    def influence(self, probability: Floats) -> Floats:
        """Return what each trial adds to the share of those above the threshold.

        Parameters
        ----------
        probability : ndarray, shape (B,)
            Of the same trials, with the effect of a scenario.

        Returns
        -------
        ndarray, shape (B,)
            Of mean 0: by being above it, less what it moves the threshold by as one of
            the trials without an effect. By how much the share falls where that rises
            is told by how many trials of both are near it.
        """
        low, high = self.near
        here, without = (
            float(((values > low) & (values <= high)).mean())
            for values in (probability, self.probability)
        )
        moved = here / without if without else math.nan
        above, exceeded = (
            (values > self.threshold.value).astype(np.float64)
            for values in (probability, self.probability)
        )
        return above - above.mean() - moved * (exceeded - exceeded.mean())


def calibrated_rules(
    analyses: pd.DataFrame, rules: Mapping[str, Success], type_i_error: float
) -> dict[str, CalibratedRule]:
    """Return each rule's threshold of that type I error.

    Parameters
    ----------
    analyses : DataFrame
        Of fitted trials of one arm without an effect, by trial.
    rules : mapping of str to Success
        Their margins count.
    type_i_error : float
        Share of trials that may exceed the threshold.
    """
    found = {}
    for name, rule in rules.items():
        values = analyses[better_than(rule.margin)].to_numpy()
        apart = 2.0 * math.sqrt(type_i_error * (1.0 - type_i_error) / values.size)
        among = np.clip([1.0 - type_i_error - apart, 1.0 - type_i_error + apart], 0, 1)
        low, high = np.quantile(values, among)
        found[name] = CalibratedRule(
            threshold(values, type_i_error), values, (float(low), float(high))
        )
    return found


def compared_rules(
    analyses: pd.DataFrame,
    rules: Mapping[str, Success],
    calibrated: Mapping[str, CalibratedRule],
) -> Iterator[Row]:
    """Hold rules to the same trials.

    Parameters
    ----------
    analyses : DataFrame
        Of fitted trials of one scenario and arm, by trial.
    rules : mapping of str to Success
        The first is the one that others are compared with.
    calibrated : mapping of str to CalibratedRule
        From :func:`calibrated_rules`, of the same trials; empty for none. Errors of
        what is calibrated have that of the threshold in them.

    Yields
    ------
    dict
        A row of ``compared_rules`` a rule.
    """
    probabilities = {
        name: analyses[better_than(rule.margin)].to_numpy()
        for name, rule in rules.items()
    }
    first, *_ = rules
    for name, rule in rules.items():
        won = probabilities[name] > rule.probability
        won_first = probabilities[first] > rules[first].probability
        row: Row = {"rule": name, "margin": rule.margin}
        row |= {"probability": rule.probability, "trials": len(analyses)}
        row["success"], row["success_error"] = share(won.astype(np.float64))
        row["difference"], row["difference_error"] = paired_difference(won, won_first)
        if calibrated:
            mine, one = calibrated[name], calibrated[first]
            shares = [
                float((probabilities[k] > c.threshold.value).mean())
                for k, c in ((name, mine), (first, one))
            ]
            own = mine.influence(probabilities[name])
            apart = own - one.influence(probabilities[first])
            row |= {
                "calibrated": mine.threshold.value,
                "calibrated_error": mine.threshold.error,
                "calibrated_success": shares[0],
                "calibrated_success_error": mean_with_error(own)[1],
                "calibrated_difference": shares[0] - shares[1],
                "calibrated_difference_error": mean_with_error(apart)[1],
            }
        yield row


def rows_of_rules(
    fitted: Mapping[str, pd.DataFrame],
    rules: Mapping[str, Success],
    calibrated: Calibration | None,
) -> Iterator[Row]:
    """Hold rules to all fitted trials.

    Parameters
    ----------
    fitted : mapping of str to DataFrame
        Of each scenario, by all models and arms.
    rules : mapping of str to Success
        The first is the one that others are compared with.
    calibrated : Calibration or None
        By which scenario thresholds are calibrated, if they are; of each arm and model
        by its own trials.

    Yields
    ------
    dict
        A row of ``compared_rules`` a scenario, arm, model and rule.
    """
    for name, analyses in fitted.items():
        for key, mine in analyses.groupby(["arm", "method"], sort=False):
            of_rules = {}
            if calibrated is not None:
                without = fitted[calibrated.scenario].groupby(["arm", "method"])
                of_rules = calibrated_rules(
                    without.get_group(key).sort_values("trial"),
                    rules,
                    calibrated.type_i_error,
                )
            place = {"scenario": name} | dict(zip(("arm", "method"), key, strict=True))
            for row in compared_rules(mine.sort_values("trial"), rules, of_rules):
                yield place | row
