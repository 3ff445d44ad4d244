"""Settings of the models of decline: which, on which outcomes, and their priors.

The descriptions are what a wrong setting's message shows, so they say what is
permitted.
"""

from typing import Literal

from pydantic import Field

from alsdecline.settings.members import ModelledOutcomes
from alsdecline.settings.section import Section


class Covariate(Section):
    """A characteristic by which patients' intercepts and slopes may differ."""

    column: str = Field(
        min_length=1,
        description="Column of the subjects file, one of its `characteristics`. A "
        "number is centred at the mean of the patients analysed.",
    )
    levels: list[str] = Field(
        default_factory=list,
        description="Values of a category, the one that the others are compared with "
        "first; none of a number.",
    )


class Models(ModelledOutcomes):
    """Which models are fitted on which outcomes."""

    covariates: list[Covariate] = Field(
        default_factory=list,
        description="Characteristics that shift intercepts and slopes in every model; "
        "each has its `covariates` prior for every outcome.",
    )
    variances_by_arm: bool = Field(
        default=False,
        description="Whether SDs of slopes and residuals differ between arms; not in "
        "`robust` and `bounded`.",
    )


class Normal(Section):
    """A normal prior."""

    mean: float = Field(description="Mean.")
    sd: float = Field(gt=0, description="Standard deviation, above 0.")


class Basis(Section):
    """What a prior rests on."""

    source: str = Field(
        default="",
        description="Where its numbers come from: a study, a registry. 'proposed' as "
        "its first word: from nobody yet, which the report says.",
    )
    reason: str = Field(
        default="", description="Why they hold for the patients of this trial."
    )

    @property
    def stated(self) -> bool:
        """Whether both are said; else the report calls the prior an assumption."""
        return bool(self.source and self.reason)


class CovariatePrior(Section):
    """Priors of a covariate's effects, per unit of it, or of a level of a category."""

    baseline_sd: float = Field(
        gt=0,
        description="SD of the normal prior, about 0, of its effect on the value at "
        "time zero, in points.",
    )
    slope_sd: float = Field(
        gt=0,
        description="SD of the normal prior, about 0, of its effect on the slope, in "
        "points a unit of time.",
    )


class OutcomePriors(Section):
    """Priors of one outcome, in its units and per `time_unit`."""

    baseline: Normal = Field(description="Mean at time zero, all arms.")
    slope: Normal = Field(
        description="Mean slope of the reference arm, per unit of time."
    )
    effect_sd: float | None = Field(
        default=None,
        gt=0,
        description="SD of the normal prior, about 0, of an effect on the slope; "
        "needed unless there is one arm alone.",
    )
    sd_baseline: float = Field(
        gt=0, description="Scale of the half-normal prior of the SD at time zero."
    )
    sd_slope: float = Field(
        gt=0, description="Scale of the half-normal prior of the SD of slopes."
    )
    sd_residual: float = Field(
        gt=0, description="Scale of the half-normal prior of the residual SD."
    )
    log_ratio_sd: float = Field(
        default=0.35,
        gt=0,
        description="Of `ratio`: SD of the normal prior, about 0, of the logarithm of "
        "the ratio of slopes.",
    )
    curvature_sd: float | None = Field(
        default=None,
        gt=0,
        description="Of `curved`: SD of the normal priors, about 0, of the mean term "
        "in the square of time and of an arm's effect on it, points a squared unit.",
    )
    sd_curvature: float | None = Field(
        default=None,
        gt=0,
        description="Of `curved`: scale of the half-normal prior of the SD of that "
        "term between patients.",
    )
    log_sd_ratio_sd: float | None = Field(
        default=None,
        gt=0,
        description="Of `variances_by_arm`: SD of the normal prior, about 0, of the "
        "logarithm of a ratio of SDs between arms.",
    )
    covariates: dict[str, CovariatePrior] = Field(
        default_factory=dict,
        description="Priors by the column of each of the models' covariates.",
    )
    basis: dict[str, Basis] = Field(
        default_factory=dict,
        description="Source and reason of each prior of this outcome, by its key "
        "above. One without both is an unsourced assumption, which the report counts.",
    )


class PriorAlternative(Section):
    """A named alternative prior: factors on the priors' SDs and scales, and centres."""

    baseline: float = Field(
        default=1,
        gt=0,
        description="Factor on the baseline SD and the covariates' baseline_sd.",
    )
    slope: float = Field(
        default=1,
        gt=0,
        description="Factor on the slope's SD, the covariates' slope_sd, and "
        "curvature_sd of the reference arm.",
    )
    effect: float = Field(
        default=1,
        gt=0,
        description="Factor on effect_sd, log_ratio_sd, and curvature_sd of an arm's "
        "effect.",
    )
    between: float = Field(
        default=1,
        gt=0,
        description="Factor on sd_baseline, sd_slope and sd_curvature.",
    )
    residual: float = Field(default=1, gt=0, description="Factor on sd_residual.")
    slowing: float = Field(
        default=0,
        gt=-1,
        lt=1,
        description="Where the effect is centred: the share of the reference arm's "
        "mean slope that it takes away, as the slope's prior has it. 0: no effect.",
    )
    effect_correlation: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="In place of the plan's `effect_correlation`.",
    )


class Priors(Section):
    """The priors, by outcome."""

    correlation_lkj: float = Field(
        gt=0, description="Shape of the LKJ prior of the random effects' correlations."
    )
    effect_correlation: float = Field(
        default=0.5,
        ge=0,
        lt=1,
        description="Of `joint`: correlation a priori of an arm's effects on the "
        "outcomes, as benefits. 0: a benefit in one says nothing of the others.",
    )
    basis: dict[Literal["correlation_lkj", "effect_correlation"], Basis] = Field(
        default_factory=dict,
        description="Source and reason of the two correlations, by their keys above.",
    )
    outcomes: dict[str, OutcomePriors] = Field(description="Priors by outcome id.")
    alternatives: dict[str, PriorAlternative] = Field(
        description="Alternative priors by name; 'weak' is shown beside the primary."
    )
