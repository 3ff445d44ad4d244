"""The hierarchical model of decline: which outcomes and arms, and its priors.

One family serves one outcome (``single``) and several (``joint``): patient i's
coefficients for all outcomes are multivariate normal about means that share the
baseline between arms and let each arm change the slope,

    y_ikj = a_k + u_ik + (b_k + d_k[arm] + v_ik) t_ij + e_ikj,

with t in months from the time origin. Residuals are independent between outcomes.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

N_COEFFICIENTS = 2
"""Random coefficients of an outcome: intercept and slope."""


@dataclasses.dataclass(frozen=True)
class OutcomePrior:
    """Priors of one outcome, in its own units and months.

    Attributes
    ----------
    intercept_mean, intercept_sd : float
        Normal prior of the mean at time zero.
    slope_mean, slope_sd : float
        Normal prior of the reference arm's mean slope, per month.
    effect_sd : float or None
        Normal prior, about zero, of each other arm's difference in slope; None where
        there is one arm alone.
    sd_intercept, sd_slope, sd_residual : float
        Scales of half-normal priors: between patients, and within.
    """

    intercept_mean: float
    intercept_sd: float
    slope_mean: float
    slope_sd: float
    effect_sd: float | None
    sd_intercept: float
    sd_slope: float
    sd_residual: float


@dataclasses.dataclass(frozen=True)
class Structure:
    """Which outcomes and arms a model has; everything else follows from it.

    Attributes
    ----------
    outcomes : tuple of str
        Outcome ids, K of them.
    reference : str
        The arm that the others are compared with.
    arms : tuple of str
        The other arms; none where there is one arm alone.
    """

    outcomes: tuple[str, ...]
    reference: str
    arms: tuple[str, ...]

    @property
    def n_random(self) -> int:
        """Number p of random coefficients of a patient, over all outcomes."""
        return N_COEFFICIENTS * len(self.outcomes)

    @property
    def n_partial(self) -> int:
        """Number of correlations between them."""
        return self.n_random * (self.n_random - 1) // 2

    @property
    def coefficient_names(self) -> list[str]:
        """Names of the fixed effects, F of them, in the model's order."""
        return [
            name
            for k in self.outcomes
            for name in (
                f"intercept[{k}]",
                f"slope[{k}]",
                *(f"effect[{k},{arm}]" for arm in self.arms),
            )
        ]

    @property
    def scale_names(self) -> list[str]:
        """Names of the SDs: between patients by outcome, then residual."""
        between = [
            f"{name}[{k}]"
            for k in self.outcomes
            for name in ("sd_intercept", "sd_slope")
        ]
        return between + [f"sd_residual[{k}]" for k in self.outcomes]

    @property
    def random_names(self) -> list[str]:
        """Names of a patient's coefficients, outcome by outcome."""
        return [f"{name}:{k}" for k in self.outcomes for name in ("intercept", "slope")]

    @property
    def correlation_names(self) -> list[str]:
        """Names of the correlations, row by row below the diagonal."""
        names = self.random_names
        return [
            f"correlation[{names[i]},{names[j]}]"
            for i in range(len(names))
            for j in range(i)
        ]

    @property
    def parameter_names(self) -> list[str]:
        """All names, in the order of an unconstrained point."""
        return self.coefficient_names + self.scale_names + self.correlation_names


def prior_vectors(
    structure: Structure, priors: Mapping[str, OutcomePrior], lkj_shape: float
) -> dict[str, np.ndarray]:
    """Lay the priors out in the model's order.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    priors : mapping of str to OutcomePrior
        By outcome.
    lkj_shape : float
        Shape of the LKJ prior of the correlation matrix. Its canonical partial
        correlations are independent, (1 + r) / 2 ~ Beta(b, b) with
        b = shape + (p - 1 - k) / 2 for the k-th conditioning level, k = 1, ...
        (Lewandowski, Kurowicka and Joe 2009, section 2.4).

    Returns
    -------
    dict of str to ndarray
        ``coefficient_mean``, ``coefficient_sd`` (F,), ``scale_sd`` (p + K,),
        ``partial_shape`` (p * (p - 1) / 2,).

    Raises
    ------
    ValueError
        If there are effects, but an outcome without a prior for them.
    """
    chosen = [priors[k] for k in structure.outcomes]
    mean, sd = [], []
    for outcome, p in zip(structure.outcomes, chosen, strict=True):
        mean.append([p.intercept_mean, p.slope_mean, *[0.0 for _ in structure.arms]])
        sd.append([p.intercept_sd, p.slope_sd])
        for arm in structure.arms:
            if p.effect_sd is None:
                raise ValueError(f"no prior of the effect of {arm!r} on {outcome!r}")
            sd[-1].append(p.effect_sd)
    between = [scale for p in chosen for scale in (p.sd_intercept, p.sd_slope)]
    dimension = structure.n_random
    levels = [j + 1 for i in range(dimension) for j in range(i)]
    return {
        "coefficient_mean": np.concatenate(mean),
        "coefficient_sd": np.concatenate(sd),
        "scale_sd": np.array(between + [p.sd_residual for p in chosen]),
        "partial_shape": np.array(
            [lkj_shape + (dimension - 1 - level) / 2 for level in levels]
        ),
    }


def start_point(priors: Mapping[str, np.ndarray]) -> np.ndarray:
    """Unconstrained point at the centre of the priors, where chains start."""
    return np.concatenate(
        [
            priors["coefficient_mean"],
            np.log(priors["scale_sd"]),
            np.zeros_like(priors["partial_shape"]),
        ]
    )
