"""Each patient reduced to one slope, and arms compared by t tests or permutation."""

import numpy as np

from alsdecline.analyses.permutation import permutation_test
from alsdecline.design.comparison import Comparison, Estimates
from alsdecline.design.streams import Booleans, Floats

LARGEST_EXACT = 10_000
"""Allocations up to which all are compared; else 999 are drawn beside that made."""


def patient_slopes(data: Comparison) -> Floats:
    """Fit each patient's own least squares line.

    Parameters
    ----------
    data : Comparison
        B trials of N patients.

    Returns
    -------
    ndarray, shape (B, N)
        Slopes, points/time; NaN of patients with fewer than two visits.
    """
    seen = np.isfinite(data.responses)
    n = seen.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_time = np.where(seen, data.times, 0.0).sum(axis=-1) / n
        mean_value = np.where(seen, data.responses, 0.0).sum(axis=-1) / n
        time = np.where(seen, data.times - mean_time[..., None], 0.0)
        value = np.where(seen, data.responses - mean_value[..., None], 0.0)
        slopes: Floats = (time * value).sum(axis=-1) / (time**2).sum(axis=-1)
    return np.where(n >= 2, slopes, np.nan)


def _moments(values: Floats, of: Booleans) -> tuple[Floats, Floats, Floats]:
    """Count, mean and sum of squared deviations of some patients, by trial."""
    n = of.sum(axis=1).astype(np.float64)
    mean = np.where(of, values, 0.0).sum(axis=1) / n
    squares = (np.where(of, values - mean[:, None], 0.0) ** 2).sum(axis=1)
    return n, mean, squares


def t_on_slopes(
    data: Comparison, level: float, *, equal_variances: bool = True
) -> Estimates:
    """Compare mean slopes by Student's t test, or by Welch's.

    Parameters
    ----------
    data : Comparison
        B trials.
    level : float
        Of the intervals.
    equal_variances : bool
        Whether variances are pooled; else Welch's test.

    Returns
    -------
    Estimates
        NaN where an arm has fewer than two slopes.
    """
    slopes = patient_slopes(data)
    has = np.isfinite(slopes)
    with np.errstate(invalid="ignore", divide="ignore"):
        n1, mean1, squares1 = _moments(slopes, has & data.treated)
        n0, mean0, squares0 = _moments(slopes, has & ~data.treated)
        if equal_variances:
            df = n1 + n0 - 2.0
            error = np.sqrt((squares1 + squares0) / df * (1.0 / n1 + 1.0 / n0))
        else:
            v1, v0 = squares1 / (n1 - 1.0) / n1, squares0 / (n0 - 1.0) / n0
            df = (v1 + v0) ** 2 / (v1**2 / (n1 - 1.0) + v0**2 / (n0 - 1.0))
            error = np.sqrt(v1 + v0)
        df = np.where(np.minimum(n1, n0) >= 2, df, np.nan)
        return Estimates.by_t(mean1 - mean0, error, df, level)


def permutation(data: Comparison, level: float, seed: int) -> Estimates:
    """Compare mean slopes by the randomisation, within its strata.

    Parameters
    ----------
    data : Comparison
        B trials.
    level : float
        Of the intervals, which invert the test.
    seed : int
        Of allocations that are drawn where there are too many, with the trial's number.

    Returns
    -------
    Estimates
        NaN where an arm has no slope.
    """
    slopes = patient_slopes(data)
    found = np.full((4, len(slopes)), np.nan)
    for b, number in enumerate(data.numbers):
        has = np.isfinite(slopes[b])
        treated = data.treated[b, has]
        if treated.all() or not treated.any():
            continue
        test = permutation_test(
            slopes[b, has],
            treated,
            data.stratum[b, has] if data.stratum.any() else None,
            seed=(seed << 64) + int(number),
            confidence=level,
            max_exact=LARGEST_EXACT,
            n_resamples=999,
        )
        found[:, b] = test.estimate, test.lower, test.upper, test.p_value
    return Estimates(*found)
