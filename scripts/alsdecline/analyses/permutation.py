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
import pandas as pd

type Floats = npt.NDArray[np.float64]
type Booleans = npt.NDArray[np.bool_]

# sums of slopes nearer than this share of the slopes' total size are ties: far above
# rounding, far below what any scale resolves
_TIE = 1e-12

# random numbers held at once by the Monte Carlo version (32 MB)
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class PermutationResult:
    """Difference in mean slopes with its randomisation test.

    Attributes
    ----------
    estimate : float
        Mean slope of the treated minus that of the reference, points/month.
    p_value : float
        Two-sided, for no effect in any patient.
    lower, upper : float
        Ends of the confidence interval, which belong to it, points/month; -inf and inf
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

    @property
    def bounded(self) -> bool:
        """Whether the interval has finite ends."""
        return math.isfinite(self.lower) and math.isfinite(self.upper)


def _members_by_stratum(
    strata: npt.ArrayLike | None, n_patients: int
) -> list[npt.NDArray[np.intp]]:
    if strata is None:
        return [np.arange(n_patients)]
    # as objects, or numpy would turn a missing label among texts into a text
    labels = np.asarray(strata, dtype=object)
    if labels.shape != (n_patients,):
        raise ValueError(f"strata {labels.shape} for {n_patients} slopes: one each")
    codes, found = pd.factorize(labels)
    if (codes < 0).any():
        position = int(np.flatnonzero(codes < 0)[0])
        raise ValueError(f"stratum of patient {position} is missing; name it")
    return [np.flatnonzero(codes == code) for code in range(len(found))]


def _subset_sums(columns: Floats, size: int) -> Floats:
    """Sum over every subset of a given size, by Pascal's rule.

    Parameters
    ----------
    columns : ndarray, shape (k, n)
        What is summed, for n patients.
    size : int
        Patients in a subset.

    Returns
    -------
    ndarray, shape (k, comb(n, size))
    """
    n_columns, n = columns.shape
    sums = {0: np.zeros((n_columns, 1))}
    for i in range(n):
        value = columns[:, i : i + 1]
        grown = {}
        # sizes that can still reach the final one with the patients that are left
        for j in range(max(0, size - (n - 1 - i)), min(size, i + 1) + 1):
            parts = [sums[j]] if j in sums else []
            if j - 1 in sums:
                parts.append(sums[j - 1] + value)
            grown[j] = np.concatenate(parts, axis=1)
        sums = grown
    return sums[size]


def _every_allocation(
    columns: Floats, treated: Booleans, strata: list[npt.NDArray[np.intp]]
) -> Floats:
    """Sum over the treated in each allocation: all combinations across strata."""
    sums = np.zeros((len(columns), 1))
    for members in strata:
        part = _subset_sums(columns[:, members], int(treated[members].sum()))
        sums = (sums[:, :, None] + part[:, None, :]).reshape(len(columns), -1)
    return sums


def _random_allocations(
    columns: Floats,
    treated: Booleans,
    strata: list[npt.NDArray[np.intp]],
    n_resamples: int,
    seed: int,
) -> Floats:
    """Sum over the treated in the allocation made and in ``n_resamples`` drawn ones.

    With the allocation made among them, the share of all is (b + 1) / (B + 1), which
    never understates the p-value (Phipson and Smyth 2010).
    """
    rng = np.random.default_rng(seed)
    blocks = [columns[:, treated].sum(axis=1, keepdims=True)]
    rows = max(1, _CHUNK // treated.size)
    for start in range(0, n_resamples, rows):
        count = min(rows, n_resamples - start)
        block = np.zeros((len(columns), count))
        for members in strata:
            made = treated[members].astype(np.float64)
            drawn = rng.permuted(np.tile(made, (count, 1)), axis=1)
            block += columns[:, members] @ drawn.T
        blocks.append(block)
    return np.concatenate(blocks, axis=1)


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
        Ends of the ranges, points/month. As slopes are centred, T_a is proportional to
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
    the shifts that are not (Garthwaite 1996, whose
    search is not needed here).
    With strata the statistic stays the plain difference in means, and only the set of
    allocations changes: the test is exact, but where the arms' shares differ between
    strata the estimate carries the differences between strata.

    Parameters
    ----------
    slopes : array_like, shape (n,)
        Slope of each patient, points/month; patients without one are left out.
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

    Phipson B, Smyth GK. Permutation p-values should never be zero. Stat Appl Genet Mol
    Biol 2010; 9:39.
    """
    x = np.asarray(slopes, dtype=np.float64)
    z = np.asarray(treated)
    if x.ndim != 1 or z.shape != x.shape:
        raise ValueError(f"slopes {x.shape} and arms {z.shape}: one of each a patient")
    if z.dtype != np.bool_:
        raise ValueError(f"treated must be true or false, not {z.dtype}")
    if not np.isfinite(x).all():
        position = int(np.flatnonzero(~np.isfinite(x))[0])
        raise ValueError(f"slope of patient {position} is {x[position]}; leave it out")
    n_treated, n_reference = int(z.sum()), int((~z).sum())
    if not n_treated or not n_reference:
        raise ValueError(f"{n_treated} treated and {n_reference} reference patients")
    if not 0.0 < confidence < 1.0 or n_resamples < 1:
        raise ValueError(f"confidence {confidence} with {n_resamples} resamples")

    members = _members_by_stratum(strata, x.size)
    n_possible = math.prod(math.comb(m.size, int(z[m].sum())) for m in members)
    exact = n_possible <= max_exact
    centred = x - x.mean()
    columns = np.stack([centred, z.astype(np.float64)])
    sums, overlaps = (
        _every_allocation(columns, z, members)
        if exact
        else _random_allocations(columns, z, members, n_resamples, seed)
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
