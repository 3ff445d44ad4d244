"""Every patient's own least-squares fit; no numba, for tables do without it."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class LeastSquares:
    """Every patient's own least-squares fit to one outcome, N patients.

    Attributes
    ----------
    r : ndarray, shape (N, m, m)
        R of the QR decomposition of the design, upper triangular; zero rows where
        there are fewer visits than coefficients.
    q : ndarray, shape (N, m)
        Q'y, padded with zeros likewise.
    rss : ndarray, shape (N,)
        Residual sum of squares.
    n_visits : ndarray of int, shape (N,)
        Observations.
    times : ndarray, shape (N, most visits)
        Their times, sorted, padded with NaN.
    """

    r: np.ndarray
    q: np.ndarray
    rss: np.ndarray
    n_visits: np.ndarray
    times: np.ndarray


def least_squares(
    patient: np.ndarray,
    times: np.ndarray,
    values: np.ndarray,
    n_patients: int,
    n_coefficients: int,
) -> LeastSquares:
    """Fit every patient's polynomial in time, those with equally many visits at once.

    Parameters
    ----------
    patient : ndarray of int, shape (n,)
        Whose observation each is, 0 to N - 1.
    times, values : ndarray, shape (n,)
        Times and observations, in any order.
    n_patients, n_coefficients : int
        N, and m: intercept, slope and further powers of time.

    Returns
    -------
    LeastSquares
    """
    order = np.lexsort((times, patient))
    patient, times, values = patient[order], times[order], values[order]
    counts = np.bincount(patient, minlength=n_patients)
    starts = np.cumsum(counts) - counts
    m = n_coefficients
    r = np.zeros((n_patients, m, m))
    q = np.zeros((n_patients, m))
    rss = np.zeros(n_patients)
    padded = np.full((n_patients, int(counts.max(initial=0))), np.nan)
    for count in np.unique(counts[counts > 0]):
        who = np.flatnonzero(counts == count)
        at = starts[who][:, None] + np.arange(count)
        t, y = times[at], values[at]
        padded[who, :count] = t
        basis, triangle = np.linalg.qr(t[:, :, None] ** np.arange(m))
        rank = triangle.shape[1]
        scores = np.einsum("ivj,iv->ij", basis, y)
        r[who, :rank], q[who, :rank] = triangle, scores
        residual = y - np.einsum("ivj,ij->iv", basis, scores)
        rss[who] = np.einsum("iv,iv->i", residual, residual)
    return LeastSquares(r, q, rss, counts, padded)
