"""The density of patients' stacked observations, written out from parameters' names.

Nothing here is shared with the kernel but the Cholesky factor of a correlation matrix,
which has tests of its own.
"""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from alsdecline.models.gaussian.kernel import correlation_cholesky
from alsdecline.models.structure import Structure


def trial(
    structure: Structure, seed: int, n_patients: int = 6
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Make patients of all arms, with 0 to 5 visits of their own an outcome."""
    rng = np.random.default_rng(seed)
    arms = itertools.cycle([structure.reference, *structure.arms])
    patients = pd.DataFrame(
        {
            "patient": [f"p{i}" for i in range(n_patients)],
            "arm": list(itertools.islice(arms, n_patients)),
            **{name: rng.normal(60, 9, n_patients) for name in structure.covariates},
        }
    )
    observations = {
        outcome: pd.DataFrame(
            [
                (patient, month, rng.normal(40, 5))
                for patient in patients["patient"]
                for month in rng.uniform(0, 9, rng.integers(0, 6))
            ],
            columns=["patient", "time", "value"],
        )
        for outcome in structure.outcomes
    }
    return patients, observations


def point(structure: Structure, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    n_scales = len(structure.scale_names)
    return [
        0.4 * rng.standard_normal(len(structure.coefficient_names)),
        np.exp(0.3 * rng.standard_normal(n_scales)),
        rng.uniform(0.2, 0.8, structure.n_partial),
    ]


def patient_moments(
    structure: Structure,
    named: Mapping[str, float],
    correlation: np.ndarray,
    patient: Mapping[str, object],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and covariance of a patient's coefficients, and the residual SDs."""
    arm, means, factors, spreads, residual = patient["arm"], [], [], [], []
    other = arm != structure.reference
    for k in structure.outcomes:
        for name in structure.coefficients:
            mean = named[f"{name}[{k}]"]
            effect = {"slope": "effect", "curvature": "effect_curvature"}.get(name)
            if effect and other and not structure.ratio:
                mean += named[f"{effect}[{k},{arm}]"]
            for covariate in structure.covariates:
                by = {"intercept": "covariate", "slope": "covariate_slope"}.get(name)
                if by:
                    value = float(str(patient[covariate]))
                    mean += named[f"{by}[{k},{covariate}]"] * value
            later = other and name != "intercept"
            ratio, spread = f"log_ratio[{k},{arm}]", f"log_sd_ratio[{name}:{k},{arm}]"
            factors.append(np.exp(named.get(ratio, 0.0)) if later else 1.0)
            spreads.append(np.exp(named.get(spread, 0.0)) if later else 1.0)
            spreads[-1] *= named[f"sd_{name}[{k}]"]
            means.append(mean)
        more = named.get(f"log_sd_ratio[residual:{k},{arm}]", 0.0)
        residual.append(named[f"sd_residual[{k}]"] * np.exp(more))
    scale = np.array(factors) * np.array(spreads)
    covariance = scale[:, None] * correlation * scale
    return np.array(factors) * np.array(means), covariance, np.array(residual)


def stacked_patients(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
    at: list[np.ndarray],
) -> list[tuple[np.ndarray, ...]]:
    """Return, by patient, design, values, residual variances, mean and covariance."""
    names = structure.coefficient_names + structure.scale_names
    named = dict(zip(names, np.concatenate(at[:2]), strict=True))
    factor = correlation_cholesky(at[2])
    centred = patients.copy()
    for name in structure.covariates:
        centred[name] -= centred[name].mean()
    m, result = structure.n_coefficients, []
    for patient in centred.to_dict("records"):
        mean, covariance, residual = patient_moments(
            structure, named, factor @ factor.T, patient
        )
        rows, values, noise = [], [], []
        for k, outcome in enumerate(structure.outcomes):
            frame = observations[outcome]
            mine = frame[frame["patient"] == patient["patient"]]
            design = np.zeros((len(mine), mean.size))
            powers = mine["time"].to_numpy()[:, None] ** np.arange(m)
            design[:, k * m : k * m + m] = powers
            rows.append(design)
            values.append(mine["value"].to_numpy())
            noise += [residual[k] ** 2] * len(mine)
        stacked = np.vstack(rows), np.concatenate(values), np.array(noise)
        result.append((*stacked, mean, covariance))
    return result


def stacked_densities(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
    at: list[np.ndarray],
) -> np.ndarray:
    """Log density of each patient's stacked observations, by patient."""
    return np.array(
        [
            stats.multivariate_normal.logpdf(
                y, z @ mean, z @ covariance @ z.T + np.diag(noise)
            )
            if y.size
            else 0.0
            for z, y, noise, mean, covariance in stacked_patients(
                structure, patients, observations, at
            )
        ]
    )
