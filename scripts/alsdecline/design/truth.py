"""What is true of the patients of a simulated trial, and what treatment does."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from alsdecline.design.streams import Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """Treatment adds to each patient's slope.

    Attributes
    ----------
    value : float
        Points/time.
    """

    value: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """Treatment multiplies each patient's slope.

    Attributes
    ----------
    value : float
        Of the slope under treatment to that without, above 0; 0.7 is 30% slowing.
    """

    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Treatment adds a course of its own, as where it acts late or wears off.

    Attributes
    ----------
    times : tuple of float
        Times from randomisation, rising from 0.
    values : tuple of float
        What is added at each, points; straight between two, and after the last as it
        is there.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, times: Floats) -> Floats:
        """Return what is added at some times, of the shape of these."""
        added: Floats = np.interp(times, self.times, self.values)
        return added


@dataclass(frozen=True, slots=True)
class Emax:
    """Treatment adds to the slope what the arm's dose gives.

    Attributes
    ----------
    largest : float
        What the largest of doses would add, points/time.
    half_at : float
        The dose that adds half of it, above 0.
    """

    largest: float
    half_at: float


@dataclass(frozen=True, slots=True)
class DrawnDifference:
    """Treatment adds to each patient's slope what each trial draws, by a design prior.

    Attributes
    ----------
    mean, sd : float
        Of the normal distribution that it is drawn from, points/time. A trial draws one
        standard normal number for all outcomes of an arm; the SD is below 0 of an
        outcome that moves against the others.
    """

    mean: float
    sd: float


type Effect = Difference | Ratio | Curve | Emax | DrawnDifference


@dataclass(frozen=True, slots=True)
class OutcomeTruth:
    """What is true of one outcome.

    Attributes
    ----------
    name : str
        Of the outcome.
    intercept, slope : float
        Means at time zero, points, and without effect, points/time.
    sd_intercept, sd_slope, sd_residual : float
        Between patients, and within.
    effects : mapping of str to Effect
        By arm; none of an arm that is not named.
    drift : float
        By how much the mean slope changes with the calendar time of enrolment,
        points/time for each unit of time.
    stratum_intercepts, stratum_slopes : tuple of float
        Added to the means in each stratum; empty if they are alike.
    """

    name: str
    intercept: float
    slope: float
    sd_intercept: float
    sd_slope: float
    sd_residual: float
    effects: Mapping[str, Effect] = field(default_factory=dict)
    drift: float = 0.0
    stratum_intercepts: tuple[float, ...] = ()
    stratum_slopes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse negative SDs."""
        if min(self.sd_intercept, self.sd_slope, self.sd_residual) < 0.0:
            raise ValueError(f"outcome {self.name!r}: an SD must be at least 0")

    def on_slope(self, arm: str, dose: float) -> tuple[float, float]:
        """Return by what an arm multiplies slopes, and what it then adds to them.

        Of a difference that each trial draws, its mean.
        """
        match self.effects.get(arm):
            case Ratio(value):
                return value, 0.0
            case Difference(value):
                return 1.0, value
            case DrawnDifference(mean):
                return 1.0, mean
            case Emax(largest, half_at):
                return 1.0, largest * dose / (half_at + dose)
            case _:
                return 1.0, 0.0

    def true_difference(self, arm: str, dose: float, horizon: float) -> float:
        """Return an arm's effect on the mean slope from time zero to a horizon.

        Parameters
        ----------
        arm : str
            Its name.
        dose : float
            Its dose.
        horizon : float
            Time from randomisation, above 0, which only that of a curve depends on.

        Returns
        -------
        float
            Less the slope without effect, where nothing drifts, points/time.
        """
        factor, added = self.on_slope(arm, dose)
        effect = self.effects.get(arm)
        if isinstance(effect, Curve):
            return float(effect.at(np.array(horizon))) / horizon
        return (factor - 1.0) * self.slope + added


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of all outcomes.

    Attributes
    ----------
    outcomes : tuple of OutcomeTruth
        K of them.
    correlation : tuple of tuple of float, or None
        Between patients, of intercept and slope of the first outcome, then of the next,
        (2 K, 2 K); None where all are independent.
    residual_correlation : tuple of tuple of float, or None
        Of the residuals of one visit, (K, K); None where they are independent.
    sums : mapping of str to tuple of str
        Outcomes that are sums of these, with what they sum.

    Raises
    ------
    ValueError
        If a correlation is no matrix of correlations of that size.
    """

    outcomes: tuple[OutcomeTruth, ...]
    correlation: tuple[tuple[float, ...], ...] | None = None
    residual_correlation: tuple[tuple[float, ...], ...] | None = None
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no matrix of correlations."""
        names = self.names
        if not names or len(set(names)) < len(names):
            raise ValueError(f"outcomes {names}: one at least, each once")
        _root(self.correlation, 2 * len(names))
        _root(self.residual_correlation, len(names))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(outcome.name for outcome in self.outcomes)

    def place(self, name: str) -> int:
        """Return the place of an outcome.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        if name not in self.names:
            raise ValueError(f"no outcome {name!r} among {list(self.names)}")
        return self.names.index(name)

    def places(self, name: str) -> list[int]:
        """Return the places of what an outcome is the sum of, or its own.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        return [self.place(part) for part in self.sums.get(name, (name,))]

    def between_root(self) -> Floats:
        """Return what standard normal numbers are multiplied by, (2 K, 2 K)."""
        sds = [(o.sd_intercept, o.sd_slope) for o in self.outcomes]
        root = _root(self.correlation, 2 * len(self.outcomes))
        return np.array(sds).reshape(-1, 1) * root

    def residual_root(self) -> Floats:
        """Return the same of residuals, (K, K)."""
        sds = np.array([outcome.sd_residual for outcome in self.outcomes])
        return sds[:, None] * _root(self.residual_correlation, sds.size)


def _root(correlation: tuple[tuple[float, ...], ...] | None, size: int) -> Floats:
    """Return the Cholesky factor of a matrix of correlations."""
    if correlation is None:
        return np.eye(size)
    matrix = np.array(correlation, dtype=np.float64)
    if matrix.shape != (size, size):
        raise ValueError(f"correlations {matrix.shape}, not {(size, size)}")
    if (matrix != matrix.T).any() or not all(
        math.isclose(one, 1.0) for one in np.diag(matrix)
    ):
        raise ValueError("correlations are not symmetric with ones on the diagonal")
    try:
        root: Floats = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise ValueError("the correlations are not positive definite") from None
    return root
