"""Comparisons of two arms' slopes beside the permutation test: Welch, and Wilcoxon."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from alsdecline.analyses.linear_model import Floats

LARGEST_EXACT = 50
"""Patients of an arm below which ranks are compared exactly where none are tied."""


@dataclass(frozen=True, slots=True)
class TwoSamples:
    """A difference between two arms with its interval and test.

    Attributes
    ----------
    estimate, lower, upper : float
        Treated less reference, points/time; infinite ends where none can be had.
    p_value : float
        Two-sided, of no difference.
    exact : bool
        Whether test and interval are exact; else by a distribution of large samples.
    standard_error, degrees_of_freedom : float
        Of Welch's test; NaN of Wilcoxon's.
    """

    estimate: float
    lower: float
    upper: float
    p_value: float
    exact: bool
    standard_error: float = math.nan
    degrees_of_freedom: float = math.nan


def welch(treated: npt.ArrayLike, reference: npt.ArrayLike, level: float) -> TwoSamples:
    """Compare means by Welch's t test.

    Parameters
    ----------
    treated, reference : array_like
        Slopes, points/time; two at least of each arm, not all the same.
    level : float
        Confidence level of the interval.

    Returns
    -------
    TwoSamples

    Raises
    ------
    ValueError
        If an arm has fewer than two slopes, or nothing varies.
    """
    x, y = np.asarray(treated, np.float64), np.asarray(reference, np.float64)
    if min(x.size, y.size) < 2:
        raise ValueError(f"{x.size} and {y.size} slopes: two at least in each arm")
    error = math.sqrt(x.var(ddof=1) / x.size + y.var(ddof=1) / y.size)
    if error == 0:
        raise ValueError("the slopes of neither arm vary")
    found = stats.ttest_ind(x, y, equal_var=False)
    interval = found.confidence_interval(level)
    return TwoSamples(
        float(x.mean() - y.mean()),
        float(interval.low),
        float(interval.high),
        float(found.pvalue),
        exact=False,
        standard_error=error,
        degrees_of_freedom=float(found.df),
    )


def rank_sum_counts(n: int, m: int) -> Floats:
    """Count the allocations with each number of pairs in which the treated is larger.

    Parameters
    ----------
    n, m : int
        Treated and reference patients.

    Returns
    -------
    ndarray, shape (n m + 1,)
        Coefficients of the Gaussian binomial (n + m over n), as floats.
    """
    counts = np.zeros(n * m + 1)
    counts[0] = 1.0
    for k in range(1, n + 1):
        # its k-th factor is 1 less q to the m + k, over 1 less q to the k
        counts[m + k :] = counts[m + k :] - counts[: -(m + k)].copy()
        for start in range(k):
            counts[start::k] = np.cumsum(counts[start::k])
    return counts


def wilcoxon(
    treated: npt.ArrayLike, reference: npt.ArrayLike, level: float
) -> TwoSamples:
    """Compare by Wilcoxon's rank sum test, with Hodges and Lehmann's shift.

    Exact where arms have fewer than 50 slopes and no two are the same, as R's
    ``wilcox.test``; else by the normal distribution, with correction for ties and
    continuity in the test.

    Parameters
    ----------
    treated, reference : array_like
        Slopes, points/time; one at least of each arm.
    level : float
        Confidence level of the interval.

    Returns
    -------
    TwoSamples
        The estimate is the median of all differences between a treated and a reference
        patient; the interval ends at two of them.
    """
    x, y = np.asarray(treated, np.float64), np.asarray(reference, np.float64)
    differences = np.sort(np.subtract.outer(x, y).ravel())
    n, m = x.size, y.size
    both = np.concatenate([x, y])
    exact = max(n, m) < LARGEST_EXACT and np.unique(both).size == both.size
    tail = (1 - level) / 2
    if exact:
        below = np.cumsum(rank_sum_counts(n, m)) / math.comb(n + m, n)
        pairs = int((differences > 0).sum())
        smaller = min(pairs, n * m - pairs)
        p = min(1.0, 2 * float(below[smaller]))
        position = int((below <= tail * (1 + 1e-12)).sum())
    else:
        p = float(stats.mannwhitneyu(x, y, method="asymptotic").pvalue)
        sd = math.sqrt(n * m * (n + m + 1) / 12)
        position = math.floor(n * m / 2 - stats.norm.isf(tail) * sd)
    position = max(position, 0)
    bounded = position > 0
    return TwoSamples(
        float(np.median(differences)),
        float(differences[position - 1]) if bounded else -math.inf,
        float(differences[n * m - position]) if bounded else math.inf,
        p,
        exact=exact,
    )
