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
    OutcomePriors,
    PriorAlternative,
    Sampler,
    Section,
    Settings,
)
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
    arms: list[str] = Field(description="Ids of the other arms.")
    correlation_lkj: float = Field(description="Shape of the LKJ prior.")
    priors: dict[str, OutcomePriors] = Field(description="Priors of the outcomes.")
    alternatives: dict[str, PriorAlternative] = Field(description="Named factors.")
    sampler: Sampler = Field(description="The sampler.")
    gates: Gates = Field(description="Limits on computation.")
    pairs: list[list[str]] = Field(description="Outcomes whose effects are compared.")
    primary: bool = Field(description="Whether the primary estimand rests on it.")

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
            effect_sd=p.effect_sd * factors.effect,
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
    estimands: Sequence[Estimand], outcome: str, arm: str, analysis: str
) -> str:
    """Name the estimand that a number is about.

    Parameters
    ----------
    estimands : sequence of Estimand
        Those of the plan.
    outcome, arm : str
        What the number is of; the arm may be the reference.
    analysis : str
        The model whose difference in slopes it is; anything else supplements.

    Returns
    -------
    str
        The id of the estimand that it estimates, or ``supplements`` and the id of the
        one that it is beside; empty where the outcome has none.
    """
    mine = [e for e in estimands if e.outcome == outcome]
    exact = [e.id for e in mine if (e.treatment, e.model) == (arm, analysis)]
    beside = [e.id for e in mine if e.treatment == arm] or [e.id for e in mine]
    if exact:
        return exact[0]
    return f"supplements {beside[0]}" if beside else ""


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
    parts = next((s.parts for s in plan.sums if s.id == outcome), [outcome])
    return math.hypot(*(plan.priors[part].effect_sd for part in parts))
