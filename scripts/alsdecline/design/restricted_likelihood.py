r"""Restricted likelihoods of mixed models of many trials at once.

Patients have lines about common ones, :math:`y_i = Z_i (A_i \beta + b_i) + e_i`, with
:math:`Z_i` of ones and times, :math:`b_i \sim N(0, D)`, residual variance
:math:`\sigma^2`, and three fixed effects: intercept, slope, and the treated arm's
difference in slope. All that the likelihood needs of a patient is then 2 by 2: with
:math:`S = Z'Z` and :math:`K = (\sigma^2 I + S D)^{-1}`,

.. math:: W = Z'V^{-1}Z = K S, \quad Z'V^{-1}y = K Z'y, \quad U = Z'V^{-2}Z = W K',

.. math:: \log|V| = (n - 2) \log \sigma^2 + \log|\sigma^2 I + SD|.

:mod:`alsdecline.analyses.kenward_roger` has the matrices P, Q and the information.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from alsdecline.design.comparison import Comparison
from alsdecline.design.streams import Booleans, Floats

_BASIS = np.array(
    [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]]
)
"""By what the three parameters of D change it."""


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What the likelihood needs of B trials of N patients.

    Times are in units of the horizon, values about their mean in units of their SD.

    Attributes
    ----------
    n : ndarray, shape (B, N)
        Observations.
    squares, products : ndarray, shape (B, N, 2, 2) and (B, N, 2)
        Z'Z and Z'y.
    total : ndarray, shape (B, N)
        y'y.
    treated : ndarray, shape (B, N)
        1 of the treated, else 0.
    """

    n: Floats
    squares: Floats
    products: Floats
    total: Floats
    treated: Floats

    def of(self, trials: Booleans) -> Self:
        """Return those of some trials."""
        return type(self)(
            self.n[trials],
            self.squares[trials],
            self.products[trials],
            self.total[trials],
            self.treated[trials],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """The restricted log-likelihood of B trials, and what follows from it.

    The parameters are the two variances of D with the covariance between, and then the
    residual variance.

    Attributes
    ----------
    log_likelihood : ndarray, shape (B,)
        But for a constant.
    gradient, information : ndarray, shape (B, 4) and (B, 4, 4)
        In the parameters; the expected information twice.
    fixed, covariance : ndarray, shape (B, 3) and (B, 3, 3)
        Estimated fixed effects, and their covariance with variances known.
    first, second : ndarray, shape (B, 4, 3, 3) and (B, 4, 4, 3, 3)
        Kenward and Roger's P and Q.
    scale : ndarray, shape (B, 4)
        Roots of the information's diagonal, were the fixed effects known.
    """

    log_likelihood: Floats
    gradient: Floats
    information: Floats
    fixed: Floats
    covariance: Floats
    first: Floats
    second: Floats
    scale: Floats


def scaled_sums(data: Comparison) -> tuple[Sums, Floats]:
    """Condense the data; return with the sums the units of the values, (B,)."""
    seen = np.isfinite(data.responses)
    time = np.where(seen, data.times / data.horizon, 0.0)
    count = np.maximum(seen.sum(axis=(1, 2)), 1)
    mean = np.where(seen, data.responses, 0.0).sum(axis=(1, 2)) / count
    value = np.where(seen, data.responses - mean[:, None, None], 0.0)
    unit = np.sqrt((value**2).sum(axis=(1, 2)) / count)
    value /= np.where(unit > 0.0, unit, 1.0)[:, None, None]
    n = seen.sum(axis=-1).astype(np.float64)
    squares = np.empty((*n.shape, 2, 2))
    squares[..., 0, 0] = n
    squares[..., 0, 1] = squares[..., 1, 0] = time.sum(axis=-1)
    squares[..., 1, 1] = (time**2).sum(axis=-1)
    products = np.stack([value.sum(axis=-1), (time * value).sum(axis=-1)], axis=-1)
    treated = data.treated.astype(np.float64)
    return Sums(n, squares, products, (value**2).sum(axis=-1), treated), unit


def _summed(matrices: Floats, treated: Floats) -> Floats:
    """Sum A' M A over patients: (..., B, N, 2, 2) to (..., B, 3, 3)."""
    everyone = matrices.sum(axis=-3)
    of_treated = (matrices * treated[..., None, None]).sum(axis=-3)
    summed = np.empty((*everyone.shape[:-2], 3, 3))
    summed[..., :2, :2] = everyone
    summed[..., :2, 2] = of_treated[..., :, 1]
    summed[..., 2, :2] = of_treated[..., 1, :]
    summed[..., 2, 2] = of_treated[..., 1, 1]
    return summed


def _times(matrices: Floats, vectors: Floats) -> Floats:
    product: Floats = (matrices @ vectors[..., None])[..., 0]
    return product


def _fixed_effects(phi: Floats, weighted: Floats, treated: Floats) -> Floats:
    """Estimate fixed effects from Z' V^-1 y, (B, N, 2)."""
    of_treated = (weighted[..., 1] * treated).sum(axis=-1)
    summed = np.concatenate([weighted.sum(axis=-2), of_treated[:, None]], axis=-1)
    return _times(phi, summed)


def _inverse(matrices: Floats) -> tuple[Floats, Floats]:
    """Inverses and determinants of 2 by 2 matrices."""
    a, b = matrices[..., 0, 0], matrices[..., 0, 1]
    c, d = matrices[..., 1, 0], matrices[..., 1, 1]
    determinant = a * d - b * c
    inverse = np.empty_like(matrices)
    inverse[..., 0, 0], inverse[..., 1, 1] = d / determinant, a / determinant
    inverse[..., 0, 1], inverse[..., 1, 0] = -b / determinant, -c / determinant
    return inverse, determinant


def _trace(matrices: Floats) -> Floats:
    traces: Floats = np.trace(matrices, axis1=-2, axis2=-1)
    return traces


def _residual_forms(
    d: Floats, s2: Floats, k: Floats, fixed: Floats, sums: Sums
) -> tuple[Floats, Floats]:
    """Return r' V^-1 r, and r' V^-1 G V^-1 r in each parameter: (B,), (4, B).

    Residuals r are about the common lines, and V changes by Z E Z' in a parameter of D,
    by the identity in the residual variance.
    """
    slopes = fixed[:, 1:2] + fixed[:, 2:] * sums.treated
    intercepts = np.broadcast_to(fixed[:, :1], slopes.shape)
    lines = np.stack([intercepts, slopes], axis=-1)
    moved = _times(sums.squares, lines)
    about = sums.products - moved
    total = sums.total - (lines * (2.0 * sums.products - moved)).sum(axis=-1)
    weighted = _times(k, about)
    fitted = _times(d[:, None], weighted)
    explained = (about * fitted).sum(axis=-1)
    again = (fitted * _times(sums.squares, fitted)).sum(axis=-1)
    forms = [(weighted * (weighted @ basis)).sum(axis=(-2, -1)) for basis in _BASIS]
    forms.append(((total - 2.0 * explained + again) / s2**2).sum(axis=-1))
    return ((total - explained) / s2).sum(axis=-1), np.stack(forms)


def _changes(
    s2: Floats, k: Floats, w: Floats, sums: Sums
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return P, (4, B, 3, 3), Q, (4, 4, B, 3, 3), and traces, (4, B) and (4, 4, B).

    The traces are those of V^-1 G and of V^-1 G V^-1 G.
    """
    n_trials = len(w)
    u = w @ k.mT
    left = [w @ basis for basis in _BASIS]
    inner = [of @ w for of in left]
    first = -_summed(np.stack([*inner, u]), sums.treated)
    second = np.empty((4, 4, n_trials, 3, 3))
    traces = np.empty((4, 4, n_trials))
    for r in range(3):
        for s in range(3):
            second[r, s] = _summed(left[r] @ inner[s], sums.treated)
            traces[r, s] = (left[r] * left[s].mT).sum(axis=(-3, -2, -1))
        second[r, 3] = _summed(left[r] @ u, sums.treated)
        second[3, r] = second[r, 3].mT
        traces[r, 3] = traces[3, r] = _trace(u @ _BASIS[r]).sum(axis=-1)
    second[3, 3] = _summed(k @ u, sums.treated)
    traces[3, 3] = ((sums.n - 2.0) / s2**2 + _trace(k @ k)).sum(axis=-1)
    single = [_trace(of).sum(axis=-1) for of in left]
    single.append(((sums.n - 2.0) / s2 + _trace(k)).sum(axis=-1))
    return first, second, np.stack(single), traces


def evaluate(d: Floats, variance: Floats, sums: Sums) -> Evaluated:
    """Evaluate the restricted likelihood.

    Parameters
    ----------
    d : ndarray, shape (B, 2, 2)
        Covariance of the patients' lines.
    variance : ndarray, shape (B,)
        Residual variance, above 0.
    sums : Sums
        Of B trials.

    Returns
    -------
    Evaluated
    """
    s2 = variance[:, None]
    identity = s2[..., None, None] * np.eye(2)
    k, determinant = _inverse(identity + sums.squares @ d[:, None])
    w = k @ sums.squares
    information = _summed(w, sums.treated)
    phi = np.linalg.inv(information)
    fixed = _fixed_effects(phi, _times(k, sums.products), sums.treated)
    quadratic, forms = _residual_forms(d, s2, k, fixed, sums)
    log_determinant = ((sums.n - 2.0) * np.log(s2) + np.log(determinant)).sum(axis=-1)
    log_determinant += np.linalg.slogdet(information)[1]
    first, second, single, traces = _changes(s2, k, w, sums)
    phi_first = phi @ first
    expected = (
        traces
        - 2.0 * _trace(phi @ second)
        + np.einsum("rbij,sbji->rsb", phi_first, phi_first)
    )
    return Evaluated(
        -0.5 * (log_determinant + quadratic),
        (-0.5 * (single + _trace(phi_first) - forms)).T,
        np.moveaxis(expected, -1, 0),
        fixed,
        phi,
        np.moveaxis(first, 0, 1),
        np.moveaxis(second, 2, 0),
        np.sqrt(np.diagonal(traces, axis1=0, axis2=1)),
    )
