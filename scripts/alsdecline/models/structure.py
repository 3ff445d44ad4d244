r"""The hierarchical model of decline: which outcomes and arms, and its priors.

One family serves one outcome (``single``) and several (``joint``): patient i's
coefficients for all outcomes are multivariate normal about means that share the
baseline between arms and let each arm change the slope,

    y_ikj = a_k + u_ik + (b_k + d_k[arm] + v_ik) t_ij + e_ikj,

with t the time since the origin. Residuals are independent between outcomes.
Further members add to it:

* covariates, centred, that shift a patient's intercept and slope;
* ``curved``: a term in t^2 with its own arm effects and its own variation;
* ``ratio``: the patient's whole slope times exp(theta_k[arm]), in place of d_k;
* variances by arm: SDs of slopes and residuals times a factor of the arm. Those at time
  zero are of randomised arms alike.
"""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class ModelPrior:
    """Priors of one outcome, in its own units and a unit of time.

    Attributes
    ----------
    intercept_mean, intercept_sd : float
        Normal prior of the mean at time zero.
    slope_mean, slope_sd : float
        Normal prior of the reference arm's mean slope, per unit of time.
    effect_sd : float or None
        Normal prior of each other arm's difference in slope; None where there is one
        arm alone.
    sd_intercept, sd_slope, sd_residual : float
        Scales of half-normal priors: between patients, and within.
    covariate_sd, covariate_slope_sd : float or mapping of str to float
        Normal priors, about zero, of a covariate's effect on intercept and slope, per
        unit of the covariate; one for all covariates, or by covariate.
    curvature_sd, effect_curvature_sd, sd_curvature : float
        Normal priors, about zero, of the mean term in t^2 and of each arm's difference
        in it, per squared unit of time; scale of the half-normal prior of its SD.
    log_ratio_sd : float
        Normal prior of the logarithm of a ratio of slopes.
    log_sd_ratio_sd : float
        Normal prior, about zero, of the logarithm of a ratio of SDs between arms.
    effect_mean, log_ratio_mean : float
        Where the priors of an effect and of a logarithm of a ratio are centred.
    benefit : int
        1 where a larger slope is better, else -1: an effect times this is a benefit.
    """

    intercept_mean: float
    intercept_sd: float
    slope_mean: float
    slope_sd: float
    effect_sd: float | None
    sd_intercept: float
    sd_slope: float
    sd_residual: float
    covariate_sd: float | Mapping[str, float] = 1.0
    covariate_slope_sd: float | Mapping[str, float] = 1.0
    curvature_sd: float = 1.0
    effect_curvature_sd: float = 1.0
    sd_curvature: float = 1.0
    log_ratio_sd: float = 0.35
    log_sd_ratio_sd: float = 0.35
    effect_mean: float = 0.0
    log_ratio_mean: float = 0.0
    benefit: int = 1


@dataclasses.dataclass(frozen=True)
class Term:
    """A fixed effect: what it is of, where it acts, and its normal prior.

    Attributes
    ----------
    name : str
        As draws have it.
    column : int
        Column of the patients' weights that it multiplies: 0 of ones, then an
        indicator for each arm but the reference, then the covariates.
    coefficient : int
        The patient's coefficient that it is added to.
    mean, sd : str
        Attributes of :class:`ModelPrior` that give its prior; no mean is 0.
    covariate : str
        The covariate that it is an effect of, if any.
    """

    name: str
    column: int
    coefficient: int
    mean: str
    sd: str
    covariate: str = ""


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
    covariates : tuple of str
        Names of patients' covariates.
    curved : bool
        Whether there is a term in t^2.
    ratio : bool
        Whether an arm multiplies the patient's slope instead of adding to it.
    variances_by_arm : bool
        Whether SDs differ between arms.
    """

    outcomes: tuple[str, ...]
    reference: str
    arms: tuple[str, ...]
    covariates: tuple[str, ...] = ()
    curved: bool = False
    ratio: bool = False
    variances_by_arm: bool = False

    @property
    def coefficients(self) -> tuple[str, ...]:
        """Names of a patient's coefficients of one outcome, m of them."""
        return ("intercept", "slope", "curvature")[: 3 if self.curved else 2]

    @property
    def n_coefficients(self) -> int:
        """Number m of a patient's coefficients of one outcome."""
        return len(self.coefficients)

    @property
    def n_random(self) -> int:
        """Number p of random coefficients of a patient, over all outcomes."""
        return self.n_coefficients * len(self.outcomes)

    @property
    def n_partial(self) -> int:
        """Number of correlations between them."""
        return self.n_random * (self.n_random - 1) // 2

    def terms_of(self, k: int) -> list[Term]:
        """Return the fixed effects of one outcome."""
        outcome, start = self.outcomes[k], k * self.n_coefficients
        terms = [
            Term(f"intercept[{outcome}]", 0, start, "intercept_mean", "intercept_sd"),
            Term(f"slope[{outcome}]", 0, start + 1, "slope_mean", "slope_sd"),
        ]
        if self.curved:
            name = f"curvature[{outcome}]"
            terms.append(Term(name, 0, start + 2, "", "curvature_sd"))
        effects = ("effect", "effect_curvature")[: self.n_coefficients - 1]
        for at, name in enumerate(() if self.ratio else effects, start=1):
            mean = "effect_mean" if name == "effect" else ""
            terms += [
                Term(f"{name}[{outcome},{arm}]", 1 + a, start + at, mean, f"{name}_sd")
                for a, arm in enumerate(self.arms)
            ]
        for c, covariate in enumerate(self.covariates):
            column = 1 + len(self.arms) + c
            of = f"[{outcome},{covariate}]"
            terms += [
                Term(f"{name}{of}", column, start + at, "", f"{name}_sd", covariate)
                for at, name in enumerate(("covariate", "covariate_slope"))
            ]
        return terms

    @property
    def terms(self) -> list[Term]:
        """Fixed effects, F of them, outcome by outcome."""
        return [term for k in range(len(self.outcomes)) for term in self.terms_of(k)]

    @property
    def effect_positions(self) -> list[list[int]]:
        """Where the effects on the slopes stand among the coefficients, (A, K).

        Empty where arms multiply slopes.
        """
        if self.ratio:
            return []
        names = [term.name for term in self.terms]
        return [
            [names.index(f"effect[{outcome},{arm}]") for outcome in self.outcomes]
            for arm in self.arms
        ]

    @property
    def factor_names(self) -> list[str]:
        """Names of the logarithms of factors between arms, in the kernel's order."""
        names = []
        if self.ratio:
            names += [
                f"log_ratio[{k},{arm}]" for arm in self.arms for k in self.outcomes
            ]
        if self.variances_by_arm:
            varying = [*self.coefficients[1:], "residual"]
            names += [
                f"log_sd_ratio[{name}:{k},{arm}]"
                for arm in self.arms
                for k in self.outcomes
                for name in varying
            ]
        return names

    @property
    def coefficient_names(self) -> list[str]:
        """Names of all parameters with normal priors, in the model's order."""
        return [term.name for term in self.terms] + self.factor_names

    @property
    def scale_names(self) -> list[str]:
        """Names of the SDs: between patients by outcome, then residual."""
        between = [
            f"sd_{name}[{k}]" for k in self.outcomes for name in self.coefficients
        ]
        return between + [f"sd_residual[{k}]" for k in self.outcomes]

    @property
    def random_names(self) -> list[str]:
        """Names of a patient's coefficients, outcome by outcome."""
        return [f"{name}:{k}" for k in self.outcomes for name in self.coefficients]

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
