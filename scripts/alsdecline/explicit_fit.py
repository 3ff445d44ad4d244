"""Fitting a member with explicit patients' effects, and predicting from the fit.

Call :func:`alsdecline.compile_cache.use_compile_cache` before importing this module.
"""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.decline_model import constrain
from alsdecline.diagnostics import diagnose
from alsdecline.explicit_data import ExplicitData, explicit_priors
from alsdecline.explicit_model import (
    FREEDOM_LEAST,
    ExplicitMember,
    declare_explicit,
    parameter_names,
)
from alsdecline.explicit_simulate import (
    course_parameters,
    draw_values,
    prior_draws,
    within_values,
)
from alsdecline.marginal_kernel import correlation_cholesky
from alsdecline.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.simulate import draw_random_effects, mean_coefficients
from alsdecline.structure import start_point


@dataclasses.dataclass(frozen=True, eq=False)
class ExplicitFit:
    """A posterior and how its computation went.

    Attributes
    ----------
    draws : DataFrame
        ``chain``, ``draw`` and a column for each of ``parameter_names(member)``.
    effects : DataFrame
        ``chain``, ``draw`` and each patient's deviations from the mean coefficients,
        columns like ``slope:limb[patient]``; in points, or logits of ``bounded``.
    diagnostics : dict
        Of the parameters, as :func:`alsdecline.diagnostics.diagnose` gives them.
    """

    draws: pd.DataFrame
    effects: pd.DataFrame
    diagnostics: dict[str, Any]


def compile_member(member: ExplicitMember, data: ExplicitData) -> CompiledModel:
    """Compile a member for nutpie; good for all trials of as many patients."""
    priors = explicit_priors(member)
    return compile_model(
        declare_explicit(member, priors, data.vectors, data.n_patients)
    )


def explicit_start(member: ExplicitMember, n_patients: int) -> np.ndarray:
    """Unconstrained point at the centre of the priors, where chains start."""
    priors = explicit_priors(member)
    # the mean of Gamma(2, b) is 2 / b
    excess = np.log(2.0 / priors.get("freedom_rate", np.empty(0)))
    standard = np.zeros(member.structure.n_random * n_patients)
    return np.concatenate([start_point(priors), excess, standard])


