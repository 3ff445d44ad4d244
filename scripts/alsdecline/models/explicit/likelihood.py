"""Each patient's likelihood under the members that are not Gaussian.

Their effects are integrated out by adaptive Gauss-Hermite quadrature (Naylor and Smith
1982): for each draw of the parameters the nodes lie about the mode of the patient's
effects, as Fisher scoring finds it, scaled by the information there. Of ``robust``, a
likelihood with several modes where values lie far apart, the nodes are laid out anew by
the mean and covariance that the last ones gave, half as wide again.
"""

import dataclasses
import itertools
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, gammaln, logsumexp

from alsdecline.models.explicit.member import ExplicitMember, parameter_names
from alsdecline.models.explicit.simulate import course_parameters, within_values
from alsdecline.models.layout import TrialLayout
from alsdecline.models.simulate import PatientDesign, mean_coefficients

N_NODES = {"bounded": 9, "robust": 15}
"""In each dimension. A log-likelihood is off by less than 0.01 of ``bounded`` and, with
3 degrees of freedom or more, 0.05 of ``robust``; by a few tenths where they are near 2
and a patient has few visits."""

N_FURTHER = {"bounded": 0, "robust": 3}
"""How often the nodes are laid out anew."""

WIDER = 1.5
"""Factor on the covariance of later layouts."""

N_STEPS = 12
"""Of Fisher scoring."""

N_HALVINGS = 6
"""Of a step that leads downwards."""

BINOMIAL_BELOW = 1e-5
"""Overdispersion below which the beta-binomial is the binomial to rounding."""


def _log_values(
    member: ExplicitMember,
    course: np.ndarray,
    within: np.ndarray,
    value: np.ndarray,
    top: np.ndarray,
) -> np.ndarray:
    """Log density or probability of values about courses, of the courses' shape."""
    if not member.bounded:
        scale, freedom = within
        constant = gammaln((freedom + 1) / 2) - gammaln(freedom / 2)
        constant = constant - 0.5 * np.log(np.pi * freedom) - np.log(scale)
        squares = ((value - course) / scale) ** 2
        density: np.ndarray = constant - (freedom + 1) / 2 * np.log1p(squares / freedom)
        return density
    overdispersion = np.maximum(within[0], BINOMIAL_BELOW)
    share, rest = expit(course), expit(-course)
    tiny = np.finfo(np.float64).tiny
    a = np.maximum(share * overdispersion**-2.0, tiny)
    b = np.maximum(rest * overdispersion**-2.0, tiny)
    choose = -np.log(top + 1) - betaln(top - value + 1, value + 1)
    mass: np.ndarray = choose + betaln(value + a, top - value + b) - betaln(a, b)
    return mass


