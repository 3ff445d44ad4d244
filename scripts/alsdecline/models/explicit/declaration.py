r"""Members of the family that are not Gaussian, with the patients' effects explicit.

The course of patient i is that of :mod:`alsdecline.models.structure`, on a scale of
its own:

    eta_ikj = sum_c (mu_ikc + u_ikc) t_ij^c,   u_i = L z_i,   z_i ~ N(0, I),

where mu are the same sums of intercept, slope, effects of arms and of covariates, and
L = diag(sd) C with C from partial correlations. The z are parameters: not centred.

``robust``
    y = eta + s_k e, e Student-t with nu_k degrees of freedom; s_k is the scale, not the
    SD, which is s_k sqrt(nu / (nu - 2)). nu ~ Gamma(2, 0.1) (Juarez and Steel 2010),
    cut at 2: the SD is then finite, and values that a line hits exactly need to
    outnumber the others two to one before the density is unbounded as s_k falls to 0.
``bounded``
    y of 0, ..., n_k is beta-binomial with mean n_k p, p = inv_logit(eta), and
    concentration phi_k: the shares have Beta(p phi, (1 - p) phi). The parameter is the
    overdispersion d = phi^(-1/2), 0 in the binomial limit, that is
    Var(y) = n p (1 - p) (1 + (n - 1) d^2 / (1 + d^2)).

    A beta-binomial varies at least as much as a binomial: with n = 63 and mean 45 its
    SD is at least 3.6 points. Where values vary less about the patients' courses, d
    tends to 0 and the intervals are wider than the data warrant.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from alsdecline.models.explicit.member import FREEDOM_LEAST, ExplicitMember


def _correlation_factor(partial: pt.TensorVariable, p: int) -> list[list[Any]]:
    """Rows of the Cholesky factor, as in ``marginal_kernel.correlation_cholesky``."""
    rows, position = [], 0
    for i in range(p):
        row, remaining = [], pt.constant(1.0)
        for _ in range(i):
            share = partial[position]
            row.append((2.0 * share - 1.0) * remaining)
            remaining = remaining * 2.0 * pt.sqrt(share * (1.0 - share))
            position += 1
        rows.append([*row, remaining])
    return rows


def _courses(
    member: ExplicitMember,
    variables: Mapping[str, Any],
    data: Mapping[str, Any],
    n_patients: int,
) -> Any:
    """Course eta of each observation's patient at its time, (n,).

    Sums are written out by column: a library's matrix product may depend on threads.
    """
    structure = member.structure
    p, m = structure.n_random, structure.n_coefficients
    factor = _correlation_factor(variables["partial"], p)

    def column(vector: Any, number: int) -> Any:
        return vector[number * n_patients : (number + 1) * n_patients]

    own = [
        variables["scale"][i]
        * sum(factor[i][j] * column(variables["standard"], j) for j in range(i + 1))
        for i in range(p)
    ]
    for f, term in enumerate(structure.terms):
        weight = column(data["weights"], term.column)
        own[term.coefficient] += weight * variables["coefficient"][f]
    table, start = pt.concatenate(own), data["first"].astype("int64")
    course = table[start + (m - 1) * n_patients]
    for power in range(m - 2, -1, -1):
        course = table[start + power * n_patients] + course * data["time"]
    return course


def _log_rising(x: Any, k: Any) -> Any:
    """Return log Gamma(x + k) - log Gamma(x) for x >= 1, k >= 0, to 1e-10.

    Stirling's series at x + 3, brought back by the recurrence. Two log-gammas would
    cancel at large x, which is where robust nears the normal and bounded the binomial,
    and numba has no derivative of theirs.
    """

    def series(z: Any) -> Any:
        inverse = 1.0 / z
        square = inverse * inverse
        total = 1 / 156
        for term in (-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12):
            total = term + square * total
        return inverse * total

    y, end = x + 3.0, x + k
    steps = end * (end + 1.0) * (end + 2.0) / (x * (x + 1.0) * (x + 2.0))
    stirling = k * pt.log(y) + (y + k - 0.5) * pt.log1p(k / y) - k
    return stirling + series(y + k) - series(y) - pt.log(steps)


def _robust_log_likelihood(
    course: Any, scale: Any, freedom: Any, data: Mapping[str, Any]
) -> Any:
    """Sum of Student-t log densities; scale and freedom (K,)."""
    of = data["outcome"].astype("int64")
    constant = _log_rising(freedom / 2, 0.5) - 0.5 * pt.log(np.pi * freedom)
    constant = constant - pt.log(scale)
    squares = ((data["value"] - course) / scale[of]) ** 2
    tails = (freedom[of] + 1) / 2 * pt.log1p(squares / freedom[of])
    return pt.sum(constant[of] - tails)


def _bounded_log_likelihood(
    course: Any, overdispersion: Any, data: Mapping[str, Any]
) -> Any:
    """Sum of beta-binomial log probabilities; overdispersion (K,).

    The probability is the binomial coefficient times Gamma(a + y) / Gamma(a) times
    Gamma(b + n - y) / Gamma(b) over Gamma(phi + n) / Gamma(phi), with a = p phi and
    b = (1 - p) phi. The first factor of each, a or b, is taken from eta, so that it
    is finite where p rounds to 0 or 1.
    """
    of, value, top = data["outcome"].astype("int64"), data["value"], data["maximum"]
    phi, log_phi = overdispersion**-2.0, -2.0 * pt.log(overdispersion)

    def points(eta: Any, count: Any) -> Any:
        first = pt.switch(count > 0, log_phi[of] - pt.softplus(-eta), 0.0)
        rest = pt.maximum(count - 1.0, 0.0)
        return first + _log_rising(pt.sigmoid(eta) * phi[of] + 1.0, rest)

    total = log_phi + _log_rising(phi + 1.0, top - 1.0)
    hits = points(course, value) + points(-course, top[of] - value)
    return pt.sum(data["log_choose"] + hits - total[of])


def declare_explicit(
    member: ExplicitMember,
    priors: Mapping[str, np.ndarray],
    data: Mapping[str, np.ndarray],
    n_patients: int,
) -> pm.Model:
    """Declare a member in PyMC.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    priors : mapping of str to ndarray
        From :func:`alsdecline.models.explicit.layout.explicit_priors`.
    data : mapping of str to ndarray
        ``vectors`` of :class:`alsdecline.models.explicit.layout.ExplicitData`.
    n_patients : int
        N.

    Returns
    -------
    pymc.Model
        Free variables ``coefficient``, ``scale`` (SDs, then residual scales or
        overdispersions), ``partial``, ``excess`` (degrees of freedom above 2, of
        ``robust``) and ``standard`` (z, by coefficient, then patient). Priors and data
        are ``pm.Data`` vectors: one compilation serves all trials of N patients.
    """
    structure = member.structure
    p, n_outcomes = structure.n_random, len(structure.outcomes)
    with pm.Model() as model:
        prior = {n: pm.Data(n, v) for n, v in priors.items()}
        observed = {n: pm.Data(n, v) for n, v in data.items()}
        mean, sd = prior["coefficient_mean"], prior["coefficient_sd"]
        shape, n_partial = prior["partial_shape"], structure.n_partial
        n_fixed = len(structure.coefficient_names)
        variables = {
            "coefficient": pm.Normal("coefficient", mean, sd, shape=n_fixed),
            "scale": pm.HalfNormal("scale", prior["scale_sd"], shape=p + n_outcomes),
            "partial": pm.Beta("partial", shape, shape, shape=n_partial),
        }
        if not member.bounded:
            rate = prior["freedom_rate"]
            # Gamma(2, b) cut at 2 has density b^2 (2 + w) exp(-b w) / (1 + 2 b) at
            # 2 + w: an exponential one times b (2 + w) / (1 + 2 b)
            excess = pm.Exponential("excess", rate, shape=n_outcomes)
            freedom = FREEDOM_LEAST + excess
            tilt = pt.log(rate * freedom / (1 + FREEDOM_LEAST * rate))
            pm.Potential("freedom_prior", pt.sum(tilt))
        variables["standard"] = pm.Normal("standard", shape=p * n_patients)
        course = _courses(member, variables, observed, n_patients)
        within = variables["scale"][p:]
        if member.bounded:
            value = _bounded_log_likelihood(course, within, observed)
        else:
            value = _robust_log_likelihood(course, within, freedom, observed)
        pm.Potential("log_likelihood", value)
    return model
