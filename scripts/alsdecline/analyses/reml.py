"""The restricted likelihood of a linear mixed model, profiled, and where it is largest.

:mod:`alsdecline.analyses.mixed_model` says of what model.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize

from alsdecline.analyses.linear_model import Floats
from alsdecline.faults import DataError

type Integers = npt.NDArray[np.int64]

# standard deviations of random effects, in units of the residual one, where the search
# begins: the criterion can have more than one minimum
_STARTS = (1.0, 0.1, 10.0)

# a standard deviation below this share of the residual one is a variance of zero, which
# the search meets only up to rounding
_ZERO = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Condensed:
    """The data after a rotation within each group, which the criterion does not see."""

    n: int
    by_group: Floats  # (n_groups, q, q + p + 1): Z, X, y where random effects act
    rest: Floats  # (at most p + 1, p + 1): X, y of the other rows, rotated once more


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Criterion and its gradient in Lambda, with what is best given Lambda."""

    criterion: float
    gradient: Floats
    fixed: Floats
    fixed_root: Floats  # upper triangular root of X' V^-1 X
    residual_sd: float


def condense(z: Floats, x: Floats, y: Floats, codes: Integers) -> Condensed:
    """Rotate the data, and refuse those that leave no residual variance.

    There the criterion would have no minimum, or one at no residual variance.
    """
    q = z.shape[1]
    # unit columns, as those constant within groups leave rounding errors in the rest
    length = np.linalg.norm(x, axis=0)
    data = np.column_stack([z, x / length, y])
    by_group = np.zeros((codes.max() + 1, q, data.shape[1]))
    parts, n_rest = [], len(y)
    for group, top in enumerate(by_group):
        rotated = np.linalg.qr(data[codes == group], mode="r")
        u, singular, _ = np.linalg.svd(rotated[:, :q])
        rank = int((singular > 1e-12 * singular.max()).sum())
        rotated = u.T @ rotated
        top[:rank] = rotated[:rank]
        parts.append(rotated[rank:, q:])
        n_rest -= rank
    rest = np.linalg.qr(np.concatenate(parts), mode="r")
    u, singular, _ = np.linalg.svd(rest[:, :-1], full_matrices=False)
    inner = u[:, singular > 1e-10]
    if n_rest <= inner.shape[1]:
        raise DataError(
            f"{len(y)} observations of {len(by_group)} groups leave no residual "
            "degrees of freedom within groups: use fewer random or fixed effects"
        )
    within = rest[:, -1] - inner @ (inner.T @ rest[:, -1])
    if np.linalg.norm(within) <= 1e-10:
        raise DataError(
            "the response is constant, or fitted without error by the fixed effects or "
            "within each group: there is no residual variance to estimate"
        )
    by_group[:, :, q:-1] *= length
    rest[:, :-1] *= length
    return Condensed(len(y), by_group, rest)


def _factor(lower: Floats, q: int) -> Floats:
    """Arrange the lower triangle of Lambda, row by row, as a matrix."""
    factor = np.zeros((q, q))
    factor[np.tril_indices(q)] = lower
    return factor


def profile(factor: Floats, data: Condensed) -> Profile:
    """Evaluate the criterion at Lambda.

    With P = V^-1 - V^-1 X (X' V^-1 X)^-1 X' V^-1, it changes by
    tr(P dV) - (n - p) y' P dV P y / r^2, where V changes by Z d(Lambda Lambda') Z'.
    """
    n_groups, q, width = data.by_group.shape
    p = width - q - 1
    df = data.n - p
    z = data.by_group[:, :, :q]
    augmented = np.zeros((n_groups, 2 * q, width))
    augmented[:, :q] = data.by_group
    augmented[:, :q, :q] = spread = z @ factor
    augmented[:, q:, :q] = np.eye(q)
    root = np.linalg.qr(augmented, mode="r")
    without_random = np.concatenate([root[:, q:, q:].reshape(-1, p + 1), data.rest])
    final = np.linalg.qr(without_random, mode="r")
    fixed_root, r = final[:p, :p], abs(final[p, p])
    fixed = linalg.solve_triangular(fixed_root, final[:p, p])
    diagonal = np.diagonal(root[:, :q, :q], axis1=1, axis2=2)
    log_determinant = np.log(np.abs(diagonal)).sum()
    log_determinant += np.log(np.abs(np.diag(fixed_root))).sum()

    # Z' V^-1 times Z, X and y, by group; then Z' P Z summed over groups, and Z' P y
    z_v = z.mT @ np.linalg.solve(np.eye(q) + spread @ spread.mT, data.by_group)
    z_v_x = z_v[:, :, q:-1]
    half = linalg.solve_triangular(fixed_root, z_v_x.reshape(-1, p).T, trans="T")
    half = half.reshape(p, n_groups, q)
    z_p_z = z_v[:, :, :q].sum(axis=0) - np.einsum("kgi,kgj->ij", half, half)
    z_p_y = z_v[:, :, -1] - z_v_x @ fixed
    slope = 2.0 * (z_p_z - z_p_y.T @ z_p_y * df / r**2) @ factor
    return Profile(
        criterion=2.0 * log_determinant + df * (1 + np.log(2 * np.pi * r**2 / df)),
        gradient=slope[np.tril_indices(q)],
        fixed=fixed,
        fixed_root=fixed_root,
        residual_sd=r / df**0.5,
    )


def best_factor(data: Condensed) -> Floats:
    """Find the Lambda where the criterion is least."""
    q = data.by_group.shape[1]

    def objective(lower: Floats) -> tuple[float, Floats]:
        at = profile(_factor(lower, q), data)
        return at.criterion, at.gradient

    found = [
        optimize.minimize(
            objective,
            start * np.eye(q)[np.tril_indices(q)],
            jac=True,
            method="BFGS",
            # as near as rounding permits; whether that is near is judged below
            options={"gtol": 1e-9, "maxiter": 1000},
        )
        for start in _STARTS
    ]
    least = min(float(result.fun) for result in found)
    # of those that rounding does not tell apart, the one at the bottom
    deepest = [result for result in found if result.fun <= least + 1e-12 * data.n]
    best = min(deepest, key=lambda result: float(np.abs(result.jac).max()))
    if np.abs(best.jac).max() > 1e-6 * data.n:
        raise DataError(
            "the search for the largest restricted likelihood did not converge: use "
            "fewer random effects"
        )
    factor = _factor(best.x, q)
    factor[np.linalg.norm(factor, axis=1) < _ZERO] = 0.0
    return factor
