r"""Power and sizes of comparisons of mean slopes in closed form, variances known.

The estimate is that of a mixed model of lines with random intercepts and slopes. A
patient last seen at visit k gives :math:`X_k' V_k^{-1} X_k` of information on his arm's
intercept and slope, and the variance of an arm's mean slope is that of the inverse of
its expectation, over its patients (Ard and Edland, J Alzheimers Dis 2011; 21:369-377;
Zhao and Edland, Int J Biostat 2021; 18:173-182, whose formulas 13 and 14 these are).
Without drop-out it is between-patient variance plus residual variance over the sum of
squares of the times, and intercepts do not matter.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from alsdecline.design.truth import OutcomeTruth


def slope_variance(
    truth: OutcomeTruth,
    times: Sequence[float],
    last_seen: Sequence[float] | None = None,
    correlation: float = 0.0,
) -> float:
    """Compute the variance of one arm's mean slope, times its number of patients.

    Parameters
    ----------
    truth : OutcomeTruth
        With the SDs.
    times : sequence of float, length T
        Of the visits, from randomisation.
    last_seen : sequence of float, length T, optional
        Share of patients whose last visit is each, 1 together; if left out all are
        seen to the end.
    correlation : float
        Of intercepts and slopes between patients.

    Returns
    -------
    float
        Squared points/time.

    Raises
    ------
    ValueError
        If shares do not fit the visits, or leave no slope.
    """
    at = np.asarray(times, dtype=np.float64)
    shares = np.zeros(at.size) if last_seen is None else np.asarray(last_seen)
    if last_seen is None:
        shares[-1] = 1.0
    if shares.shape != at.shape or abs(shares.sum() - 1.0) > 1e-9:
        raise ValueError(f"shares {shares.tolist()} of {at.size} visits, 1 together")
    if not shares[1:].any():
        raise ValueError("no patient is seen twice")
    design = np.column_stack([np.ones(at.size), at])
    covariance = correlation * truth.sd_intercept * truth.sd_slope
    between = np.array(
        [[truth.sd_intercept**2, covariance], [covariance, truth.sd_slope**2]]
    )
    variance = design @ between @ design.T + truth.sd_residual**2 * np.eye(at.size)
    information = np.zeros((2, 2))
    for k in range(1, at.size):
        seen = design[: k + 1]
        known = np.linalg.solve(variance[: k + 1, : k + 1], seen)
        information += shares[k] * seen.T @ known
    return float(np.linalg.inv(information)[1, 1])


def _critical(alpha: float, sides: int) -> float:
    return -float(ndtri(alpha / sides))


def normal_power(
    effect: float,
    sizes: tuple[int, int],
    variances: tuple[float, float],
    alpha: float = 0.05,
    sides: int = 2,
) -> float:
    """Chance of a significant estimate of the effect's sign.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/time.
    sizes : tuple of int
        Patients of the two arms.
    variances : tuple of float
        From :func:`slope_variance`, of each arm.
    alpha : float
        Level of the test.
    sides : int
        1 or 2.

    Returns
    -------
    float
        Probability.
    """
    error = math.sqrt(sum(v / n for v, n in zip(variances, sizes, strict=True)))
    return float(ndtr(abs(effect) / error - _critical(alpha, sides)))


def sample_size(
    effect: float,
    variances: tuple[float, float],
    power: float,
    ratio: float = 1.0,
    alpha: float = 0.05,
    sides: int = 2,
) -> float:
    """Compute the size of the first arm that gives a power; not rounded.

    Parameters
    ----------
    effect, variances, alpha, sides
        As of :func:`normal_power`.
    power : float
        Probability.
    ratio : float
        Size of the first arm over that of the second.

    Returns
    -------
    float
        Patients.
    """
    deviates = _critical(alpha, sides) + float(ndtri(power))
    return deviates**2 * (variances[0] + ratio * variances[1]) / effect**2
