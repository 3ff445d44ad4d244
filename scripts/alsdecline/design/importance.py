"""Importance sampling of a few parameters from where their density is highest.

The proposal is a multivariate t, first about the mode with the curvature there, then
about the weighted mean with the weighted covariance. Its tails are heavier than those
of logarithms of SDs and of transformed correlations, so that weights are bounded; how
good they are is told by the Pareto shape of the largest (Vehtari, Simpson, Gelman, Yao
and Gabry, J Mach Learn Res 2024; 25(72):1-58).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats

from alsdecline.design.streams import Floats

type LogDensity = Callable[[Floats], Floats]

DEGREES_OF_FREEDOM = 3.0
"""Of the proposal."""

STEP = 1e-3
"""Of the finite differences."""

LENGTHS = 0.5 ** np.arange(12.0)
"""Of Newton steps that are tried at once."""

MOST_STEPS = 60

FLAT = 1e-9
"""A step that gains no more of the log density is the last."""

LEAST_CURVATURE = 0.05
"""Below it the proposal is as wide as if the curvature were this."""


class NoModeError(ValueError):
    """The search for the mode did not end."""


def _derivatives(log_density: LogDensity, at: Floats) -> tuple[float, Floats, Floats]:
    """Return value, gradient and Hessian by central differences, in one evaluation."""
    p = at.size
    steps = STEP * np.eye(p)
    i, j = np.triu_indices(p, 1)
    points = np.concatenate(
        [
            np.zeros((1, p)),
            steps,
            -steps,
            steps[i] + steps[j],
            -steps[i] - steps[j],
        ]
    )
    value, *rest = np.split(
        log_density(at + points), [1, 1 + p, 1 + 2 * p, 1 + 2 * p + i.size]
    )
    plus, minus, both, neither = rest
    hessian = np.zeros((p, p))
    hessian[i, j] = both + neither - plus[i] - plus[j] - minus[i] - minus[j]
    hessian[i, j] += 2.0 * value
    hessian[i, j] /= 2.0 * STEP**2
    hessian += hessian.T
    hessian[np.diag_indices(p)] = (plus + minus - 2.0 * value) / STEP**2
    return float(value[0]), (plus - minus) / (2.0 * STEP), hessian


def mode(log_density: LogDensity, start: Floats) -> tuple[Floats, Floats]:
    """Find the mode by Newton steps that always rise, and the covariance there.

    Parameters
    ----------
    log_density : callable
        Of (S, p) points.
    start : ndarray, shape (p,)
        Where to begin.

    Returns
    -------
    mode : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        Inverse of the curvature, of which no eigenvalue is below
        :data:`LEAST_CURVATURE`.

    Raises
    ------
    NoModeError
        If there is none after :data:`MOST_STEPS`.
    """
    at = start
    for _ in range(MOST_STEPS):
        value, gradient, hessian = _derivatives(log_density, at)
        if not np.isfinite(hessian).all():
            break
        roots, vectors = np.linalg.eigh(-hessian)
        covariance = (vectors / np.maximum(np.abs(roots), LEAST_CURVATURE)) @ vectors.T
        # no step of a logarithm beyond a factor of 7
        step = covariance @ gradient
        step /= max(1.0, float(np.abs(step).max()) / 2.0)
        tried = at + LENGTHS[:, None] * step
        values = np.nan_to_num(log_density(tried), nan=-np.inf)
        best = int(np.argmax(values))
        if values[best] <= value + FLAT:
            return at, covariance
        at = tried[best]
    raise NoModeError(f"no mode within {MOST_STEPS} steps")


@dataclass(frozen=True, slots=True, eq=False)
class WeightedPoints:
    """Points with their importance weights.

    Attributes
    ----------
    points : ndarray, shape (S, p)
        Drawn from the proposal.
    weights : ndarray, shape (S,)
        Smoothed, of sum 1.
    pareto_shape : float
        Of the largest weights; above 0.7 they cannot be relied on.
    """

    points: Floats
    weights: Floats
    pareto_shape: float


def _drawn(
    log_density: LogDensity, centre: Floats, covariance: Floats, standard: Floats
) -> tuple[Floats, Floats]:
    """Return points of a multivariate t, and their log importance ratios.

    ``standard`` has p normal numbers a point, and as many as the degrees of freedom
    beside them, whose squares make the divisor.
    """
    p = centre.size
    root = np.linalg.cholesky(covariance)
    divisor = np.sqrt((standard[:, p:] ** 2).sum(axis=1) / DEGREES_OF_FREEDOM)
    apart = standard[:, :p] / divisor[:, None]
    points = centre + apart @ root.T
    distance = (apart**2).sum(axis=1) / DEGREES_OF_FREEDOM
    log_proposal = -(DEGREES_OF_FREEDOM + p) / 2.0 * np.log1p(distance)
    return points, log_density(points) - log_proposal


def importance_sample(
    log_density: LogDensity, start: Floats, generator: np.random.Generator, n: int
) -> WeightedPoints:
    """Draw weighted points.

    Parameters
    ----------
    log_density : callable
        Of (S, p) points, up to a constant.
    start : ndarray, shape (p,)
        Where the search for the mode begins.
    generator : numpy.random.Generator
        Of the points.
    n : int
        How many; a quarter as many first find mean and covariance.

    Returns
    -------
    WeightedPoints

    Raises
    ------
    NoModeError
        If the mode is not found.
    """
    centre, covariance = mode(log_density, start)
    width = start.size + int(DEGREES_OF_FREEDOM)
    pilot = generator.standard_normal((max(n // 4, 100), width))
    points, ratios = _drawn(log_density, centre, covariance, pilot)
    weights, _ = _smoothed(ratios)
    centre = weights @ points
    apart = points - centre
    covariance = (weights[:, None] * apart).T @ apart
    points, ratios = _drawn(
        log_density, centre, covariance, generator.standard_normal((n, width))
    )
    return WeightedPoints(points, *_smoothed(ratios))


def _smoothed(log_ratios: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed weights of sum 1, and their shape."""
    # which takes what ratios are the inverse of, as log likelihoods
    log_weights, shape = array_stats.psislw(-log_ratios)
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum(), float(shape)
