"""What a member with explicit patients' effects is declared with, as vectors.

The trial is laid out value by value.

Priors of ``bounded`` are given in points, and are carried to the logit scale by the
delta method at the prior baseline mean m: a point is 1 / (n p (1 - p)) logits there,
with p = m / n. This holds for means, effects and SDs between patients; the baseline
mean itself becomes logit(p). The half-normal prior of the residual SD, of scale s,
becomes one of the overdispersion d, of scale s / (n (p (1 - p))^(1/2)): to first order
s is then the scale of the SD that the beta-binomial has beyond the binomial, in points.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln, logit

from alsdecline.faults import DataError
from alsdecline.models.explicit.member import ExplicitMember
from alsdecline.models.layout import TrialLayout, lay_out_visits
from alsdecline.models.least_squares import least_squares
from alsdecline.models.prior_vectors import prior_vectors
from alsdecline.models.structure import ModelPrior


def _check_values(member: ExplicitMember, outcome: str, frame: pd.DataFrame) -> None:
    """Refuse values that the likelihood gives no finite or proper posterior."""
    numbers = frame[["time", "value"]].to_numpy(dtype=np.float64)
    wrong = ~np.isfinite(numbers).all(axis=1)
    rule = "time and value must be finite numbers"
    if member.bounded and not wrong.any():
        value, top = numbers[:, 1], member.maxima[outcome]
        wrong = (value < 0) | (value > top) | (value != np.round(value))
        rule = f"the bounded model takes whole numbers from 0 to {top}"
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise DataError(
            f"{outcome}: value {row['value']} of patient {row['patient']} at time "
            f"{row['time']:.2f}: {rule}"
        )
    if member.bounded:
        return
    # a density that grows without bound as the residual scale falls to 0
    patient, names = pd.factorize(frame["patient"])
    m = member.structure.n_coefficients
    fit = least_squares(patient, numbers[:, 0], numbers[:, 1], len(names), m)
    spare = np.maximum(fit.n_visits - m, 0).sum()
    if spare > 0 and fit.rss.sum() <= 1e-20 * np.sum(numbers[:, 1] ** 2):
        raise DataError(
            f"{outcome}: every patient's values lie exactly on the patient's own "
            "course, so that the robust model has no residual scale to estimate"
        )


def lay_out(
    member: ExplicitMember,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
) -> TrialLayout:
    """Lay a trial out for a member.

    Parameters
    ----------
    member : ExplicitMember
        The model, K outcomes.
    patients : DataFrame
        Columns ``patient``, ``arm`` and the covariates, one row a patient; those
        without observations are kept.
    observations : mapping of str to DataFrame
        For each outcome, columns ``patient``, ``time`` and ``value``; those of others
        than `patients` are left out, as ``pack_trial`` of
        :mod:`alsdecline.models.gaussian.packing` does.

    Returns
    -------
    TrialLayout

    Raises
    ------
    DataError
        If an arm is not the model's, a covariate or value is not finite, a bounded
        score is not a whole number of its range, an outcome was never observed, or the
        values of ``robust`` leave no residual.
    """
    structure = member.structure
    laid_out = lay_out_visits(structure, patients, observations)
    for outcome, frame in laid_out.visits.groupby("outcome", sort=False):
        _check_values(member, str(outcome), frame)
    n, patients = laid_out.n_patients, laid_out.patients
    at, visits = laid_out.outcome_at, laid_out.visits
    value = visits["value"].to_numpy(dtype=np.float64)
    columns = [np.ones(n)]
    columns += [np.where(patients["arm"] == arm, 1.0, 0.0) for arm in structure.arms]
    columns += list(laid_out.covariates(structure).values())
    first = at * structure.n_coefficients * n + laid_out.patient_at
    vectors = {
        "weights": np.concatenate(columns),
        "first": first.astype(np.float64),
        "time": visits["time"].to_numpy(dtype=np.float64),
        "value": value,
        "outcome": at.astype(np.float64),
    }
    if member.bounded:
        maximum = np.array([member.maxima[o] for o in structure.outcomes], np.float64)
        top = maximum[at]
        choose = gammaln(top + 1) - gammaln(value + 1) - gammaln(top - value + 1)
        vectors |= {"maximum": maximum, "log_choose": choose}
    return dataclasses.replace(laid_out, vectors=vectors)


def logit_prior(member: ExplicitMember, outcome: str) -> ModelPrior:
    """Carry one outcome's priors to the logit scale by the delta method.

    Parameters
    ----------
    member : ExplicitMember
        A bounded one.
    outcome : str
        Which outcome.

    Returns
    -------
    ModelPrior
        In logits and time; ``sd_residual`` is the scale of the overdispersion's
        half-normal prior, which has no unit.
    """
    prior, n = member.priors[outcome], member.maxima[outcome]
    share = prior.intercept_mean / n
    points = n * share * (1.0 - share)

    def in_logits(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: part / points for name, part in value.items()}
        return value / points

    on_logits = {
        field.name: in_logits(value)
        for field in dataclasses.fields(prior)
        if (value := getattr(prior, field.name)) is not None
    }
    on_logits["intercept_mean"] = float(logit(share))
    on_logits["sd_residual"] = prior.sd_residual / np.sqrt(n * points)
    # a logarithm of a ratio has no unit
    for name in ("log_ratio_mean", "log_ratio_sd", "log_sd_ratio_sd", "benefit"):
        on_logits[name] = getattr(prior, name)
    return ModelPrior(**{"effect_sd": None, **on_logits})


def explicit_priors(member: ExplicitMember) -> dict[str, np.ndarray]:
    """Lay the priors out as the declared model has them.

    Parameters
    ----------
    member : ExplicitMember
        The model.

    Returns
    -------
    dict of str to ndarray
        As :func:`alsdecline.models.prior_vectors.prior_vectors`, on the courses' own
        scale, and ``freedom_rate`` (K,) of ``robust``.
    """
    outcomes = member.structure.outcomes
    if member.bounded:
        priors = {k: logit_prior(member, k) for k in outcomes}
        return prior_vectors(member.structure, priors, member.lkj_shape)
    vectors = prior_vectors(member.structure, member.priors, member.lkj_shape)
    return vectors | {"freedom_rate": np.full(len(outcomes), member.freedom_rate)}
