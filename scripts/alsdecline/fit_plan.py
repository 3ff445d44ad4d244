"""What one fit needs of the settings: outcomes, arms, priors, sampler, gates.

A rule passes it to its script as canonical JSON, so that a change of any other
setting does not touch the fit.
"""

import math
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from alsdecline.scales import scale_named
from alsdecline.settings import (
    Estimand,
    Gates,
    Normal,
    OutcomePriors,
    PriorAlternative,
    Sampler,
    Settings,
)
from alsdecline.settings_section import Section
from alsdecline.structure import OutcomePrior, Structure

DEFAULT = "default"
"""Name of the prior that the plan gives; the others are alternatives to it."""


class Sum(Section):
    """An outcome that is the sum of fitted ones."""

    id: str = Field(description="Its id.")
    parts: list[str] = Field(description="Ids of what it sums.")


class FitPlan(Section):
    """The part of the settings that one fit depends on."""

    trial: str = Field(description="Study identifier, for the seed.")
    model: str = Field(description="'joint' or 'single'.")
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

    @property
    def structure(self) -> Structure:
        """Outcomes and arms as the model takes them."""
        return Structure(tuple(self.outcomes), self.reference, tuple(self.arms))

    @property
    def name(self) -> str:
        """Return the fit's name: its model, and the outcome where it has one alone."""
        return self.model if self.model == "joint" else f"single/{self.outcomes[0]}"


def fit_plan(settings: Settings, model: str, outcome: str = "") -> FitPlan:
    """Take from the settings what a fit depends on.

    Parameters
    ----------
    settings : Settings
        The configuration.
    model : {"joint", "single"}
        The model.
    outcome : str
        The outcome of a ``single`` model.

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
    scales = {
        o.id: scale_named(o.scale, settings.scales).better for o in settings.outcomes
    }
    return FitPlan(
        trial=settings.trial.id,
        model=model,
        outcomes=outcomes,
        sums=sums,
        better={name: scales[name] for name in given},
        reference=reference,
        arms=[arm.id for arm in settings.arms.groups if arm.id != reference],
        correlation_lkj=settings.priors.correlation_lkj,
        priors={name: settings.priors.outcomes[name] for name in outcomes},
        alternatives=settings.priors.alternatives,
        sampler=settings.sampler,
        gates=settings.gates,
        pairs=settings.summaries.equality_of_effects if joint else [],
        primary=primary.model == model and primary.outcome in given,
        leave_out_at_most=settings.influence.patients_at_most,
    )


def all_fits(settings: Settings) -> list[FitPlan]:
    """Return the plans of all fits: the joint model first, then each single one."""
    plans = [fit_plan(settings, "joint")] if settings.models.joint else []
    return plans + [fit_plan(settings, "single", o) for o in settings.models.single]


def outcome_priors(
    plan: FitPlan, alternative: PriorAlternative | None = None
) -> dict[str, OutcomePrior]:
    """Return the priors of a fit, or of a named alternative to them.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    alternative : PriorAlternative, optional
        Factors on SDs and scales.

    Returns
    -------
    dict of str to OutcomePrior
        By outcome id.
    """
    factors = alternative or PriorAlternative()
    return {
        name: OutcomePrior(
            intercept_mean=p.baseline.mean,
            intercept_sd=p.baseline.sd * factors.baseline,
            slope_mean=p.slope.mean,
            slope_sd=p.slope.sd * factors.slope,
            effect_sd=None if p.effect_sd is None else p.effect_sd * factors.effect,
            sd_intercept=p.sd_baseline * factors.between,
            sd_slope=p.sd_slope * factors.between,
            sd_residual=p.sd_residual * factors.residual,
        )
        for name, p in plan.priors.items()
    }


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


def _priors_of_parts(plan: FitPlan, outcome: str) -> list[OutcomePriors]:
    parts = next((s.parts for s in plan.sums if s.id == outcome), [outcome])
    return [plan.priors[part] for part in parts]


def _effect_sds(priors: Sequence[OutcomePriors]) -> list[float]:
    return [prior.effect_sd for prior in priors if prior.effect_sd is not None]


def prior_effect_sd(plan: FitPlan, outcome: str) -> float:
    """Prior SD of an effect on an outcome; of a sum, that which its parts imply.

    Parameters
    ----------
    plan : FitPlan
        The fit; its effects are independent a priori.
    outcome : str
        A fitted outcome or a sum of them.

    Returns
    -------
    float
        Points a month.
    """
    return math.hypot(*_effect_sds(_priors_of_parts(plan, outcome)))


def prior_of(plan: FitPlan, estimand: Estimand) -> Normal:
    """Prior of what an estimand is about; of a sum, that which its parts imply.

    Parameters
    ----------
    plan : FitPlan
        The fit; its slopes and effects are independent a priori.
    estimand : Estimand
        Of a fitted outcome or a sum of them.

    Returns
    -------
    Normal
        Points a month.
    """
    if estimand.summary == "slope_difference":
        return Normal(mean=0, sd=prior_effect_sd(plan, estimand.outcome))
    parts = _priors_of_parts(plan, estimand.outcome)
    sds = [part.slope.sd for part in parts]
    if estimand.treatment != plan.reference:
        sds += _effect_sds(parts)
    return Normal(mean=sum(part.slope.mean for part in parts), sd=math.hypot(*sds))
