"""How a method does in repeated trials of one scenario, with Monte Carlo errors.

Morris, White and Crowther, Stat Med 2019; 38:2074-2102, table 6, has the formulas. Type
S and M are of Gelman and Carlin, Perspect Psychol Sci 2014; 9:641-651.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from alsdecline.design.comparison import Estimates
from alsdecline.design.streams import Floats


@dataclass(frozen=True, slots=True)
class Performance:
    """Properties of a method; NaN where they are not defined.

    Attributes
    ----------
    trials, failed : int
        Trials, and those in which the method gave nothing. These count as not
        significant, and in nothing else.
    rejected : float
        Share of trials significant at the level: type I error, or power.
    bias, rmse : float
        Of the estimates, points/time.
    coverage : float
        Share of intervals that hold the true effect.
    width : float
        Median width of an interval, points/time.
    type_s : float
        Share of significant estimates that have the wrong sign.
    type_m : float
        Mean size of significant estimates over the mean size of their true effects.
    rejected_error, bias_error, rmse_error, coverage_error : float
        Monte Carlo standard errors of the above.
    type_s_error, type_m_error : float
        The same.
    """

    trials: int
    failed: int
    rejected: float
    rejected_error: float
    bias: float
    bias_error: float
    rmse: float
    rmse_error: float
    coverage: float
    coverage_error: float
    width: float
    type_s: float
    type_s_error: float
    type_m: float
    type_m_error: float


def share(hits: Floats) -> tuple[float, float]:
    """Share of events and its standard error; NaN where there is nothing to count."""
    if not hits.size:
        return math.nan, math.nan
    share = float(hits.mean())
    return share, math.sqrt(share * (1.0 - share) / hits.size)


def significance_level(level: float) -> float:
    """Return what a p-value is at most where an interval of a level leaves 0 out.

    Of the decimals as they are written: as floats 1 - 0.9 is below 0.1, and a
    permutation test of six patients, whose least p-value that is, would never be
    significant.
    """
    return float(1 - Fraction(str(level)))


@dataclass(frozen=True, slots=True)
class Threshold:
    """What at most a share of values exceeds.

    Attributes
    ----------
    value : float
        The smallest of the values that no more than that share exceeds.
    low, high : float
        The values that lie a binomial SD of their number to either side; NaN where
        there are none so far out.
    """

    value: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """Monte Carlo error: half the distance of these."""
        return (self.high - self.low) / 2.0


def threshold(values: Floats, above: float) -> Threshold:
    """Find what at most a share of values exceeds.

    Parameters
    ----------
    values : ndarray, shape (B,)
        Such as posterior probabilities, at least one.
    above : float
        The share, above 0 and below 1.

    Returns
    -------
    Threshold
    """
    ordered = np.sort(values)
    last = ordered.size - 1
    # 1 - 0.95 of 20 is 1, which floats put above
    place = min(last, math.ceil(round(ordered.size * (1.0 - above), 9)) - 1)
    apart = math.sqrt(ordered.size * above * (1.0 - above))
    low, high = math.floor(place - apart), math.ceil(place + apart)
    return Threshold(
        float(ordered[place]),
        float(ordered[low]) if low >= 0 else math.nan,
        float(ordered[high]) if high <= last else math.nan,
    )


def mean_with_error(values: Floats) -> tuple[float, float]:
    """Return a mean and its standard error; NaN of too few values, one and two."""
    mean = float(values.mean()) if values.size else math.nan
    if values.size < 2:
        return mean, math.nan
    return mean, float(values.std(ddof=1)) / math.sqrt(values.size)


def _ratio(above: Floats, below: Floats) -> tuple[float, float]:
    """Return a ratio of means and its standard error, to first order."""
    if not below.size:
        return math.nan, math.nan
    size = float(below.mean())
    ratio = float(above.mean()) / size
    _, error = mean_with_error(above - ratio * below)
    return ratio, error / size


def performance(
    estimates: Estimates, effect: float | Floats, alpha: float
) -> Performance:
    """Summarise the analyses of repeated trials.

    Parameters
    ----------
    estimates : Estimates
        Of B trials.
    effect : float or ndarray, shape (B,)
        The true one, or that of each trial, points/time.
    alpha : float
        A trial is significant where its p-value is at most this.

    Returns
    -------
    Performance
    """
    given = np.isfinite(estimates.p_value)
    effect = np.broadcast_to(effect, given.shape)[given]
    estimate = estimates.estimate[given]
    lower, upper = estimates.lower[given], estimates.upper[given]
    significant = estimates.p_value[given] <= alpha
    rejected = np.zeros(given.size)
    rejected[given] = significant
    squared, squared_error = mean_with_error((estimate - effect) ** 2)
    rmse = math.sqrt(squared)
    shown = estimate[significant]
    wrong, large = (math.nan, math.nan), (math.nan, math.nan)
    if effect.any():
        true = effect[significant]
        wrong = share((shown * true < 0.0).astype(np.float64))
        large = _ratio(np.abs(shown), np.abs(true))
    inside = (lower <= effect) & (effect <= upper)
    return Performance(
        int(given.size),
        int((~given).sum()),
        *share(rejected),
        *mean_with_error(estimate - effect),
        rmse,
        squared_error / (2.0 * rmse) if rmse > 0.0 else math.nan,
        *share(inside.astype(np.float64)),
        float(np.median(upper - lower)) if lower.size else math.nan,
        *wrong,
        *large,
    )
