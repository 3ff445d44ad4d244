r"""Mixed models of many trials at once by REML, with Kenward and Roger's inference.

The restricted likelihood is maximised over the Cholesky factor of the covariance of
lines and the log of the residual SD by Fisher scoring with Levenberg's damping, trial
by trial. :mod:`alsdecline.analyses.mixed_model` fits one trial of any fixed effects.
"""

import numpy as np

from alsdecline.design.comparison import Comparison, Estimates
from alsdecline.design.restricted_likelihood import (
    Evaluated,
    Sums,
    evaluate,
    scaled_sums,
)
from alsdecline.design.streams import Booleans, Floats

_MOST_STEPS = 200
_SMALL_GAIN = 1e-10
"""Expected gain in log-likelihood below which the search ends."""
_NO_INFORMATION = 1e-10
"""As of one trial, in :mod:`alsdecline.analyses.kenward_roger`."""


def _factor(theta: Floats) -> tuple[Floats, Floats]:
    """Return the Cholesky factor of D, and the residual variance."""
    factor = np.zeros((len(theta), 2, 2))
    factor[:, 0, 0], factor[:, 1, 0], factor[:, 1, 1] = theta[:, :3].T
    return factor, np.exp(2.0 * theta[:, 3])


def _at(theta: Floats, sums: Sums) -> Evaluated:
    factor, variance = _factor(theta)
    return evaluate(factor @ factor.mT, variance, sums)


def _slope_and_curvature(theta: Floats, at: Evaluated) -> tuple[Floats, Floats]:
    """Gradient in the factor and log SD, and what the search takes for the curvature.

    Beside the expected information it has the curvature of D in its factor where that
    adds to it, without which a step towards a variance of zero has no length.
    """
    change = np.zeros((len(theta), 4, 4))
    l11, l21, l22 = theta[:, :3].T
    change[:, 0, 0], change[:, 0, 1] = 2.0 * l11, l21
    change[:, 1, 1], change[:, 1, 2] = l11, 2.0 * l21
    change[:, 2, 2] = 2.0 * l22
    change[:, 3, 3] = 2.0 * np.exp(2.0 * theta[:, 3])
    gradient = (change @ at.gradient[..., None])[..., 0]
    curvature = 0.5 * change @ at.information @ change.mT
    for place, of in ((0, 0), (1, 2), (2, 2)):
        curvature[:, place, place] += np.maximum(0.0, -2.0 * at.gradient[:, of])
    return gradient, curvature


def _step(gradient: Floats, curvature: Floats, damping: Floats) -> Floats:
    diagonal = np.einsum("bii->bi", curvature)
    damped = curvature.copy()
    np.einsum("bii->bi", damped)[...] += damping[:, None] * diagonal + 1e-12
    step: Floats = np.linalg.solve(damped, gradient[..., None])[..., 0]
    return step


def _search(sums: Sums) -> tuple[Floats, Booleans]:
    """Maximise; return the parameters, (B, 4), and which were found."""
    n_trials = len(sums.n)
    found = np.tile(np.array([0.7, 0.0, 0.7, np.log(0.5)]), (n_trials, 1))
    done = np.zeros(n_trials, dtype=np.bool_)
    places, theta, damping = np.arange(n_trials), found.copy(), np.full(n_trials, 1e-2)
    at = _at(theta, sums)
    for _ in range(_MOST_STEPS):
        gradient, curvature = _slope_and_curvature(theta, at)
        gain = (gradient * _step(gradient, curvature, 0.0 * damping)).sum(axis=1)
        ended = gain < _SMALL_GAIN
        found[places], done[places] = theta, ended
        on = ~ended
        if not on.any():
            break
        places, theta, damping = places[on], theta[on], damping[on]
        sums = sums.of(on)
        tried = theta + _step(gradient[on], curvature[on], damping)
        there = _at(tried, sums)
        before = at.log_likelihood[on]
        better = there.log_likelihood >= before
        theta = np.where(better[:, None], tried, theta)
        damping = np.where(better, 0.1 * damping, 10.0 * damping)
        at = there if better.all() else _at(theta, sums)
    return found, done


def _can_be_fitted(sums: Sums, unit: Floats) -> Booleans:
    """Say which trials have a slope in each arm, and residuals that vary."""
    lines = sums.n >= 2
    found: Booleans = (
        (lines & (sums.treated == 1.0)).any(axis=1)
        & (lines & (sums.treated == 0.0)).any(axis=1)
        & (np.maximum(sums.n - 2.0, 0.0).sum(axis=1) > 0.0)
        & (unit > 0.0)
    )
    return found


def _kenward_roger(at: Evaluated) -> tuple[Floats, Floats]:
    """Return the adjusted standard error of the difference in slope, and its df."""
    unit = at.scale[:, :, None] * at.scale[:, None, :]
    scaled = at.information / unit
    known = np.linalg.eigvalsh(scaled)[:, 0] >= _NO_INFORMATION
    scaled = np.where(known[:, None, None], scaled, np.eye(4))
    weights = 2.0 * np.linalg.inv(scaled) / unit
    phi = at.covariance
    phi_first = phi[:, None] @ at.first
    inner = np.einsum("brs,brsij->bij", weights, at.second)
    inner -= np.einsum("brs,brij,bsjk->bik", weights, at.first, phi_first)
    adjusted = (phi + 2.0 * phi @ inner @ phi)[:, 2, 2]
    spread = (phi_first @ phi[:, None])[:, :, 2, 2]
    uncertainty = np.einsum("brs,br,bs->b", weights, spread, spread)
    df = 2.0 * phi[:, 2, 2] ** 2 / uncertainty
    error = np.sqrt(np.where(adjusted > 0.0, adjusted, np.nan))
    return np.where(known, error, np.nan), np.where(known, df, np.nan)


def mixed_model(data: Comparison, level: float) -> Estimates:
    """Fit lines with correlated random intercepts and slopes by REML.

    Parameters
    ----------
    data : Comparison
        B trials.
    level : float
        Of the intervals, by Kenward and Roger's standard errors and degrees of freedom.

    Returns
    -------
    Estimates
        Of the difference in slope; NaN where an arm has no slope, the search did not
        end, or the data have no information on the variances.
    """
    sums, unit = scaled_sums(data)
    usable = _can_be_fitted(sums, unit)
    estimate, error, df = np.full((3, len(unit)), np.nan)
    if usable.any():
        sums = sums.of(usable)
        theta, done = _search(sums)
        at = _at(theta, sums)
        estimate[usable] = np.where(done, at.fixed[:, 2], np.nan)
        error[usable], df[usable] = _kenward_roger(at)
    scale = unit / data.horizon
    return Estimates.by_t(scale * estimate, scale * error, df, level)
