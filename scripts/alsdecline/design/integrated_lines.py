"""The model of one Gaussian outcome with its linear part integrated exactly.

Patients' lines and the fixed effects are normal given the SDs and the correlation, so
these four alone are left: a trial's posterior of an effect is a mixture of normal ones
over them. The model is that of :mod:`alsdecline.models.structure` with one outcome,
straight courses and no covariates.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from alsdecline.design.streams import Floats, Integers
from alsdecline.models.structure import ModelPrior

N_SPREADS = 4
"""Logarithms of the SDs of intercepts, slopes and residuals; artanh of the correlation
of intercepts and slopes."""

FURTHEST = np.array([15.0, 15.0, 15.0, 10.0])
"""From the priors' scales; what is further counts as if it were there, where the
likelihood is as flat, or as good as none."""


@dataclass(frozen=True, slots=True)
class LinesPrior:
    """Priors of the model.

    Attributes
    ----------
    outcome : ModelPrior
        Of the outcome, with an effect.
    lkj_shape : float
        Of the correlation r, whose density is proportional to (1 - r^2)^(shape - 1).
    """

    outcome: ModelPrior
    lkj_shape: float

    def coefficients(self, n_effects: int) -> tuple[Floats, Floats]:
        """Return means and SDs of intercept, slope and effects.

        Raises
        ------
        ValueError
            If there is no prior for effects.
        """
        prior = self.outcome
        if prior.effect_sd is None:
            raise ValueError("no prior of an effect")
        means = [prior.intercept_mean, prior.slope_mean]
        sds = [prior.intercept_sd, prior.slope_sd]
        means += [prior.effect_mean] * n_effects
        return np.array(means), np.array(sds + [prior.effect_sd] * n_effects)

    def start(self) -> Floats:
        """Return the spreads at the scales of their priors, where a search begins."""
        return np.array([*np.log(self._scales()), 0.0])

    def _scales(self) -> Floats:
        prior = self.outcome
        return np.array([prior.sd_intercept, prior.sd_slope, prior.sd_residual])

    def log_density(self, spreads: Floats) -> Floats:
        """Return the log density of spreads, up to a constant.

        Parameters
        ----------
        spreads : ndarray, shape (S, 4)
            On the scale of :data:`N_SPREADS`, the change of scale included.

        Returns
        -------
        ndarray, shape (S,)
        """
        logs, z = spreads[:, :3], spreads[:, 3]
        half_normal = logs - np.exp(2.0 * logs) / (2.0 * self._scales() ** 2)
        # log(1 - tanh(z)^2), which does not underflow
        left = -2.0 * (np.logaddexp(z, -z) - np.log(2.0))
        found: Floats = half_normal.sum(axis=1) + self.lkj_shape * left
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LinesData:
    """One trial, reduced to G groups of patients of an arm who were seen alike.

    Attributes
    ----------
    arm : ndarray of int, shape (G,)
        0 of the reference, then from 1 the arms with an effect.
    products : ndarray, shape (G, 3)
        Of each of its patients: number of values, sum of times and of their squares.
    patients : ndarray, shape (G,)
        How many it has.
    scores, squares : ndarray, shape (G, 2) and (G, 3)
        Sums over patients of (sum y, sum t y), and of the products of the two:
        first squared, both, second squared.
    sum_of_squares : float
        Of all values.
    n_arms : int
        With the reference.

    Notes
    -----
    Values are less the line that the priors' means give.
    """

    arm: Integers
    products: Floats
    patients: Floats
    scores: Floats
    squares: Floats
    sum_of_squares: float
    n_arms: int

    @classmethod
    def of(
        cls,
        values: Floats,
        times: Floats,
        arm: Integers,
        n_arms: int,
        prior: LinesPrior,
    ) -> Self:
        """Reduce a trial.

        Parameters
        ----------
        values : ndarray, shape (N, T)
            NaN where there is none.
        times : ndarray, shape (N, T)
            From time zero.
        arm : ndarray of int, shape (N,)
            0 of the reference, then the arms with an effect.
        n_arms : int
            Of them.
        prior : LinesPrior
            Whose means values are taken from.

        Returns
        -------
        LinesData
        """
        means, _ = prior.coefficients(n_arms - 1)
        slopes = means[1] + np.where(arm > 0, prior.outcome.effect_mean, 0.0)
        seen = np.isfinite(values)
        t = np.where(seen, times, 0.0)
        y = np.where(seen, values - means[0] - slopes[:, None] * times, 0.0)
        q = np.stack([y.sum(axis=1), (t * y).sum(axis=1)], axis=1)
        alike = np.stack([arm, seen.sum(axis=1), t.sum(axis=1), (t * t).sum(axis=1)], 1)
        alike, group = np.unique(alike[seen.any(axis=1)], axis=0, return_inverse=True)
        q = q[seen.any(axis=1)]
        member = (group.reshape(-1) == np.arange(len(alike))[:, None]).astype(float)
        squared = np.stack([q[:, 0] ** 2, q[:, 0] * q[:, 1], q[:, 1] ** 2], axis=1)
        return cls(
            alike[:, 0].astype(np.int64),
            alike[:, 1:],
            member.sum(axis=1),
            member @ q,
            member @ squared,
            float((y * y).sum()),
            n_arms,
        )


@dataclass(frozen=True, slots=True, eq=False)
class GivenSpreads:
    """What a trial says given each of S spreads.

    Attributes
    ----------
    log_posterior : ndarray, shape (S,)
        Of the spreads, up to a constant.
    mean, sd : ndarray, shape (S, A)
        Of each effect, which is normal given the spreads, points/time.
    """

    log_posterior: Floats
    mean: Floats
    sd: Floats


def given_spreads(data: LinesData, prior: LinesPrior, spreads: Floats) -> GivenSpreads:
    r"""Integrate lines and coefficients out of the posterior.

    With Z a patient's columns (1, t), A = Z'Z, D the covariance of lines and s the
    residual SD, the inverse of the values' covariance is
    :math:`(I - Z W Z') / s^2` with :math:`W = D (s^2 I + A D)^{-1}` (Woodbury), which
    needs no inverse of A or D. Inverses of 2 x 2 matrices are written as adjugates over
    the determinant, so that no terms cancel however small an SD is.

    Parameters
    ----------
    data : LinesData
        The trial.
    prior : LinesPrior
        Priors.
    spreads : ndarray, shape (S, 4)
        As :data:`N_SPREADS` has them.

    Returns
    -------
    GivenSpreads
    """
    centre = prior.start()
    near = np.clip(spreads, centre - FURTHEST, centre + FURTHEST)
    s0, s1, residual = np.exp(near[:, :3]).T[:, :, None]
    noise = residual**2
    d11, d22 = s0**2, s1**2
    d12 = s0 * s1 * np.tanh(near[:, 3])[:, None]
    det_d = (s0 * s1 / np.cosh(near[:, 3])[:, None]) ** 2
    n, t, tt = data.products.T
    det_a = np.maximum(n * tt - t * t, 0.0)
    determinant = noise**2 + noise * (n * d11 + 2.0 * t * d12 + tt * d22)
    determinant += det_a * det_d
    size = data.patients / determinant
    precision = np.stack(
        [
            size * (noise * n + det_a * d22),
            size * (noise * t - det_a * d12),
            size * (noise * tt + det_a * d11),
        ]
    )
    q0, q1 = data.scores.T
    e0, e1 = tt * q0 - t * q1, n * q1 - t * q0
    score = np.stack(
        [noise * q0 + d22 * e0 - d12 * e1, noise * q1 - d12 * e0 + d11 * e1]
    )
    score /= determinant
    first, both, second = data.squares.T
    explained = (noise * d11 + det_d * tt) * first
    explained += 2.0 * (noise * d12 - det_d * t) * both
    explained += (noise * d22 + det_d * n) * second
    explained /= determinant
    square = (data.sum_of_squares - explained.sum(axis=1)) / noise[:, 0]
    log_determinant = (data.patients * (n - 2.0)).sum() * np.log(noise[:, 0])
    log_determinant += (data.patients * np.log(determinant)).sum(axis=1)
    q, h = _of_coefficients(data, prior, precision, score)
    root = np.linalg.cholesky(q)
    mean = np.linalg.solve(q, h[..., None])[..., 0]
    log_root = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    log_likelihood = ((h * mean).sum(axis=1) - square - log_determinant) / 2 - log_root
    variance = np.diagonal(np.linalg.inv(q), axis1=1, axis2=2)
    return GivenSpreads(
        log_likelihood + prior.log_density(spreads),
        mean[:, 2:] + prior.outcome.effect_mean,
        np.sqrt(variance[:, 2:]),
    )


def _of_coefficients(
    data: LinesData, prior: LinesPrior, precision: Floats, score: Floats
) -> tuple[Floats, Floats]:
    """Return posterior precision of intercept, slope and effects, and the score.

    Of shapes (S, F, F) and (S, F), from those of lines by group, (3, S, G), (2, S, G).
    """
    _, sds = prior.coefficients(data.n_arms - 1)
    total, scored = precision.sum(axis=2), score.sum(axis=2)
    q = np.zeros((total.shape[1], sds.size, sds.size))
    q[:, 0, 0], q[:, 0, 1], q[:, 1, 1] = total
    h = np.zeros(q.shape[:2])
    h[:, 0], h[:, 1] = scored
    for arm in range(1, data.n_arms):
        mine, at = data.arm == arm, arm + 1
        _, across, slopes = precision[:, :, mine].sum(axis=2)
        q[:, 0, at], q[:, 1, at], q[:, at, at] = across, slopes, slopes
        h[:, at] = score[1][:, mine].sum(axis=1)
    q += np.triu(q, 1).mT
    q += np.diag(sds**-2.0)
    return q, h
