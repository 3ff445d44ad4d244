"""From draws of a fit's parameters to draws of the quantities that are reported."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.fits.drawn import drawn_model
from alsdecline.fits.plan import FitPlan

RATIOS = frozenset({"decline_ratio", "fraction_slowed_difference"})
"""Quantities whose estimate is the median: ratios of normals have no mean and no SD."""


@dataclasses.dataclass(frozen=True)
class Quantity:
    """Draws of one reported quantity.

    Attributes
    ----------
    outcome, name, arm : str
        What it is of; `arm` is empty where it is of no arm.
    draws : ndarray, shape (n_draws,)
        In points/time for slopes, points for changes, none for ratios.
    """

    outcome: str
    name: str
    arm: str
    draws: np.ndarray


@dataclasses.dataclass(frozen=True)
class Slopes:
    """Draws of the mean slopes of one outcome.

    Attributes
    ----------
    outcome : str
        Its id.
    sign : int
        1 where higher is better, else -1: a change times `sign` is an improvement.
    by_arm : dict of str to ndarray
        Mean slope of each arm, points/time, the reference arm first.
    reference : str
        Id of the reference arm.
    """

    outcome: str
    sign: int
    by_arm: dict[str, np.ndarray]
    reference: str

    def improvement(self, arm: str) -> np.ndarray:
        """Difference in slopes from the reference; above 0 is slower decline."""
        difference: np.ndarray = self.by_arm[arm] - self.by_arm[self.reference]
        return self.sign * difference

    def ratio(self, arm: str) -> np.ndarray:
        """Ratio of declines to the reference; below 1 is slower decline."""
        ratio: np.ndarray = self.by_arm[arm] / self.by_arm[self.reference]
        return ratio

    def reference_declines(self) -> float:
        """Probability that the reference arm declines."""
        return float(np.mean(self.sign * self.by_arm[self.reference] < 0))


def mean_slopes(
    plan: FitPlan, draws: pd.DataFrame, time: float | None = None
) -> list[Slopes]:
    """Return the mean slopes of all outcomes that a fit gives, sums included.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        A column for each parameter of the plan's model.
    time : float, optional
        Time to which the mean slopes are, from time zero; the plan's horizon if not
        given. It matters only where courses are no straight lines.

    Returns
    -------
    list of Slopes
        The fitted outcomes, then the sums.
    """
    slopes = drawn_model(plan).mean_slopes(draws, time or plan.horizon_time)
    for total in plan.sums:
        slopes[total.id] = {
            arm: np.sum([slopes[part][arm] for part in total.parts], axis=0)
            for arm in (plan.reference, *plan.arms)
        }
    return [
        Slopes(name, plan.sign(name), arms, plan.reference)
        for name, arms in slopes.items()
    ]


def mean_changes(
    plan: FitPlan, draws: pd.DataFrame, weeks: np.ndarray
) -> dict[str, dict[str, np.ndarray]]:
    """Return the mean changes from time zero of all outcomes that a fit gives.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        S rows of its parameters.
    weeks : ndarray, shape (T,)
        When, from time zero on.

    Returns
    -------
    dict of str to dict of str to ndarray, shape (T, S)
        By outcome and arm, in points.
    """
    changes: dict[str, dict[str, list[np.ndarray]]] = {}
    for week in weeks:
        time = plan.time_of(float(week))
        # at time zero there is none, whatever the slope to any later time
        for slopes in mean_slopes(plan, draws, time or None):
            of_outcome = changes.setdefault(slopes.outcome, {})
            for arm, slope in slopes.by_arm.items():
                of_outcome.setdefault(arm, []).append(slope * time)
    return {
        outcome: {arm: np.stack(rows) for arm, rows in by_arm.items()}
        for outcome, by_arm in changes.items()
    }


def reported_quantities(
    plan: FitPlan, draws: pd.DataFrame, horizon_week: float
) -> Iterator[tuple[Slopes, Quantity]]:
    """Make draws of all reported quantities.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        Its posterior.
    horizon_week : float
        Week of the change from baseline.

    Yields
    ------
    Slopes
        Of the quantity's outcome.
    Quantity
        ``mean_slope`` and ``change_at_horizon`` by arm; ``slope_difference`` and
        ``decline_ratio`` of the other arms; ``fraction_slowed_difference`` of the
        plan's pairs.
    """
    slopes = mean_slopes(plan, draws)
    time = plan.time_of(horizon_week)
    for s in slopes:
        for arm, values in s.by_arm.items():
            yield s, Quantity(s.outcome, "mean_slope", arm, values)
        for arm, values in s.by_arm.items():
            yield s, Quantity(s.outcome, "change_at_horizon", arm, values * time)
        for arm in plan.arms:
            improvement = s.improvement(arm)
            yield s, Quantity(s.outcome, "slope_difference", arm, improvement)
            yield s, Quantity(s.outcome, "decline_ratio", arm, s.ratio(arm))
    by_outcome = {s.outcome: s for s in slopes}
    for first, second in plan.pairs:
        if first in by_outcome and second in by_outcome:
            for arm in plan.arms:
                # the fraction slowed is 1 - ratio
                one, other = by_outcome[first], by_outcome[second]
                difference = other.ratio(arm) - one.ratio(arm)
                name = f"{first}-{second}"
                yield (
                    one,
                    Quantity(name, "fraction_slowed_difference", arm, difference),
                )
