"""Outcomes simulated from the model of decline, exactly as the analysis fits it.

The family is that of :mod:`alsdecline.models.structure`: random coefficients of time,
multivariate normal over all outcomes, a baseline common to the arms, effects of the
arms, and independent normal residuals. What the model does not have is laid over the
outcomes by :mod:`alsdecline.simulation.conduct`. Long, for parameters, courses and
draws share one layout of outcomes and coefficients.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from alsdecline.models.structure import Structure


@dataclasses.dataclass(frozen=True, eq=False)
class DeclineParameters:
    """True values of the model, K outcomes with m coefficients each.

    Attributes
    ----------
    normal : dict of str to float
        The parameters with normal priors, by ``structure.coefficient_names``.
    sd_random : ndarray, shape (K m,)
        SDs between patients of their coefficients, outcome by outcome.
    correlation : ndarray, shape (K m, K m)
        Correlations between those, in the same order.
    sd_residual : ndarray, shape (K,)
        SDs within patients.
    """

    normal: dict[str, float]
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
        return cls(
            normal={name: values[name] for name in structure.coefficient_names},
            sd_random=scale[: structure.n_random],
            correlation=correlation,
            sd_residual=scale[structure.n_random :],
        )


@dataclasses.dataclass(frozen=True, eq=False)
class PatientDesign:
    """Of which arm N patients are, and their covariates, made once for all draws.

    Attributes
    ----------
    columns : tuple of ndarray, each shape (N,)
        Ones, an indicator of each arm but the reference, each covariate.
    arm : ndarray of int, shape (N,)
        Place of each patient's arm, the reference first.
    """

    columns: tuple[np.ndarray, ...]
    arm: np.ndarray

    @classmethod
    def of(
        cls,
        structure: Structure,
        arms: Sequence[str],
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> Self:
        """Lay out the patients' arms, and their centred covariates by name.

        Raises
        ------
        ValueError
            If a patient's arm is not one of the structure's.
        """
        known = {
            name: i for i, name in enumerate((structure.reference, *structure.arms))
        }
        if strange := sorted(set(arms) - set(known)):
            names = ", ".join(strange)
            raise ValueError(f"arms that the model does not have: {names}")
        arm = np.array([known[name] for name in arms], dtype=np.int64)
        columns = [np.ones(len(arm))]
        columns += [np.where(arm == known[name], 1.0, 0.0) for name in structure.arms]
        columns += [
            np.asarray((covariates or {})[name]) for name in structure.covariates
        ]
        return cls(tuple(columns), arm)


def mean_coefficients(
    structure: Structure, parameters: DeclineParameters, patients: PatientDesign
) -> np.ndarray:
    """Return the mean coefficients of N patients, shape (N, K, m).

    Parameters
    ----------
    structure : Structure
        Outcomes (K), arms and covariates.
    parameters : DeclineParameters
        True values.
    patients : PatientDesign
        Arms and covariates.

    Returns
    -------
    ndarray, shape (N, K, m)
        Before a ratio multiplies them.
    """
    mean = np.zeros((len(patients.arm), structure.n_random))
    for term in structure.terms:
        column = patients.columns[term.column]
        mean[:, term.coefficient] += column * parameters.normal[term.name]
    return mean.reshape(len(mean), -1, structure.n_coefficients)


def arm_factors(
    structure: Structure,
    parameters: DeclineParameters,
    patients: PatientDesign,
    kind: str,
) -> np.ndarray:
    """Return the factors by which patients' arms multiply coefficients or SDs.

    Parameters
    ----------
    structure : Structure
        K outcomes with m coefficients each.
    parameters : DeclineParameters
        True values.
    patients : PatientDesign
        N patients' arms.
    kind : str
        ``ratio`` of coefficients, ``between`` of their SDs, ``residual`` of SDs within.

    Returns
    -------
    ndarray, shape (N, K, m), or (N, K, 1) of the residual
        1 for the reference arm, and for intercepts.
    """

    def log_factor(outcome: str, coefficient: str, arm: str) -> float:
        names = {
            "ratio": f"log_ratio[{outcome},{arm}]",
            "between": f"log_sd_ratio[{coefficient}:{outcome},{arm}]",
            "residual": f"log_sd_ratio[residual:{outcome},{arm}]",
        }
        return parameters.normal.get(names[kind], 0.0)

    coefficients = ("residual",) if kind == "residual" else structure.coefficients
    logs = np.array(
        [
            [
                [
                    0.0 if c == "intercept" else log_factor(k, c, arm)
                    for c in coefficients
                ]
                for k in structure.outcomes
            ]
            for arm in (structure.reference, *structure.arms)
        ]
    )
    if not logs.any():
        return np.broadcast_to(1.0, (len(patients.arm), *logs.shape[1:]))
    factors: np.ndarray = np.exp(logs)[patients.arm]
    return factors


def draw_random_effects(
    parameters: DeclineParameters, n_patients: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw deviations of the coefficients, in points and points/time, (N, K, m)."""
    factor = parameters.sd_random[:, None] * np.linalg.cholesky(parameters.correlation)
    standard = rng.standard_normal((n_patients, parameters.sd_random.size))
    n_outcomes = parameters.sd_residual.size
    effects: np.ndarray = (standard @ factor.T).reshape(n_patients, n_outcomes, -1)
    return effects


