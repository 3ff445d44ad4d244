"""Draws from the priors of a member with explicit effects, and simulated outcomes.

NumPy alone: nothing of the declared model's graph is used.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from alsdecline.models.explicit.layout import explicit_priors
from alsdecline.models.explicit.member import (
    FREEDOM_LEAST,
    ExplicitMember,
    parameter_names,
)
from alsdecline.models.prior_draws import draw_parameters
from alsdecline.models.simulate import (
    DeclineParameters,
    PatientDesign,
    courses,
    draw_random_effects,
    mean_coefficients,
)


def _tops(member: ExplicitMember) -> np.ndarray:
    return np.array([member.maxima[k] for k in member.structure.outcomes])


def within_values(
    member: ExplicitMember, parameters: Mapping[str, float]
) -> np.ndarray:
    """Return the parameters of values about a course, (1 or 2, K)."""
    values = np.array([parameters[name] for name in member.within_names])
    return values.reshape(-1, len(member.structure.outcomes))


def course_parameters(
    member: ExplicitMember, parameters: Mapping[str, float]
) -> DeclineParameters:
    """Read the parameters of the courses from names as draws have them.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    parameters : mapping of str to float
        By :func:`alsdecline.models.explicit.declaration.parameter_names`; a correlation
        that is absent is 0.

    Returns
    -------
    DeclineParameters
        On the courses' own scale; its residual SDs are 0.

    Raises
    ------
    ValueError
        As :meth:`DeclineParameters.from_names`, or if a parameter of the values about
        the courses is absent or out of its range.
    """
    within = set(member.within_names)
    rest = set(parameters) - within
    unnamed = {shown: name for name, shown in member.course_names.items()}
    unknown, absent = sorted(rest - set(unnamed)), sorted(within - set(parameters))
    if unknown or absent:
        raise ValueError(f"parameters unknown: {unknown}; absent: {absent}")
    values = {unnamed[shown]: parameters[shown] for shown in rest}
    values |= {f"sd_residual[{k}]": 0.0 for k in member.structure.outcomes}
    first, *freedom = within_values(member, parameters)
    if not (first >= 0.0).all() or not all((f > FREEDOM_LEAST).all() for f in freedom):
        raise ValueError(
            "an SD or overdispersion below 0, or degrees of freedom below 2"
        )
    return DeclineParameters.from_names(member.structure, values)


def draw_values(
    course: np.ndarray,
    within: np.ndarray,
    rng: np.random.Generator,
    maxima: np.ndarray | None = None,
) -> np.ndarray:
    """Draw values about courses.

    Parameters
    ----------
    course : ndarray
        Of any shape, in points, or logits where there are maxima.
    within : ndarray, shape (2, ...) or (1, ...)
        Scale and degrees of freedom, or overdispersion; broadcast to the course.
    rng : numpy.random.Generator
        Source of randomness.
    maxima : ndarray, optional
        Highest values of bounded scores.

    Returns
    -------
    ndarray, shape of `course`
    """
    if maxima is None:
        scale, freedom = np.broadcast_arrays(*within, course)[:2]
        values: np.ndarray = course + scale * rng.standard_t(freedom)
        return values
    share = expit(course)
    overdispersion = np.broadcast_to(within[0], course.shape)
    binomial = overdispersion < 1e-7
    concentration = np.where(binomial, 1.0, overdispersion) ** -2.0
    # a share that rounds to 0 or 1 is no parameter of a beta distribution
    tiny = np.finfo(np.float64).tiny
    drawn = rng.beta(
        np.maximum(share * concentration, tiny),
        np.maximum(expit(-course) * concentration, tiny),
    )
    shares = np.where(binomial, share, drawn)
    counts: np.ndarray = rng.binomial(np.asarray(maxima, np.int64), shares).astype(
        np.float64
    )
    return counts


def simulate_explicit(
    member: ExplicitMember,
    parameters: Mapping[str, float],
    arms: Sequence[str],
    times: np.ndarray,
    rng: np.random.Generator,
    covariates: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:
    """Simulate outcomes of N new patients from the model's parameters.

    Parameters
    ----------
    member : ExplicitMember
        The model, K outcomes.
    parameters : mapping of str to float
        By :func:`alsdecline.models.explicit.declaration.parameter_names`.
    arms : sequence of str, length N
        Each patient's arm.
    times : ndarray, shape (T,) or (N, T)
        Times since time zero, common or by patient.
    rng : numpy.random.Generator
        Source of the random effects and of the values about the courses.
    covariates : mapping of str to ndarray, optional
        Each patient's covariates, centred.

    Returns
    -------
    ndarray, shape (N, K, T)
        In points; whole and from 0 to the maximum where ``bounded``.

    Raises
    ------
    ValueError
        As :func:`course_parameters`, or if an arm is not one of the structure's.
    """
    true = course_parameters(member, parameters)
    patients = PatientDesign.of(member.structure, arms, covariates)
    mean = mean_coefficients(member.structure, true, patients)
    course = courses(mean + draw_random_effects(true, len(arms), rng), times)
    within = within_values(member, parameters)[..., None]
    tops = _tops(member)[:, None] if member.bounded else None
    return draw_values(course, within, rng, tops)


def prior_draws(
    member: ExplicitMember, n: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw parameters from the prior.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    n : int
        Number of draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        n rows, a column for each of ``parameter_names(member)``.
    """
    vectors = explicit_priors(member)
    frame = draw_parameters(member.structure, vectors, n, rng)
    frame = frame.rename(columns=member.shown_names)
    if not member.bounded:
        rate = vectors["freedom_rate"]
        # Gamma(2, b) cut at 2 is 2 more than Gamma(2, b) or, with odds 2 b, Gamma(1, b)
        sooner = rng.random((n, rate.size)) < 2 * rate / (1 + 2 * rate)
        freedom = FREEDOM_LEAST + rng.gamma(np.where(sooner, 1.0, 2.0), 1 / rate)
        frame[member.within_names[rate.size :]] = freedom
    return frame[parameter_names(member)]
