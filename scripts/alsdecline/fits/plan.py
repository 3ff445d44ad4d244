"""What one fit needs of the settings: outcomes, arms, priors, sampler, gates.

A rule passes it to its script as canonical JSON, so that a change of any other
setting does not touch the fit.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from alsdecline.models.structure import Structure
from alsdecline.months import MONTHS_PER_WEEK
from alsdecline.settings.members import (
    BY_OUTCOME,
    HORIZON_MATTERS,
    NOT_GAUSSIAN,
    Member,
)
from alsdecline.settings.models import OutcomePriors, PriorAlternative
from alsdecline.settings.scales import scale_named
from alsdecline.settings.section import Section
from alsdecline.settings.trial import Estimand, Gates, Sampler, Settings

DEFAULT = "default"
"""Name of the prior that the plan gives; the others are alternatives to it."""


class Sum(Section):
    """An outcome that is the sum of fitted ones."""

    id: str = Field(description="Its id.")
    parts: list[str] = Field(description="Ids of what it sums.")


class CovariateTerm(Section):
    """A column of the patients' weights: a number, or the indicator of a level."""

    name: str = Field(description="As draws have it.")
    setting: str = Field(description="The covariate as the settings name it.")
    column: str = Field(description="Column of the subject-level dataset.")
    level: str | None = Field(description="The level it indicates; none of a number.")


class FitPlan(Section):
    """The part of the settings that one fit depends on."""

    trial: str = Field(description="Study identifier, for the seed.")
    model: Member = Field(description="A member of the family.")
    outcomes: list[str] = Field(description="Ids of the outcomes fitted.")
    sums: list[Sum] = Field(description="Sums taken of the draws.")
    better: dict[str, str] = Field(description="Direction of each outcome.")
    reference: str = Field(description="Id of the reference arm.")
    arms: list[str] = Field(description="Ids of the other arms, if any.")
    correlation_lkj: float = Field(description="Shape of the LKJ prior.")
    priors: dict[str, OutcomePriors] = Field(description="Priors of the outcomes.")
    alternatives: dict[str, PriorAlternative] = Field(description="Named factors.")
    sampler: Sampler = Field(description="The sampler.")
    gates: Gates = Field(description="Limits on computation.")
    pairs: list[list[str]] = Field(description="Outcomes whose effects are compared.")
    primary: bool = Field(description="Whether the primary estimand rests on it.")
    leave_out_at_most: int = Field(
        description="Patients up to which each is left out in turn."
    )
    covariates: list[CovariateTerm] = Field(description="Columns of covariates.")
    variances_by_arm: bool = Field(description="Whether SDs differ between arms.")
    maxima: dict[str, int] = Field(description="Highest values of bounded scores.")
    horizon_week: float | None = Field(
        description="Week to which mean slopes are; none where courses are straight."
    )

    @property
    def structure(self) -> Structure:
        """Outcomes, arms and time as the model takes them."""
        return Structure(
            tuple(self.outcomes),
            self.reference,
            tuple(self.arms),
            tuple(term.name for term in self.covariates),
            curved=self.model == "curved",
            ratio=self.model == "ratio",
            variances_by_arm=self.variances_by_arm,
        )

    @property
    def name(self) -> str:
        """Return the fit's name: its model, and the outcome where it has one alone."""
        alone = self.model != "joint"
        return f"{self.model}/{self.outcomes[0]}" if alone else self.model

    @property
    def horizon_months(self) -> float:
        """Months to which mean slopes are; any will do where courses are straight."""
        return (self.horizon_week or 1.0) * MONTHS_PER_WEEK


def covariate_terms(settings: Settings) -> list[CovariateTerm]:
    """Return the columns that the models' covariates make."""
    terms = []
    for covariate in settings.models.covariates:
        name = covariate.column
        levels: list[str] | list[None] = covariate.levels[1:] or [None]
        terms += [
            CovariateTerm(
                name=name if level is None else f"{name}={level}",
                setting=name,
                column=name.upper(),
                level=level,
            )
            for level in levels
        ]
    return terms


