"""What the Gaussian model says of single patients, given draws of its parameters.

Their own coefficients are integrated out of the likelihood and drawn afterwards, from
the normal distribution that they have given the parameters and the observations:
u = D (mu + E L z), z ~ N(zbar, M^-1), as :mod:`alsdecline.models.gaussian.kernel` has
it.
"""

import warnings

import arviz_stats
import numpy as np
import pandas as pd
import xarray as xr

from alsdecline.models.gaussian.kernel import (
    correlation_cholesky,
    group_factors,
    parameter_gradient,
    unpack_data,
)
from alsdecline.models.structure import Structure


def parameter_arrays(
    structure: Structure, draws: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the kernel takes: coefficients, SDs, partial correlations.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    draws : DataFrame
        S rows, a column for each of ``structure.parameter_names``; the correlations
        are full ones.

    Returns
    -------
    coefficient, scale, partial : ndarray, shape (S, .)
        The last mapped to (0, 1) by (1 + r) / 2.
    """
    p = structure.n_random
    full = np.broadcast_to(np.eye(p), (len(draws), p, p)).copy()
    rows, columns = np.tril_indices(p, -1)
    full[:, rows, columns] = draws[structure.correlation_names].to_numpy()
    full[:, columns, rows] = full[:, rows, columns]
    factor = np.linalg.cholesky(full)
    # row by row, what is left of its unit length gives the next partial correlation
    partial = np.empty((len(draws), rows.size))
    for at, (i, j) in enumerate(zip(rows, columns, strict=True)):
        left = np.sqrt(1.0 - np.sum(factor[:, i, :j] ** 2, axis=1))
        partial[:, at] = (1.0 + factor[:, i, j] / left) / 2.0
    return (
        draws[structure.coefficient_names].to_numpy(),
        draws[structure.scale_names].to_numpy(),
        partial,
    )


def draw_patient_coefficients(
    structure: Structure, draws: pd.DataFrame, data: np.ndarray, seed: int
) -> np.ndarray:
    """Draw every patient's own coefficients, once for each draw of the parameters.

    Parameters
    ----------
    structure : Structure
        K outcomes with m coefficients each.
    draws : DataFrame
        S draws of the parameters.
    data : ndarray
        The packed trial of N patients.
    seed : int
        Of the draws.

    Returns
    -------
    ndarray, shape (S, N, K, m)
        In points, points/time, and so on; patients as they are packed.
    """
    rng = np.random.default_rng(seed)
    columns, places, weights, pattern, r, _, q, _, groups = unpack_data(data)
    n_patients, n_outcomes, m = q.shape
    p = n_outcomes * m
    group = np.searchsorted(groups[:, 0], np.arange(n_patients), side="right")
    blocks = np.zeros((len(r), p, p))
    for k in range(n_outcomes):
        here = slice(k * m, k * m + m)
        blocks[:, here, here] = r[:, k]
    result = np.empty((len(draws), n_patients, p))
    for s, (coefficient, scale, partial) in enumerate(
        zip(*parameter_arrays(structure, draws), strict=True)
    ):
        shape = (len(groups), n_outcomes, m)
        multiplier, spread, noise = group_factors(
            coefficient, columns.size, shape, int(data[7])
        )
        mean = np.zeros((n_patients, p))
        for f, place in enumerate(places):
            mean[:, place] += weights[:, columns[f]] * coefficient[f]
        mean *= multiplier[group]
        sd = scale[:p] * multiplier * spread
        factor = (sd[:, :, None] * correlation_cholesky(partial))[group]
        residual = np.repeat(scale[p:] * noise, m, axis=1)[group]
        scaled = blocks[pattern] @ factor / residual[:, :, None]
        misfit = q.reshape(n_patients, p) - np.einsum(
            "nab,nb->na", blocks[pattern], mean
        )
        cholesky = np.linalg.cholesky(np.eye(p) + scaled.mT @ scaled)
        score = np.einsum("nab,na->nb", scaled, misfit / residual)
        # M z = C C'z = A'f + C e has the mean M^-1 A'f and the covariance M^-1
        noisy = np.linalg.solve(cholesky, score[:, :, None])
        noisy += rng.standard_normal((n_patients, p, 1))
        effect = np.linalg.solve(cholesky.mT, noisy)
        result[s] = mean + (factor @ effect)[:, :, 0]
    return result.reshape(len(draws), n_patients, n_outcomes, m)


def log_likelihood_by_patient(
    structure: Structure, draws: pd.DataFrame, data: np.ndarray
) -> np.ndarray:
    """Return each patient's log-likelihood, effects integrated out, for each draw.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    draws : DataFrame
        S draws of the parameters.
    data : ndarray
        The packed trial of N patients.

    Returns
    -------
    ndarray, shape (S, N)
        Patients as they are packed.
    """
    arrays = parameter_arrays(structure, draws)
    return np.stack(
        [parameter_gradient(*one, data)[0] for one in zip(*arrays, strict=True)]
    )


def leave_one_patient_out(
    log_likelihood: np.ndarray, n_chains: int
) -> tuple[np.ndarray, np.ndarray]:
    """Estimate how well each patient is predicted from all others.

    Parameters
    ----------
    log_likelihood : ndarray, shape (S, N)
        From :func:`log_likelihood_by_patient`, draws sorted by chain.
    n_chains : int
        Chains of equal length.

    Returns
    -------
    elpd : ndarray, shape (N,)
        Expected log predictive density of each patient.
    pareto_k : ndarray, shape (N,)
        Above 0.7 a patient is so influential that the estimate cannot be relied on,
        and the model must be refitted without (Vehtari, Gelman and Gabry 2017).
    """
    by_chain = log_likelihood.reshape(n_chains, -1, log_likelihood.shape[1])
    tree = xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset({"one": (("chain", "draw"), by_chain[..., 0])}),
            "log_likelihood": xr.Dataset(
                {"patients": (("chain", "draw", "patient"), by_chain)}
            ),
        }
    )
    with warnings.catch_warnings():
        # a large Pareto k is returned, for the caller to tell
        warnings.simplefilter("ignore", UserWarning)
        result = arviz_stats.loo(tree, pointwise=True)
    return result.elpd_i.to_numpy(), result.pareto_k.to_numpy()