def courses(coefficients: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the patients' own courses.

    Parameters
    ----------
    coefficients : ndarray, shape (..., N, K, m)
        Of powers of time, from 0.
    times : ndarray, shape (T,) or (N, T)
        Times since time zero, common or by patient.

    Returns
    -------
    ndarray, shape (..., N, K, T)
    """
    # Horner's rule; a straight line is intercept + slope x time to the last bit
    course = coefficients[..., -1:]
    for power in range(coefficients.shape[-1] - 2, -1, -1):
        course = coefficients[..., power : power + 1] + course * times[..., None, :]
    return course


def draw_outcomes(
    coefficients: np.ndarray,
    sd_residual: np.ndarray,
    times: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw outcomes about the patients' own courses.

    Parameters
    ----------
    coefficients : ndarray, shape (N, K, m)
        Each patient's intercept, slope in points/time, and so on.
    sd_residual : ndarray, shape (K,) or (N, K)
        SDs within patients.
    times : ndarray, shape (T,) or (N, T)
        Times since time zero, common or by patient.
    rng : numpy.random.Generator
        Source of the residuals.

    Returns
    -------
    ndarray, shape (N, K, T)
        The outcomes, in their own units.
    """
    course = courses(coefficients, times)
    return course + sd_residual[..., None] * rng.standard_normal(course.shape)


def draw_coefficients(
    structure: Structure,
    parameters: DeclineParameters,
    patients: PatientDesign,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw the coefficients of N new patients, as :func:`simulate_outcomes` does.

    Returns
    -------
    ndarray, shape (N, K, m)
    """
    mean = mean_coefficients(structure, parameters, patients)
    effects = draw_random_effects(parameters, len(patients.arm), rng)
    ratio = arm_factors(structure, parameters, patients, "ratio")
    spread = arm_factors(structure, parameters, patients, "between")
    own: np.ndarray = ratio * (mean + spread * effects)
    return own


def residual_sds(
    structure: Structure, parameters: DeclineParameters, patients: PatientDesign
) -> np.ndarray:
    """Return the residual SDs of N patients, shape (N, K)."""
    factors = arm_factors(structure, parameters, patients, "residual")[..., 0]
    sds: np.ndarray = factors * parameters.sd_residual
    return sds


def simulate_outcomes(
    structure: Structure,
    parameters: DeclineParameters,
    arms: Sequence[str],
    times: np.ndarray,
    rng: np.random.Generator,
    covariates: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:
    """Simulate outcomes exactly as the Gaussian model has them, no nuisances.

    Parameters
    ----------
    structure : Structure
        Outcomes (K), arms and covariates.
    parameters : DeclineParameters
        True values.
    arms : sequence of str, length N
        Each patient's arm.
    times : ndarray, shape (T,) or (N, T)
        Times since time zero, common or by patient.
    rng : numpy.random.Generator
        Source of the random effects and residuals.
    covariates : mapping of str to ndarray, optional
        Each patient's covariates, centred.

    Returns
    -------
    ndarray, shape (N, K, T)
        The outcomes, in their own units.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    patients = PatientDesign.of(structure, arms, covariates)
    own = draw_coefficients(structure, parameters, patients, rng)
    sds = residual_sds(structure, parameters, patients)
    return draw_outcomes(own, sds, times, rng)
