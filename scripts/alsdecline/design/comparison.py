"""Two arms of simulated trials in one outcome, and what an analysis says of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import special

from alsdecline.design.simulated_trials import Scenario, SimulatedTrials
from alsdecline.design.streams import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two arms of B trials, in one outcome at T visits.

    Attributes
    ----------
    numbers : ndarray of int, shape (B,)
        Of the trials.
    times, responses : ndarray, shape (B, N, T)
        Times from randomisation, and the outcome; NaN where there is none, as of all
        patients of other arms.
    treated, compared : ndarray of bool, shape (B, N)
        Who is of the arm that is compared, and who of either.
    stratum : ndarray of int, shape (B, N)
        Of randomisation; all 0 where there were no strata.
    horizon : float
        Time of the last scheduled visit.
    """

    numbers: Integers
    times: Floats
    responses: Floats
    treated: Booleans
    compared: Booleans
    stratum: Integers
    horizon: float

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        trials: SimulatedTrials,
        outcome: str,
        arm: str,
        reference: tuple[str, ...],
    ) -> Self:
        """Take an outcome, or a sum, an arm, and those that are its reference together.

        Raises
        ------
        ValueError
            If a name is unknown.
        """
        arms = scenario.design.arms
        treated = trials.arm == arms.index(scenario.design.arm(arm))
        places = [arms.index(scenario.design.arm(name)) for name in reference]
        compared = treated | np.isin(trials.arm, places)
        measured = trials.measured(scenario.truth.places(outcome))
        values = np.where(compared[..., None], measured, np.nan)
        return cls(
            trials.numbers,
            np.broadcast_to(trials.times, values.shape),
            values,
            treated,
            compared,
            trials.stratum,
            scenario.design.visits[-1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimated differences in slope of B trials; NaN where the analysis failed.

    Attributes
    ----------
    estimate, lower, upper : ndarray, shape (B,)
        Treated less reference with the ends of its interval, points/time.
    p_value : ndarray, shape (B,)
        Two-sided, of no difference.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    p_value: Floats

    @classmethod
    def by_t(
        cls,
        estimate: Floats,
        standard_error: Floats,
        degrees_of_freedom: Floats,
        level: float,
    ) -> Self:
        """Make intervals of a level, and p-values, by Student's t distribution."""
        with np.errstate(invalid="ignore", divide="ignore"):
            df = np.where(degrees_of_freedom > 0.0, degrees_of_freedom, np.nan)
            half = -special.stdtrit(df, (1.0 - level) / 2.0) * standard_error
            p = 2.0 * special.stdtr(df, -np.abs(estimate / standard_error))
        failed = ~np.isfinite(half) | ~np.isfinite(p)
        none = np.where(failed, np.nan, 0.0)
        return cls(
            estimate + none, estimate - half + none, estimate + half + none, p + none
        )

    def turned(self) -> Self:
        """Return the same with the opposite sign."""
        return type(self)(-self.estimate, -self.upper, -self.lower, self.p_value)
