"""A model's priors laid out in the order of its parameters, and their centre."""

from collections.abc import Mapping

import numpy as np

from alsdecline.models.structure import ModelPrior, Structure, Term


def _prior_of(term: Term, prior: ModelPrior) -> tuple[float, float]:
    sd = getattr(prior, term.sd)
    if isinstance(sd, Mapping):
        sd = sd.get(term.covariate)
    if sd is None:
        raise ValueError(f"no prior of {term.name!r}")
    return (getattr(prior, term.mean) if term.mean else 0.0), sd


def prior_vectors(
    structure: Structure,
    priors: Mapping[str, ModelPrior],
    lkj_shape: float,
    effect_correlation: float | None = None,
) -> dict[str, np.ndarray]:
    """Lay the priors out in the model's order.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    priors : mapping of str to ModelPrior
        By outcome.
    lkj_shape : float
        Shape of the LKJ prior of the correlation matrix. Its canonical partial
        correlations are independent, (1 + r) / 2 ~ Beta(b, b) with
        b = shape + (p - 1 - k) / 2 for the k-th conditioning level, k = 1, ...
        (Lewandowski, Kurowicka and Joe 2009, section 2.4).
    effect_correlation : float, optional
        As :func:`effect_correlations` takes it; effects are independent without.

    Returns
    -------
    dict of str to ndarray
        ``coefficient_mean``, ``coefficient_sd`` (as ``coefficient_names``),
        ``scale_sd`` (p + K,), ``partial_shape`` (p * (p - 1) / 2,); with a correlation
        of effects on several outcomes ``effect_precision`` (K * K,), the inverse
        of their correlations, row by row.

    Raises
    ------
    ValueError
        If there are effects, but an outcome without a prior for them.
    """
    normal = [
        _prior_of(term, priors[outcome])
        for k, outcome in enumerate(structure.outcomes)
        for term in structure.terms_of(k)
    ]
    per_arm = len(structure.arms)
    if structure.ratio:
        ratios = [
            (priors[k].log_ratio_mean, priors[k].log_ratio_sd)
            for k in structure.outcomes
        ]
        normal += ratios * per_arm
    if structure.variances_by_arm:
        varying = structure.n_coefficients  # slope and further ones, and residual
        sds = [(0.0, priors[k].log_sd_ratio_sd) for k in structure.outcomes]
        normal += [pair for pair in sds for _ in range(varying)] * per_arm
    between = [
        getattr(priors[k], f"sd_{name}")
        for k in structure.outcomes
        for name in structure.coefficients
    ]
    dimension = structure.n_random
    levels = [j + 1 for i in range(dimension) for j in range(i)]
    mean, sd = zip(*normal, strict=True)
    together = {}
    several = structure.effect_positions and len(structure.outcomes) > 1
    if several and effect_correlation is not None:
        correlations = effect_correlations(structure, priors, effect_correlation)
        together = {"effect_precision": np.linalg.inv(correlations).ravel()}
    return together | {
        "coefficient_mean": np.array(mean),
        "coefficient_sd": np.array(sd, dtype=np.float64),
        "scale_sd": np.array(
            between + [priors[k].sd_residual for k in structure.outcomes]
        ),
        "partial_shape": np.array(
            [lkj_shape + (dimension - 1 - level) / 2 for level in levels]
        ),
    }


def effect_correlations(
    structure: Structure, priors: Mapping[str, ModelPrior], correlation: float
) -> np.ndarray:
    """Return the correlations of an arm's effects on the outcomes a priori.

    Parameters
    ----------
    structure : Structure
        Outcomes, K of them.
    priors : mapping of str to ModelPrior
        By outcome, with the direction of benefit.
    correlation : float
        Of two effects as benefits, each in units of its own SD; from 0 to below 1.

    Returns
    -------
    ndarray, shape (K, K)
        Of the effects as slopes have them, so that scales may run either way.
    """
    benefit = np.array([priors[k].benefit for k in structure.outcomes], np.float64)
    shared = correlation * np.outer(benefit, benefit)
    np.fill_diagonal(shared, 1.0)
    return shared


def start_point(priors: Mapping[str, np.ndarray]) -> np.ndarray:
    """Unconstrained point at the centre of the priors, where chains start."""
    return np.concatenate(
        [
            priors["coefficient_mean"],
            np.log(priors["scale_sd"]),
            np.zeros_like(priors["partial_shape"]),
        ]
    )