def _score(
    member: ExplicitMember,
    course: np.ndarray,
    within: np.ndarray,
    value: np.ndarray,
    top: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """First derivative by the course, and information, of each value.

    Of ``bounded``, the quasi-likelihood's: it need only place the nodes.
    """
    if not member.bounded:
        scale, freedom = within
        miss = value - course
        first = (freedom + 1) * miss / (freedom * scale**2 + miss**2)
        information = (freedom + 1) / (freedom + 3) / scale**2
        return first, np.broadcast_to(information, first.shape)
    square = within[0] ** 2
    inflation = 1.0 + (top - 1.0) * square / (1.0 + square)
    share = expit(course)
    return (
        (value - top * share) / inflation,
        top * share * (1.0 - share) / inflation,
    )


def _nodes(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes (Q, p) and log weights (Q,), n a dimension, for integrals over R^p."""
    points, weights = np.polynomial.hermite_e.hermegauss(n)
    # the weight function is taken out again, so that any integrand may stand
    logs = np.log(weights) + points**2 / 2
    grid = np.array(list(itertools.product(range(n), repeat=p)))
    return points[grid], logs[grid].sum(axis=1)


@dataclasses.dataclass(frozen=True)
class _Patient:
    """One patient's n values under S draws of the parameters.

    Attributes
    ----------
    member : ExplicitMember
        The likelihood.
    means : ndarray, shape (S, n)
        Mean courses.
    designs : ndarray, shape (S, n, p)
        By which standard normal effects shift the courses.
    within : ndarray, shape (1 or 2, S, n)
        Parameters of the values about the courses.
    value, top : ndarray, shape (n,)
        Values, and the highest possible ones.
    """

    member: ExplicitMember
    means: np.ndarray
    designs: np.ndarray
    within: np.ndarray
    value: np.ndarray
    top: np.ndarray

    def _log_joint(self, effects: np.ndarray) -> np.ndarray:
        """Log density of values and effects (S, p), less a constant, (S,)."""
        course = self.means + np.einsum("snp,sp->sn", self.designs, effects)
        values = _log_values(self.member, course, self.within, self.value, self.top)
        joint: np.ndarray = values.sum(axis=-1) - 0.5 * (effects**2).sum(axis=-1)
        return joint

    def _start(self) -> np.ndarray:
        """Effects from which the mode is sought, (S, p)."""
        n_draws, _, p = self.designs.shape
        if self.member.bounded:
            return np.zeros((n_draws, p))
        # far from the values Student's t is flat: begin at the mode of normal ones
        scaled = self.designs / self.within[0][..., None]
        precision = np.einsum("snp,snq->spq", scaled, scaled) + np.eye(p)
        pull = np.einsum(
            "snp,sn->sp", scaled, (self.value - self.means) / self.within[0]
        )
        start: np.ndarray = np.linalg.solve(precision, pull[..., None])[..., 0]
        return start

    def _mode(self) -> tuple[np.ndarray, np.ndarray]:
        """Likeliest effects (S, p), and the information near them (S, p, p)."""
        mode = self._start()
        information = np.empty(0)
        for _ in range(N_STEPS):
            course = self.means + np.einsum("snp,sp->sn", self.designs, mode)
            first, weight = _score(
                self.member, course, self.within, self.value, self.top
            )
            gradient = np.einsum("snp,sn->sp", self.designs, first) - mode
            information = np.einsum(
                "snp,sn,snq->spq", self.designs, weight, self.designs
            )
            information += np.eye(mode.shape[1])
            step = np.linalg.solve(information, gradient[..., None])[..., 0]
            # a whole step can end where all shares round to 0 or 1, and no way leads
            # back
            height = self._log_joint(mode)
            for _ in range(N_HALVINGS):
                worse = ~(self._log_joint(mode + step) >= height)
                step = np.where(worse[:, None], step / 2, step)
            worse = ~(self._log_joint(mode + step) >= height)
            mode = np.where(worse[:, None], mode, mode + step)
        return mode, information

    def _weighed(self, centre: np.ndarray, spread: np.ndarray) -> tuple[Any, Any]:
        """Effects (S, Q, p) at nodes laid out so, and the integral's terms (S, Q)."""
        p = centre.shape[1]
        nodes, logs = _nodes(N_NODES[self.member.likelihood], p)
        logs = logs - 0.5 * p * np.log(2 * np.pi)
        root = np.linalg.cholesky(spread)
        effects = centre[:, None, :] + np.einsum("spq,kq->skp", root, nodes)
        shifts = np.einsum("snp,skp->skn", self.designs, effects)
        course = self.means[:, None] + shifts
        within = self.within[:, :, None]
        values = _log_values(self.member, course, within, self.value, self.top)
        terms = values.sum(axis=-1)
        terms += logs - 0.5 * (effects**2).sum(axis=-1)
        volume = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
        return effects, terms + volume[:, None]

    def log_likelihood(self) -> np.ndarray:
        """Integrate the effects out, (S,)."""
        mode, information = self._mode()
        effects, terms = self._weighed(mode, np.linalg.inv(information))
        for _ in range(N_FURTHER[self.member.likelihood]):
            share = np.exp(terms - logsumexp(terms, axis=1, keepdims=True))
            centre = np.einsum("sk,skp->sp", share, effects)
            apart = effects - centre[:, None]
            spread = np.einsum("sk,skp,skq->spq", share, apart, apart)
            effects, terms = self._weighed(centre, WIDER * spread)
        total: np.ndarray = logsumexp(terms, axis=1)
        return total


def log_likelihood_by_patient(
    member: ExplicitMember, draws: pd.DataFrame, trial: TrialLayout
) -> np.ndarray:
    """Return each patient's log-likelihood, effects integrated out, for each draw.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    draws : DataFrame
        S rows of parameters by name.
    trial : TrialLayout
        N patients; 0 for one without a value.

    Returns
    -------
    ndarray, shape (S, N)
    """
    structure, names = member.structure, parameter_names(member)
    m, of = structure.n_coefficients, trial.outcome_at
    time = trial.visits["time"].to_numpy(dtype=np.float64)
    value = trial.visits["value"].to_numpy(dtype=np.float64)
    tops = [member.maxima.get(k, 0) for k in structure.outcomes]
    top = np.array(tops, dtype=np.float64)[of]
    # by which the coefficients of a value's patient make up its course
    powers = np.zeros((len(value), structure.n_random))
    for power in range(m):
        powers[np.arange(len(value)), of * m + power] = time**power
    patients = PatientDesign.of(
        structure, list(trial.patients["arm"]), trial.covariates(structure)
    )
    means, factors, within = [], [], []
    for row in draws[names].to_numpy():
        named = dict(zip(names, row, strict=True))
        true = course_parameters(member, named)
        coefficients = mean_coefficients(structure, true, patients)
        means.append(trial.values_on(coefficients))
        factors.append(true.sd_random[:, None] * np.linalg.cholesky(true.correlation))
        within.append(within_values(member, named)[:, of])
    mean, factor = np.stack(means), np.stack(factors)
    spread = np.stack(within, axis=1)
    result = np.zeros((len(draws), trial.n_patients))
    for i in range(trial.n_patients):
        mine = np.flatnonzero(trial.patient_at == i)
        if mine.size:
            designs = np.einsum("np,spq->snq", powers[mine], factor)
            result[:, i] = _Patient(
                member,
                mean[:, mine],
                designs,
                spread[:, :, mine],
                value[mine],
                top[mine],
            ).log_likelihood()
    return result
