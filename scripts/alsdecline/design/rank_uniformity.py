"""Whether ranks are uniform, by the simultaneous bands of their ECDF.

The bands of Sailynoja, Buerkner and Vehtari (2022, section 2.2): at each rank the count
of ranks below it is binomial; the pointwise tail probability is made as small as holds
the whole ECDF inside with the probability asked for, which simulation of uniform ranks
tells.
"""

import functools

import numpy as np
from scipy import stats

AT_ONCE = 20_000
"""Sets of ranks that are simulated at once."""


@functools.cache
def depths(n: int, n_kept: int) -> np.ndarray:
    """Two-sided binomial tail probability of each count of ranks below each value.

    Parameters
    ----------
    n, n_kept : int
        Number of ranks, uniform on 0 to `n_kept`.

    Returns
    -------
    ndarray, shape (n_kept, n + 1)
        Entry (i, c) is of c of n ranks below i + 1.
    """
    below = np.arange(1, n_kept + 1)[:, None] / (n_kept + 1)
    count = np.arange(n + 1)
    binomial = stats.binom(n, below)
    tails: np.ndarray = 2 * np.minimum(binomial.cdf(count), binomial.sf(count - 1))
    return tails


def least_depth(frequencies: np.ndarray) -> np.ndarray:
    """Least pointwise tail probability along each ECDF, from frequencies of ranks.

    Parameters
    ----------
    frequencies : ndarray of int, shape (..., n_kept + 1)
        How often each rank came; rows have equal sums.
    """
    sums = frequencies.sum(axis=-1)
    n, n_kept = int(sums.flat[0]), frequencies.shape[-1] - 1
    below = frequencies.cumsum(axis=-1)[..., :-1]
    least: np.ndarray = depths(n, n_kept)[np.arange(n_kept), below].min(axis=-1)
    return least


@functools.cache
def uniform_depths(n: int, n_kept: int, n_sets: int, seed: int) -> np.ndarray:
    """Simulate `least_depth` of so many sets of n uniform ranks, sorted."""
    rng = np.random.default_rng(seed)
    share = np.full(n_kept + 1, 1 / (n_kept + 1))
    parts = [
        least_depth(rng.multinomial(n, share, min(AT_ONCE, n_sets - done)))
        for done in range(0, n_sets, AT_ONCE)
    ]
    return np.sort(np.concatenate(parts))


def frequencies_of(ranks: np.ndarray, n_kept: int) -> np.ndarray:
    """Count how often each rank came, (Q, n_kept + 1), of ranks (n, Q).

    Raises
    ------
    ValueError
        If one is below 0 or above `n_kept`.
    """
    if ranks.min() < 0 or ranks.max() > n_kept:
        raise ValueError(f"ranks beyond 0 to {n_kept}")
    return np.stack([np.bincount(r, minlength=n_kept + 1) for r in ranks.T])


def p_values(ranks: np.ndarray, n_kept: int, null: np.ndarray) -> np.ndarray:
    """P-value of uniformity of each column of ranks.

    Parameters
    ----------
    ranks : ndarray of int, shape (n, Q)
        From 0 to `n_kept`.
    n_kept : int
        Draws that truths were ranked among.
    null : ndarray
        From :func:`uniform_depths` of n.

    Returns
    -------
    ndarray, shape (Q,)
    """
    least = least_depth(frequencies_of(ranks, n_kept))
    as_deep = np.searchsorted(null, least * (1 + 1e-9), "right")
    found: np.ndarray = (1 + as_deep) / (1 + null.size)
    return found


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values by Holm's (1979) step-down procedure."""
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def ecdf_differences(ranks: np.ndarray, n_kept: int) -> np.ndarray:
    """Return the ECDF of ranks less that of uniform ones.

    Parameters
    ----------
    ranks : ndarray of int, shape (n, Q)
        From 0 to `n_kept`.

    Returns
    -------
    ndarray, shape (Q, n_kept)
        Of ranks below 1 to `n_kept`.
    """
    below = frequencies_of(ranks, n_kept).cumsum(axis=1)[:, :-1] / len(ranks)
    differences: np.ndarray = below - np.arange(1, n_kept + 1) / (n_kept + 1)
    return differences


def difference_band(
    n: int, n_kept: int, null: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the band that holds `ecdf_differences` of n uniform ranks.

    Parameters
    ----------
    n, n_kept : int
        Number of ranks, and of draws that truths were ranked among.
    null : ndarray
        From :func:`uniform_depths` of these.
    level : float
        Probability that the whole of one ECDF lies inside, at least.

    Returns
    -------
    lower, upper : ndarray, shape (n_kept,)
        The outermost differences inside.
    """
    # an ECDF is inside where its least depth is not among the deepest 1 - level
    least = null[int(np.floor((1 - level) * null.size))]
    inside = depths(n, n_kept) >= least * (1 - 1e-9)
    lowest = inside.argmax(axis=1)
    highest = n - inside[:, ::-1].argmax(axis=1)
    expected = np.arange(1, n_kept + 1) / (n_kept + 1)
    return lowest / n - expected, highest / n - expected
