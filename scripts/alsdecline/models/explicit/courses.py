"""The mean slope in points that parameters of a member with explicit effects imply."""

import itertools

import numpy as np
import pandas as pd
from scipy.special import expit

from alsdecline.models.explicit.member import ExplicitMember
from alsdecline.models.mean_courses import mean_course_slopes
from alsdecline.models.structure import Structure

N_NODES = 100
"""Of quadrature: a mean share is off by 2e-9 at an SD of 3 logits, 4e-6 at 5."""


def _spread(structure: Structure, draws: pd.DataFrame, k: str, t: float) -> np.ndarray:
    """SD over patients of their courses of one outcome at time t, (S,)."""
    sds = {c: draws[f"sd_{c}[{k}]"].to_numpy() for c in structure.coefficients}
    power = dict(zip(structure.coefficients, t ** np.arange(len(sds)), strict=True))
    variance = sum((power[c] * sd) ** 2 for c, sd in sds.items())
    for first, second in itertools.combinations(structure.coefficients, 2):
        # columns of draws name the later coefficient first
        correlation = draws[f"correlation[{second}:{k},{first}:{k}]"].to_numpy()
        both = power[first] * power[second] * sds[first] * sds[second]
        variance = variance + 2.0 * correlation * both
    # rounding can leave a correlation of -1 a variance just below 0
    spread: np.ndarray = np.sqrt(np.maximum(variance, 0.0))
    return spread


def mean_slopes(
    member: ExplicitMember, draws: pd.DataFrame, horizon: float
) -> dict[str, dict[str, np.ndarray]]:
    """Return mean slopes in points/time from time zero to a horizon.

    The mean is over the population of patients, at the means of the covariates: the
    change of the mean value from time zero to the horizon, divided by the time. For
    ``bounded`` a mean value is n E[inv_logit(eta)], eta normal over patients at a given
    time, so that one-dimensional Gauss-Hermite quadrature gives it. It differs from the
    slope of the average patient, and depends on the horizon.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    draws : DataFrame
        S rows of parameters by name.
    horizon : float
        Time, above 0.

    Returns
    -------
    dict of str to dict of str to ndarray, shape (S,)
        By outcome and arm, the reference arm first.

    Raises
    ------
    ValueError
        If the horizon is not above 0.
    """
    if not horizon > 0.0:
        raise ValueError(f"horizon {horizon}: must be above 0")
    named = draws.rename(
        columns={shown: name for name, shown in member.course_names.items()}
    )
    nodes, weights = np.polynomial.hermite_e.hermegauss(N_NODES)
    weights = weights / weights.sum()

    def mean_share(eta: np.ndarray, sd: np.ndarray) -> np.ndarray:
        share: np.ndarray = expit(eta[:, None] + sd[:, None] * nodes) @ weights
        return share

    result: dict[str, dict[str, np.ndarray]] = {}
    for k in member.structure.outcomes:
        slopes = mean_course_slopes(member.structure, named, k, horizon)
        if member.bounded:
            start = named[f"intercept[{k}]"].to_numpy()
            first = mean_share(start, _spread(member.structure, named, k, 0.0))
            spread = _spread(member.structure, named, k, horizon)
            slopes = {
                arm: (mean_share(start + slope * horizon, spread) - first)
                * (member.maxima[k] / horizon)
                for arm, slope in slopes.items()
            }
        result[k] = slopes
    return result
