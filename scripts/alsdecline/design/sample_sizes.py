"""At which size simulated trials have a wanted power."""

import math

import numpy as np
from scipy import special

from alsdecline.design.streams import Floats

SURE = 1e-4
"""Shares nearer to 0 or 1 count as this near, for their probits are not finite."""


def size_with_share(sizes: Floats, shares: Floats, wanted: float) -> float:
    """Return the size at which a share that rises with size reaches what is wanted.

    Parameters
    ----------
    sizes : ndarray, shape (L,)
        Rising.
    shares : ndarray, shape (L,)
        Of trials, at each.
    wanted : float
        The share, above 0 and below 1.

    Returns
    -------
    float
        Between the last size whose share is below what is wanted and the next; NaN if
        there is none on either side. The probit of the share is taken as straight in
        the square root of the size, as that of a normal estimate's power is.
    """
    below = np.flatnonzero(shares < wanted)
    if not below.size or below[-1] == sizes.size - 1:
        return math.nan
    at = slice(below[-1], below[-1] + 2)
    probits = special.ndtri(np.clip(shares[at], SURE, 1.0 - SURE))
    root = np.interp(special.ndtri(wanted), probits, np.sqrt(sizes[at]))
    return float(root**2)


def size_with_error(
    sizes: Floats, shares: Floats, errors: Floats, wanted: float, z: float
) -> tuple[float, float, float]:
    """Return that size with the ends of its Monte Carlo interval.

    Parameters
    ----------
    sizes, shares, wanted
        As of :func:`size_with_share`.
    errors : ndarray, shape (L,)
        Monte Carlo standard errors of the shares.
    z : float
        How many of them on either side.

    Returns
    -------
    size, lower, upper : float
        The ends are where the band about the shares reaches what is wanted; NaN where
        that is outside the sizes.
    """
    high, low = shares + z * errors, shares - z * errors
    size, lower, upper = (
        size_with_share(sizes, each, wanted) for each in (shares, high, low)
    )
    return size, lower, upper