def named_draws(
    member: ExplicitMember, patients: pd.DataFrame, points: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn unconstrained draws into named parameters and patients' effects.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    patients : DataFrame
        With the column ``patient``, N rows.
    points : ndarray, shape (n_draws, n_dim)
        In the declared model's order.

    Returns
    -------
    parameters, effects : DataFrame
        As :class:`ExplicitFit` has them, less ``chain`` and ``draw``.
    """
    structure, p = member.structure, member.structure.n_random
    stop = len(structure.parameter_names)
    n_freedom = 0 if member.bounded else len(structure.outcomes)
    frame = constrain(structure, points[:, :stop]).rename(columns=member.course_names)
    residual = dict(zip(structure.scale_names[p:], member.within_names, strict=False))
    frame = frame.rename(columns=residual)
    freedom = FREEDOM_LEAST + np.exp(points[:, stop : stop + n_freedom])
    for name, drawn in zip(member.within_names[-n_freedom:], freedom.T, strict=False):
        frame[name] = drawn
    log_scale = points[:, stop - structure.n_partial - len(structure.scale_names) :]
    partial = 1.0 / (1.0 + np.exp(-points[:, stop - structure.n_partial : stop]))
    factors = np.array([correlation_cholesky(row) for row in partial])
    standard = points[:, stop + n_freedom :].reshape(len(points), p, -1)
    effects = np.exp(log_scale[:, :p])[:, :, None] * (factors @ standard)
    names = [f"{c}[{i}]" for i in patients["patient"] for c in structure.random_names]
    own = effects.transpose(0, 2, 1).reshape(len(points), -1)
    return frame[parameter_names(member)], pd.DataFrame(own, columns=names)


def fit_member(
    member: ExplicitMember,
    data: ExplicitData,
    compiled: CompiledModel,
    **settings: Any,
) -> ExplicitFit:
    """Draw from a member's posterior.

    Parameters
    ----------
    member : ExplicitMember
        The model; its priors may differ from those of the compiled one.
    data : ExplicitData
        A trial of as many patients as the compiled one's.
    compiled : CompiledModel
        From :func:`compile_member`.
    **settings
        ``seed``, ``chains``, ``tune``, ``draws``, ``target_accept`` and ``cores`` of
        :func:`alsdecline.sampling.sample`; draws do not depend on the cores.

    Returns
    -------
    ExplicitFit

    Raises
    ------
    ValueError
        If the compiled model is one of other parameters or another number of patients.
    """
    start = explicit_start(member, data.n_patients)
    if start.size != compiled.n_dim:
        raise ValueError("compiled for another structure or number of patients")
    updates = explicit_priors(member) | data.vectors
    trace = sample(compiled, start=start, updates=updates, **settings)
    points = trace["posterior"][POINT].to_numpy()
    chains, n_draws, n_dim = points.shape
    frames = named_draws(member, data.patients, points.reshape(-1, n_dim))
    stats = trace["sample_stats"]
    diagnostics = diagnose(
        {
            n: frames[0][n].to_numpy().reshape(chains, n_draws)
            for n in parameter_names(member)
        },
        int(stats["diverging"].to_numpy().sum()),
        stats["energy"].to_numpy(),
    )
    for frame in frames:
        frame.insert(0, "draw", np.tile(np.arange(n_draws), chains))
        frame.insert(0, "chain", np.repeat(np.arange(chains), n_draws))
    return ExplicitFit(*frames, diagnostics)


def predictive(
    member: ExplicitMember,
    data: ExplicitData,
    draws: pd.DataFrame,
    rng: np.random.Generator,
    effects: pd.DataFrame | None = None,
) -> np.ndarray:
    """Draw replicates of a trial's values, at the same visits.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    data : ExplicitData
        The trial, n values.
    draws : DataFrame
        S rows of parameters by name, of the posterior or of the prior.
    rng : numpy.random.Generator
        Source of randomness.
    effects : DataFrame, optional
        The same draws' patients' effects, for replicates of the same patients; new
        patients of the same arms and covariates if not given.

    Returns
    -------
    ndarray, shape (S, n)
        In the order of ``data.visits``.
    """
    structure, names = member.structure, parameter_names(member)
    patients, vectors = data.patients, data.vectors
    covariates = {name: patients[name].to_numpy() for name in structure.covariates}
    arms, n, m = list(patients["arm"]), data.n_patients, structure.n_coefficients
    of = vectors["outcome"].astype(np.int64)
    start = vectors["first"].astype(np.int64)
    at = start[:, None] + n * np.arange(m)
    powers = vectors["month"][:, None] ** np.arange(m)
    tops = vectors["maximum"][of] if member.bounded else None
    deviations = None
    if effects is not None:
        deviations = effects.drop(columns=["chain", "draw"]).to_numpy()
    replicates = np.empty((len(draws), len(of)))
    for s, values in enumerate(draws[names].to_numpy()):
        row = dict(zip(names, values, strict=True))
        true = course_parameters(member, row)
        if deviations is None:
            own = draw_random_effects(true, n, rng)
        else:
            own = deviations[s].reshape(n, -1, m)
        own = own + mean_coefficients(structure, true, arms, covariates)
        course = np.sum(own.reshape(n, -1).T.ravel()[at] * powers, axis=1)
        within = within_values(member, row)[:, of]
        replicates[s] = draw_values(course, within, rng, tops)
    return replicates


def prior_predictive(
    member: ExplicitMember, data: ExplicitData, n: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw n replicates of a trial's values from the prior, as :func:`predictive`."""
    return predictive(member, data, prior_draws(member, n, rng), rng)
