"""Settings of the analyses beside the models of decline: ANCOVA and mixed models."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.section import GivenTimeUnit, Section


class Ancova(Section):
    """An analysis of covariance of one visit."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Short name: lower-case letters, digits, '_'.",
    )
    label: str = Field(min_length=1, description="Label in tables.")
    outcome: str = Field(description="Id of the outcome.")
    week: float = Field(gt=0, description="The scheduled week.")
    response: Literal["change", "value"] = Field(
        description="'change' from baseline, or the 'value' itself."
    )
    carried_forward: bool = Field(
        default=False,
        description="Whether values that `visits: carry_forward` carries are used.",
    )
    population: str = Field(
        default="", description="Flag of a population; empty for all randomised."
    )
    baseline: bool = Field(
        default=True, description="Whether the baseline is a covariate."
    )
    factors: list[str] = Field(
        default_factory=list,
        description="Characteristics or pooled groupings taken as categories.",
    )
    covariates: list[str] = Field(
        default_factory=list, description="Characteristics taken as numbers."
    )
    dose_response: bool = Field(
        default=False,
        description="Whether a linear term in the planned dose is tested.",
    )


class MixedModel(Section):
    """A linear mixed model of an outcome's values over time, by REML."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Short name: lower-case letters, digits, '_'.",
    )
    label: str = Field(min_length=1, description="Label in tables.")
    outcome: str = Field(description="Id of the outcome.")
    population: str = Field(
        default="", description="Flag of a population; empty for all randomised."
    )
    baseline: Literal["response", "covariate"] = Field(
        description="Whether the value at baseline is one of the responses, or a "
        "covariate of those after it."
    )
    arms_differ_at_start: bool = Field(
        default=False, description="Whether arms have intercepts of their own."
    )
    random: list[Literal["intercept", "slope"]] = Field(
        min_length=1, description="Effects that vary between patients."
    )
    time_unit: GivenTimeUnit = Field(
        description="Unit of time that slopes are per: 'days', 'weeks', 'months' or "
        "'years'."
    )
    degrees_of_freedom: Literal["kenward_roger", "inner_outer"] = Field(
        default="kenward_roger",
        description="What effects are tested by: 'kenward_roger', made for few "
        "patients; or 'inner_outer', the rule of R's nlme, to replicate a published "
        "table.",
    )


class Supplementary(Section):
    """Analyses beside the models of decline; none is adjusted for multiplicity."""

    adjusted_for: list[str] = Field(
        default_factory=list,
        description="Prognostic characteristics, named before the data are seen: the "
        "patients' slopes are compared adjusted for them too, by least squares.",
    )
    ancova: list[Ancova] = Field(
        default_factory=list, description="Analyses of covariance, by visit."
    )
    mixed_models: list[MixedModel] = Field(
        default_factory=list, description="Linear mixed models by REML."
    )