def _own_priors(prior: OutcomePriors, model: Member, by_arm: bool) -> OutcomePriors:
    """Leave out the priors that are of other members."""
    update: dict[str, float | None] = {}
    if model != "curved":
        update |= {"curvature_sd": None, "sd_curvature": None}
    if model != "ratio":
        update["log_ratio_sd"] = OutcomePriors.model_fields["log_ratio_sd"].default
    if not by_arm:
        update["log_sd_ratio_sd"] = None
    return prior.model_copy(update=update)


def fit_plan(settings: Settings, model: Member, outcome: str = "") -> FitPlan:
    """Take from the settings what a fit depends on.

    Parameters
    ----------
    settings : Settings
        The configuration.
    model : str
        A member of the family.
    outcome : str
        The outcome, unless the model is ``joint``.

    Returns
    -------
    FitPlan
    """
    joint = model == "joint"
    outcomes = list(settings.models.joint) if joint else [outcome]
    given = settings.joint_outcomes if joint else outcomes
    sums = [
        Sum(id=o.id, parts=o.sum_of)
        for o in settings.outcomes
        if joint and o.id in given and o.sum_of
    ]
    primary = next(e for e in settings.estimands if e.id == settings.primary)
    reference = settings.arms.reference
    scales = {o.id: scale_named(o.scale, settings.scales) for o in settings.outcomes}
    by_arm = settings.models.variances_by_arm and model not in NOT_GAUSSIAN
    maxima = {k: scales[k].maximum for k in outcomes if model == "bounded"}
    return FitPlan(
        trial=settings.trial.id,
        model=model,
        outcomes=outcomes,
        sums=sums,
        better={name: scales[name].better for name in given},
        reference=reference,
        arms=[arm.id for arm in settings.arms.groups if arm.id != reference],
        correlation_lkj=settings.priors.correlation_lkj,
        priors={
            name: _own_priors(settings.priors.outcomes[name], model, by_arm)
            for name in outcomes
        },
        alternatives=settings.priors.alternatives,
        sampler=settings.sampler,
        gates=settings.gates,
        pairs=settings.summaries.equality_of_effects if joint else [],
        primary=primary.model == model and primary.outcome in given,
        leave_out_at_most=settings.influence.patients_at_most,
        covariates=covariate_terms(settings),
        variances_by_arm=by_arm,
        maxima={k: int(top) for k, top in maxima.items() if top is not None},
        horizon_week=(
            settings.summaries.horizon_week if model in HORIZON_MATTERS else None
        ),
    )


def all_fits(settings: Settings) -> list[FitPlan]:
    """Return the plans of all fits: the joint model first, then member by member."""
    plans = [fit_plan(settings, "joint")] if settings.models.joint else []
    return plans + [
        fit_plan(settings, model, outcome)
        for model in BY_OUTCOME
        for outcome in settings.models.by_outcome[model]
    ]


def plan_from_spec(spec: Any) -> FitPlan:
    """Read a plan back from a rule's settings param."""
    return FitPlan.model_validate(spec)


def primary_fit(settings: Settings) -> FitPlan:
    """Return the plan of the fit that the primary estimand rests on."""
    return next(plan for plan in all_fits(settings) if plan.primary)


def estimand_of(
    estimands: Sequence[Estimand], outcome: str, arm: str, quantity: str, model: str
) -> str:
    """Name the estimand that a number is about.

    Parameters
    ----------
    estimands : sequence of Estimand
        Those of the plan.
    outcome, arm : str
        What the number is of; the arm may be the reference.
    quantity : str
        What the number is; only a summary of an estimand can be its estimate.
    model : str
        The model that it comes from; empty where it comes from none.

    Returns
    -------
    str
        The id of the estimand that it estimates, or ``supplements`` and the id of the
        one that it is beside; empty where the outcome has none.
    """
    mine = [e for e in estimands if e.outcome == outcome]
    if not mine:
        return ""
    nearest = max(
        mine,
        key=lambda e: (e.treatment == arm, e.summary == quantity, e.model == model),
    )
    if (nearest.treatment, nearest.summary, nearest.model) == (arm, quantity, model):
        return nearest.id
    return f"supplements {nearest.id}"
