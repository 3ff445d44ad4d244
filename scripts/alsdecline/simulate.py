"""Outcomes simulated from the model of decline, exactly as the analysis fits it.

The family is that of :mod:`alsdecline.structure`: random intercepts and slopes,
multivariate normal over all outcomes, a baseline common to the arms, an effect of each
arm on the slope, and independent normal residuals. What the model does not have is laid
over the outcomes by :mod:`alsdecline.simulated_conduct`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from alsdecline.structure import N_COEFFICIENTS, Structure


@dataclasses.dataclass(frozen=True, eq=False)
class DeclineParameters:
    """True values of the model, K outcomes and A arms beside the reference.

    Attributes
    ----------
    coefficient : ndarray, shape (K, 2 + A)
        Mean at time zero; the reference arm's slope per month; each other arm's
        difference in slope per month.
    sd_random : ndarray, shape (2 K,)
        SDs between patients: intercept and slope, outcome by outcome.
    correlation : ndarray, shape (2 K, 2 K)
        Correlations between those, in the same order.
    sd_residual : ndarray, shape (K,)
        SDs within patients.
    """

    coefficient: np.ndarray
    sd_random: np.ndarray
    correlation: np.ndarray
    sd_residual: np.ndarray

    @classmethod
    def from_names(cls, structure: Structure, values: Mapping[str, float]) -> Self:
        """Read the parameters from their names, as a row of posterior draws has them.

        Parameters
        ----------
        structure : Structure
            Outcomes and arms.
        values : mapping of str to float
            By ``structure.parameter_names``; a correlation that is absent is 0.

        Returns
        -------
        DeclineParameters
            The same values as arrays.

        Raises
        ------
        ValueError
            If a name is unknown or absent, an SD negative, or the correlation
            matrix not positive definite.
        """
        needed = structure.coefficient_names + structure.scale_names
        unknown = sorted(set(values) - set(structure.parameter_names))
        absent = [name for name in needed if name not in values]
        if unknown or absent:
            raise ValueError(f"parameters unknown: {unknown}; absent: {absent}")
        scale = np.array([values[name] for name in structure.scale_names])
        if not (scale >= 0.0).all():
            raise ValueError("an SD must be at least 0")
        below = np.array(
            [values.get(name, 0.0) for name in structure.correlation_names]
        )
        correlation = np.eye(structure.n_random)
        rows, columns = np.tril_indices(structure.n_random, -1)
        correlation[rows, columns] = correlation[columns, rows] = below
        if not np.linalg.eigvalsh(correlation)[0] > 0.0:
            raise ValueError("the correlations do not make a positive definite matrix")
        coefficient = np.array([values[name] for name in structure.coefficient_names])
        return cls(
            coefficient=coefficient.reshape(len(structure.outcomes), -1),
            sd_random=scale[: structure.n_random],
            correlation=correlation,
            sd_residual=scale[structure.n_random :],
        )


def mean_coefficients(
    structure: Structure, parameters: DeclineParameters, arms: Sequence[str]
) -> np.ndarray:
    """Return the arms' mean intercepts and slopes for N patients, shape (N, K, 2).

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    strange = sorted(set(arms) - {structure.reference, *structure.arms})
    if strange:
        raise ValueError(f"arms that the model does not have: {', '.join(strange)}")
    difference = np.column_stack(
        [np.zeros(len(structure.outcomes)), parameters.coefficient[:, N_COEFFICIENTS:]]
    )
    columns = {arm: j for j, arm in enumerate((structure.reference, *structure.arms))}
    effect = difference[:, [columns[arm] for arm in arms]].T
    intercept = np.broadcast_to(parameters.coefficient[:, 0], effect.shape)
    return np.stack([intercept, parameters.coefficient[:, 1] + effect], axis=-1)


def draw_random_effects(
    parameters: DeclineParameters, n_patients: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw deviations of intercepts (points) and slopes (per month), (N, K, 2)."""
    factor = parameters.sd_random[:, None] * np.linalg.cholesky(parameters.correlation)
    standard = rng.standard_normal((n_patients, parameters.sd_random.size))
    effects: np.ndarray = (standard @ factor.T).reshape(n_patients, -1, N_COEFFICIENTS)
    return effects


def draw_outcomes(
    coefficients: np.ndarray,
    sd_residual: np.ndarray,
    months: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw outcomes about the patients' own lines.

    Parameters
    ----------
    coefficients : ndarray, shape (N, K, 2)
        Each patient's intercept and slope per month.
    sd_residual : ndarray, shape (K,)
        SDs within patients.
    months : ndarray, shape (T,) or (N, T)
        Months from randomisation, common or by patient.
    rng : numpy.random.Generator
        Source of the residuals.

    Returns
    -------
    ndarray, shape (N, K, T)
        The outcomes, in their own units.
    """
    intercept, slope = coefficients[..., :1], coefficients[..., 1:]
    line: np.ndarray = intercept + slope * months[..., None, :]
    return line + sd_residual[:, None] * rng.standard_normal(line.shape)


def simulate_outcomes(
    structure: Structure,
    parameters: DeclineParameters,
    arms: Sequence[str],
    months: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate outcomes exactly as the Gaussian model has them, no nuisances.

    Parameters
    ----------
    structure : Structure
        Outcomes (K) and arms.
    parameters : DeclineParameters
        True values.
    arms : sequence of str, length N
        Each patient's arm.
    months : ndarray, shape (T,) or (N, T)
        Months from randomisation, common or by patient.
    rng : numpy.random.Generator
        Source of the random effects and residuals.

    Returns
    -------
    ndarray, shape (N, K, T)
        The outcomes, in their own units.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    mean = mean_coefficients(structure, parameters, arms)
    own = mean + draw_random_effects(parameters, len(arms), rng)
    return draw_outcomes(own, parameters.sd_residual, months, rng)
