"""Allocations of patients to treatment that a randomisation could have made.

An allocation keeps the number treated within each stratum. Columns of numbers, one a
patient, are summed over the treated of each.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

type Floats = npt.NDArray[np.float64]
type Booleans = npt.NDArray[np.bool_]
type Positions = npt.NDArray[np.intp]

# random numbers held at once by the Monte Carlo version (32 MB)
_CHUNK = 4_000_000


def members_by_stratum(
    strata: npt.ArrayLike | None, n_patients: int
) -> list[Positions]:
    """Return the patients of each stratum.

    Parameters
    ----------
    strata : array_like, shape (n,), optional
        Label of each patient's stratum; without any, all are in one.
    n_patients : int
        How many patients there are.

    Returns
    -------
    list of ndarray
        Positions of patients, by stratum.

    Raises
    ------
    ValueError
        If there is not one label a patient, or one is missing.
    """
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


def every_allocation(
    columns: Floats, treated: Booleans, strata: list[Positions]
) -> Floats:
    """Sum over the treated in each allocation: all combinations across strata.

    Parameters
    ----------
    columns : ndarray, shape (k, n)
        What is summed, for n patients.
    treated : ndarray of bool, shape (n,)
        The allocation that was made.
    strata : list of ndarray
        Positions of patients, by stratum.

    Returns
    -------
    ndarray, shape (k, N)
        For each of the N allocations.
    """
    sums = np.zeros((len(columns), 1))
    for members in strata:
        part = _subset_sums(columns[:, members], int(treated[members].sum()))
        sums = (sums[:, :, None] + part[:, None, :]).reshape(len(columns), -1)
    return sums


def random_allocations(
    columns: Floats,
    treated: Booleans,
    strata: list[Positions],
    n_resamples: int,
    seed: int,
) -> Floats:
    """Sum over the treated in the allocation made and in ``n_resamples`` drawn ones.

    With the allocation made among them, the share of all is (b + 1) / (B + 1), which
    never understates the p-value (Phipson and Smyth 2010).

    Parameters
    ----------
    columns : ndarray, shape (k, n)
        What is summed, for n patients.
    treated : ndarray of bool, shape (n,)
        The allocation that was made.
    strata : list of ndarray
        Positions of patients, by stratum.
    n_resamples : int
        Allocations drawn.
    seed : int
        Of the draws.

    Returns
    -------
    ndarray, shape (k, n_resamples + 1)
        The allocation made comes first.

    References
    ----------
    Phipson B, Smyth GK. Permutation p-values should never be zero. Stat Appl Genet Mol
    Biol 2010; 9:39.
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
