"""Correlation matrices from partial correlations, many at once and without numba."""

import numpy as np


def correlation_factors(partial: np.ndarray) -> np.ndarray:
    """Return Cholesky factors of the correlation matrices of S draws.

    Parameters
    ----------
    partial : ndarray, shape (S, p * (p - 1) / 2)
        Canonical partial correlations mapped to (0, 1), row by row below the diagonal,
        as ``correlation_cholesky`` of :mod:`alsdecline.models.gaussian.kernel` takes
        those of one.

    Returns
    -------
    ndarray, shape (S, p, p)
        Lower triangular, rows of unit length.
    """
    n_draws, n_partial = partial.shape
    p = (1 + round(np.sqrt(1 + 8 * n_partial))) // 2
    factors = np.zeros((n_draws, p, p))
    position = 0
    for i in range(p):
        remaining = np.ones(n_draws)
        for j in range(i):
            share = partial[:, position]
            factors[:, i, j] = (2.0 * share - 1.0) * remaining
            remaining = remaining * 2.0 * np.sqrt(share * (1.0 - share))
            position += 1
        factors[:, i, i] = remaining
    return factors


def full_correlations(partial: np.ndarray) -> np.ndarray:
    """Return the correlations of S draws, row by row below the diagonal.

    Parameters
    ----------
    partial : ndarray, shape (S, p * (p - 1) / 2)
        As for :func:`correlation_factors`.

    Returns
    -------
    ndarray, shape (S, p * (p - 1) / 2)
    """
    factors = correlation_factors(partial)
    full = factors @ factors.transpose(0, 2, 1)
    below: np.ndarray = full[:, *np.tril_indices(factors.shape[1], -1)]
    return below
