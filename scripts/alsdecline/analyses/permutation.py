r"""Randomisation test on the difference in mean slopes, with its interval.

Write :math:`x` for the slopes, :math:`z` for the allocation that was made and
:math:`T_a(x)` for the difference in means (treated minus reference) had allocation
:math:`a` been made. The hypothesis that treatment added :math:`\delta` to each treated
patient's slope is tested on :math:`x - \delta z`, with two-sided

.. math:: p(\delta) = \#\{a : |T_a(x - \delta z)| \ge |T_z(x - \delta z)|\} / N.

Since :math:`T_a(x - \delta z) = T_a(x) - \delta c_a`, with :math:`c_a = T_a(z)` and
:math:`|c_a| \le 1`, allocation :math:`a` is counted at exactly the shifts between

.. math:: \frac{T_z(x) - T_a(x)}{1 - c_a} \quad \text{and} \quad
   \frac{T_z(x) + T_a(x)}{1 + c_a},

ends included, and at every shift if :math:`|c_a| = 1` (the allocation made, and its
mirror image where that is an allocation too). Each of these ranges contains
:math:`T_z(x)`, because there the right-hand side of the comparison is zero. So
:math:`p(\delta)` falls in steps on both sides of the estimate, the shifts not rejected
are one closed interval, and its ends are order statistics of the ends of the ranges:
nothing is searched for. The p-value counts the ranges that contain 0, which keeps it
and the interval from ever disagreeing.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from alsdecline.analyses.allocations import (
    Booleans,
    Floats,
    every_allocation,
    members_by_stratum,
    random_allocations,
)

# sums of slopes nearer than this share of the slopes' total size are ties: far above
# rounding, far below what any scale resolves
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class PermutationResult:
    """Difference in mean slopes with its randomisation test.

    Attributes
    ----------
    estimate : float
        Mean slope of the treated minus that of the reference, points/time.
    p_value : float
        Two-sided, for no effect in any patient.
    lower, upper : float
        Ends of the confidence interval, which belong to it, points/time; -inf and inf
        where the design cannot reject any shift.
    confidence : float
        Confidence level of the interval.
    n_allocations : int
        Allocations compared, with the one that was made.
    exact : bool
        Whether these are all there are; otherwise they were drawn at random.
    n_treated, n_reference : int
        Patients.
    smallest_attainable_p : float
        The p-value of the most extreme data; the interval is bounded only if this is
        at most 1 - confidence.
    """

    estimate: float
    p_value: float
    lower: float
    upper: float
    confidence: float
    n_allocations: int
    exact: bool
    n_treated: int
    n_reference: int
    smallest_attainable_p: float


def _counted_shifts(
    sums: Floats,
    overlaps: Floats,
    observed_sum: float,
    n_treated: int,
    n_reference: int,
    tie: float,
) -> tuple[Floats, Floats]:
    """Range of shifts at which each allocation is as extreme as the one made.

    Parameters
    ----------
    sums : ndarray, shape (N,)
        Sum of the centred slopes of the treated, by allocation.
    overlaps : ndarray, shape (N,)
        How many of them were treated in fact.
    observed_sum : float
        The sum for the allocation made.
    n_treated, n_reference : int
        Patients.
    tie : float
        Sums within this of each other are equal.

    Returns
    -------
    lower, upper : ndarray, shape (N,)
        Ends of the ranges, points/time. As slopes are centred, T_a is proportional to
        the sum, and both quotients of the module's formula reduce to integer
        denominators, so that the allocations counted at every shift are known exactly.
    """
    n = n_treated + n_reference
    swapped = n_treated - overlaps
    mirrored = overlaps * n + n_treated * (n_reference - n_treated)
    below = observed_sum - sums
    above = observed_sum + sums
    below[np.abs(below) <= tie] = 0.0
    above[np.abs(above) <= tie] = 0.0
    always = (swapped == 0) | (mirrored == 0)
    first = below / np.where(always, 1.0, swapped)
    second = above * n / np.where(always, 1.0, mirrored)
    lower = np.where(always, -np.inf, np.minimum(first, second))
    upper = np.where(always, np.inf, np.maximum(first, second))
    return lower, upper


def _slopes_and_arms(
    slopes: npt.ArrayLike, treated: npt.ArrayLike
) -> tuple[Floats, Booleans]:
    """Return both as arrays; refuse what cannot be compared."""
    x = np.asarray(slopes, dtype=np.float64)
    z = np.asarray(treated)
    if x.ndim != 1 or z.shape != x.shape:
        raise ValueError(f"slopes {x.shape} and arms {z.shape}: one of each a patient")
    if z.dtype != np.bool_:
        raise ValueError(f"treated must be true or false, not {z.dtype}")
    if not np.isfinite(x).all():
        position = int(np.flatnonzero(~np.isfinite(x))[0])
        raise ValueError(f"slope of patient {position} is {x[position]}; leave it out")
    if z.all() or not z.any():
        raise ValueError(f"{z.sum()} treated and {(~z).sum()} reference patients")
    return x, z


def permutation_test(
    slopes: npt.ArrayLike,
    treated: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    *,
    seed: int,
    confidence: float = 0.95,
    max_exact: int = 10**6,
    n_resamples: int = 99_999,
) -> PermutationResult:
    """Test the difference in mean slopes by the randomisation, and invert the test.

    A shift is rejected where its p-value is at most 1 - confidence; the interval holds
    the shifts that are not (Garthwaite 1996, whose search is not needed here). With
    strata the statistic stays the plain difference in means, and only the set of
    allocations changes: the test is exact, but where the arms' shares differ between
    strata the estimate carries the differences between strata.

    Parameters
    ----------
    slopes : array_like, shape (n,)
        Slope of each patient, points/time; patients without one are left out.
    treated : array_like of bool, shape (n,)
        True for treated, False for reference.
    strata : array_like, shape (n,), optional
        Stratum in which each patient was randomised. Allocations then keep the number
        treated within each stratum.
    seed : int
        Seed of the Monte Carlo version. The same allocations serve every shift.
    confidence : float
        Confidence level, above 0 and below 1.
    max_exact : int
        All allocations are compared if there are no more than this.
    n_resamples : int
        Allocations drawn otherwise.

    Returns
    -------
    PermutationResult
        Estimate, p-value, interval and what they rest on.

    Raises
    ------
    ValueError
        If shapes differ, a slope is not finite, an arm is empty, a stratum is missing,
        or a setting is out of range.

    References
    ----------
    Garthwaite PH. Confidence intervals from randomization tests. Biometrics 1996;
    52:1387-1393.
    """
    x, z = _slopes_and_arms(slopes, treated)
    n_treated, n_reference = int(z.sum()), int((~z).sum())
    if not 0.0 < confidence < 1.0 or n_resamples < 1:
        raise ValueError(f"confidence {confidence} with {n_resamples} resamples")

    members = members_by_stratum(strata, x.size)
    n_possible = math.prod(math.comb(m.size, int(z[m].sum())) for m in members)
    exact = n_possible <= max_exact
    centred = x - x.mean()
    columns = np.stack([centred, z.astype(np.float64)])
    sums, overlaps = (
        every_allocation(columns, z, members)
        if exact
        else random_allocations(columns, z, members, n_resamples, seed)
    )
    lower, upper = _counted_shifts(
        sums,
        overlaps,
        float(centred[z].sum()),
        n_treated,
        n_reference,
        tie=_TIE * float(np.abs(x).sum()),
    )
    # the level as the decimal it was written as: .05 * 20 must not exceed 1
    alpha = 1 - Fraction(str(float(confidence)))
    rank = math.floor(alpha * sums.size) + 1
    estimate = float(x[z].mean() - x[~z].mean())
    # each range holds the estimate, so that only rounding can put it outside
    return PermutationResult(
        estimate=estimate,
        p_value=float(np.mean((lower <= 0.0) & (upper >= 0.0))),
        lower=min(float(np.partition(lower, rank - 1)[rank - 1]), estimate),
        upper=max(float(np.partition(upper, -rank)[-rank]), estimate),
        confidence=confidence,
        n_allocations=sums.size,
        exact=exact,
        n_treated=n_treated,
        n_reference=n_reference,
        smallest_attainable_p=float(np.isposinf(upper).mean()),
    )
