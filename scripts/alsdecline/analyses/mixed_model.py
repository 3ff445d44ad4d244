r"""Linear mixed model with one grouping factor, by restricted maximum likelihood.

For group :math:`i`, :math:`y_i = X_i \beta + Z_i b_i + \varepsilon_i` with
:math:`b_i \sim N(0, \sigma^2 \Lambda \Lambda')`, :math:`\Lambda` lower triangular, and
:math:`\varepsilon_i \sim N(0, \sigma^2 I)`. The best :math:`\beta` and :math:`\sigma`
given :math:`\Lambda` are known, and the REML criterion (-2 log-likelihood) is

.. math:: d(\Lambda) = \log|V| + \log|X' V^{-1} X|
   + (n - p) [1 + \log(2 \pi r^2 / (n - p))],

with :math:`V = I + Z \Lambda \Lambda' Z'` and :math:`r^2` the generalised residual sum
of squares (Bates, Maechler, Bolker and Walker, J Stat Softw 2015; 67(1), eq. 42). It is
computed by orthogonal transformations, group by group (Pinheiro and Bates,
Mixed-Effects Models in S and S-PLUS, 2000, section 2.2), and minimised by its gradient.
Smooth and even in :math:`\Lambda`, it needs no bound at a variance of zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg

from alsdecline.analyses.kenward_roger import kenward_roger
from alsdecline.analyses.linear_model import Floats, dependent_columns, t_inference
from alsdecline.analyses.reml import Integers, best_factor, condense, profile
from alsdecline.faults import DataError

type Rule = Literal["kenward_roger", "inner_outer"]

type Columns = pd.DataFrame | Mapping[str, npt.ArrayLike]


@dataclass(frozen=True, slots=True, eq=False)
class MixedModelFit:
    """A linear mixed model fitted by REML; units are those of response and columns.

    Attributes
    ----------
    names : tuple of str
        Fixed effects.
    estimate : ndarray, shape (n_fixed,)
        Their estimates.
    covariance : ndarray, shape (n_fixed, n_fixed)
        Covariance of the estimates, the variances taken as known.
    standard_error, degrees_of_freedom : ndarray, shape (n_fixed,)
        What they are tested by, as the rule has them.
    random_names : tuple of str
        Random effects.
    random_covariance : ndarray, shape (q, q)
        Their covariance between groups.
    residual_sd : float
        Residual standard deviation.
    reml_log_likelihood : float
        As in lme4 and nlme, whose REML criterion is -2 times this.
    aic : float
        As in nlme: the criterion plus twice the number of fixed effects, variances and
        covariances. Only models with the same fixed effects can be compared by it.
    """

    names: tuple[str, ...]
    estimate: Floats
    covariance: Floats
    standard_error: Floats
    degrees_of_freedom: Floats | Integers
    random_names: tuple[str, ...]
    random_covariance: Floats
    residual_sd: float
    reml_log_likelihood: float
    aic: float


def _matrix(columns: Columns, n: int) -> tuple[tuple[str, ...], Floats]:
    named = {str(k): np.asarray(v, dtype=np.float64) for k, v in columns.items()}
    for name, values in named.items():
        if values.shape != (n,):
            raise ValueError(f"column {name!r} has shape {values.shape}, not ({n},)")
        if not np.isfinite(values).all():
            row = int(np.flatnonzero(~np.isfinite(values))[0])
            raise DataError(
                f"{name!r} of observation {row} is {values[row]}: correct it or leave "
                "the observation out"
            )
    return tuple(named), np.column_stack(list(named.values()))


def _group_codes(groups: npt.ArrayLike, n: int) -> Integers:
    labels = np.asarray(groups, dtype=object)
    if labels.shape != (n,):
        raise ValueError(f"groups {labels.shape} for {n} observations: one each")
    codes, found = pd.factorize(labels)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise DataError(f"the group of observation {row} is missing: name it")
    if len(found) < 2:
        raise DataError(f"{len(found)} group(s): a mixed model needs at least two")
    return codes.astype(np.int64)


def inner_outer_df(fixed: Floats, codes: Integers) -> Integers:
    """Give degrees of freedom of fixed effects by the inner-outer rule.

    A column that is constant within every group is outer: it has as many as there are
    groups, less outer columns and the intercept. Any other is inner: observations less
    groups and inner columns (Pinheiro and Bates 2000, p. 91). The intercept takes the
    larger, as in nlme. Without an intercept nlme gives inner columns one more than
    the book; this does not.

    Parameters
    ----------
    fixed : ndarray, shape (n, p)
        Columns of the fixed effects.
    codes : ndarray of int, shape (n,)
        Group of each row, from 0.

    Returns
    -------
    ndarray of int, shape (p,)
        Below one where the data leave nothing to judge a column by.
    """
    n_groups = int(codes.max()) + 1
    by_group = pd.DataFrame(fixed).groupby(codes)
    outer = (by_group.max() == by_group.min()).all().to_numpy()
    df_outer = n_groups - int(outer.sum())
    df_inner = len(fixed) - n_groups - int((~outer).sum())
    df: Integers = np.where(outer, df_outer, df_inner)
    df[np.ptp(fixed, axis=0) == 0.0] = max(df_outer, df_inner)
    return df


def _tested_by_inner_outer(
    names: tuple[str, ...], x: Floats, codes: Integers
) -> Integers:
    """Return degrees of freedom, or refuse effects that have none."""
    df = inner_outer_df(x, codes)
    if (df < 1).any():
        lacking = ", ".join(np.array(names)[df < 1])
        raise DataError(f"no degrees of freedom for {lacking}: use fewer fixed effects")
    return df


def fit_mixed_model(
    response: npt.ArrayLike,
    fixed: Columns,
    groups: npt.ArrayLike,
    random: Columns,
    rule: Rule = "kenward_roger",
) -> MixedModelFit:
    """Fit a linear mixed model with correlated random effects by REML.

    Parameters
    ----------
    response : array_like, shape (n,)
        Outcome of each observation.
    fixed : DataFrame or mapping of str to array_like, shape (n,)
        Columns of the fixed effects, with the intercept where there is to be one.
    groups : array_like, shape (n,)
        Group (patient) of each observation, in any order.
    random : DataFrame or mapping of str to array_like, shape (n,)
        Columns of the random effects.
    rule : {"kenward_roger", "inner_outer"}
        What the fixed effects are tested by: Kenward and Roger's adjusted standard
        errors and degrees of freedom, or nlme's, which takes the variances as known
        and degrees of freedom by :func:`inner_outer_df`.

    Returns
    -------
    MixedModelFit
        The fit; a variance of zero is one of the values it may have.

    Raises
    ------
    DataError
        If a value is missing or not finite, columns are linearly dependent, there are
        fewer than two groups, or degrees of freedom or residual variance are lacking.
    ValueError
        If shapes differ.
    """
    n = np.size(response)
    y = _matrix({"response": response}, n)[1][:, 0]
    names, x = _matrix(fixed, n)
    random_names, z = _matrix(random, n)
    codes = _group_codes(groups, n)
    for kind, columns, design in (("fixed", names, x), ("random", random_names, z)):
        if dependent := dependent_columns(design, columns):
            raise DataError(
                f"{kind} effects {', '.join(dependent)} cannot be told apart (linearly "
                "dependent columns): leave one out"
            )
    df: Floats | Integers | None = (
        _tested_by_inner_outer(names, x, codes) if rule == "inner_outer" else None
    )
    # neither units nor what the fixed effects explain bear on the criterion's minimum
    ordinary = np.linalg.lstsq(x, y)[0]
    unit_y = np.linalg.norm(y) or 1.0
    unit_z = np.sqrt(np.mean(z**2, axis=0))
    data = condense(z / unit_z, x, (y - x @ ordinary) / unit_y, codes)
    factor = best_factor(data)
    best = profile(factor, data)
    sd = best.residual_sd * unit_y
    root = sd * linalg.solve_triangular(best.fixed_root, np.eye(len(names)))
    scale = sd * factor / unit_z[:, None]
    covariance, random_covariance = root @ root.T, scale @ scale.T
    tested = covariance
    if df is None:
        tested, df = kenward_roger(x, z, codes, random_covariance, sd**2)
    criterion = best.criterion + 2.0 * (n - len(names)) * np.log(unit_y)
    n_parameters = len(names) + best.gradient.size + 1
    return MixedModelFit(
        names=names,
        estimate=ordinary + best.fixed * unit_y,
        covariance=covariance,
        standard_error=np.sqrt(np.diag(tested)),
        degrees_of_freedom=df,
        random_names=random_names,
        random_covariance=random_covariance,
        residual_sd=sd,
        reml_log_likelihood=-criterion / 2.0,
        aic=criterion + 2.0 * n_parameters,
    )


def parameter_table(fit: MixedModelFit, level: float) -> pd.DataFrame:
    """List the parameters of a fit.

    Parameters
    ----------
    fit : MixedModelFit
        The fit.
    level : float
        Confidence level of the intervals, above 0 and below 1.

    Returns
    -------
    DataFrame
        Columns ``parameter``, ``estimate``, ``se``, ``df``, ``lower``, ``upper`` and
        ``p_value``. First the fixed effects, by Student's t; then, with an estimate
        only, ``sd(...)`` and ``cor(...,...)`` of the random effects (no correlation
        with one that does not vary), ``sd(residual)``, ``reml_log_likelihood`` and
        ``aic``.
    """
    fixed = t_inference(fit.estimate, fit.standard_error, fit.degrees_of_freedom, level)
    fixed.insert(0, "parameter", fit.names)
    sd = np.sqrt(np.diag(fit.random_covariance))
    further = {f"sd({n})": s for n, s in zip(fit.random_names, sd, strict=True)}
    for i, j in combinations(range(len(sd)), 2):
        product = sd[i] * sd[j]
        further[f"cor({fit.random_names[i]},{fit.random_names[j]})"] = (
            fit.random_covariance[i, j] / product if product else np.nan
        )
    further["sd(residual)"] = fit.residual_sd
    further["reml_log_likelihood"] = fit.reml_log_likelihood
    further["aic"] = fit.aic
    rest = pd.DataFrame(
        {"parameter": list(further), "estimate": list(further.values())}
    )
    return pd.concat([fixed, rest], ignore_index=True).drop(columns="t")
