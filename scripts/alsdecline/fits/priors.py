"""The priors of a fit's plan, as the model takes them and as the report states them."""

import math
from typing import Any

import numpy as np

from alsdecline.fits.plan import FitPlan
from alsdecline.models.structure import ModelPrior
from alsdecline.settings.analysis import Estimand
from alsdecline.settings.models import Normal, OutcomePriors, PriorAlternative


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _of_member(
    plan: FitPlan, prior: OutcomePriors, factors: PriorAlternative
) -> dict[str, Any]:
    """Return the priors that only some members have."""
    given: dict[str, Any] = {
        "log_ratio_mean": math.log1p(-factors.slowing),
        "log_ratio_sd": prior.log_ratio_sd * factors.effect,
    }
    if prior.curvature_sd is not None:
        given["curvature_sd"] = prior.curvature_sd * factors.slope
        given["effect_curvature_sd"] = prior.curvature_sd * factors.effect
    if prior.sd_curvature is not None:
        given["sd_curvature"] = prior.sd_curvature * factors.between
    if prior.log_sd_ratio_sd is not None:
        given["log_sd_ratio_sd"] = prior.log_sd_ratio_sd
    if plan.covariates:
        of = {term.name: prior.covariates[term.setting] for term in plan.covariates}
        given["covariate_sd"] = {
            name: one.baseline_sd * factors.baseline for name, one in of.items()
        }
        given["covariate_slope_sd"] = {
            name: one.slope_sd * factors.slope for name, one in of.items()
        }
    return given


def outcome_priors(
    plan: FitPlan, alternative: PriorAlternative | None = None
) -> dict[str, ModelPrior]:
    """Return the priors of a fit, or of a named alternative to them.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    alternative : PriorAlternative, optional
        Factors on SDs and scales.

    Returns
    -------
    dict of str to ModelPrior
        By outcome id, in points and units of time.
    """
    factors = alternative or PriorAlternative()
    return {
        name: ModelPrior(
            intercept_mean=p.baseline.mean,
            intercept_sd=p.baseline.sd * factors.baseline,
            slope_mean=p.slope.mean,
            slope_sd=p.slope.sd * factors.slope,
            effect_mean=-factors.slowing * p.slope.mean,
            effect_sd=_scaled(p.effect_sd, factors.effect),
            benefit=plan.sign(name),
            sd_intercept=p.sd_baseline * factors.between,
            sd_slope=p.sd_slope * factors.between,
            sd_residual=p.sd_residual * factors.residual,
            **_of_member(plan, p, factors),
        )
        for name, p in ((name, plan.priors[name]) for name in plan.outcomes)
    }


def effect_correlation_of(
    plan: FitPlan, alternative: PriorAlternative | None = None
) -> float:
    """Return the correlation of effects of a fit, or of an alternative prior."""
    if alternative is None or alternative.effect_correlation is None:
        return plan.effect_correlation
    return alternative.effect_correlation


def _parts(plan: FitPlan, outcome: str) -> list[ModelPrior]:
    parts = plan.parts_of(outcome)
    priors = outcome_priors(plan)
    return [priors[part] for part in parts]


def _bent(plan: FitPlan, straight: float, curvature: float) -> float:
    """SD of a mean slope to the horizon, of its straight part's and its curvature's."""
    if not plan.structure.curved:
        return straight
    return math.hypot(straight, curvature * plan.horizon_time)


def _slope_sd(plan: FitPlan, prior: ModelPrior) -> float:
    return _bent(plan, prior.slope_sd, prior.curvature_sd)


def _scaled_slope(plan: FitPlan, prior: ModelPrior, less: float) -> Normal:
    """Mean and SD of slope x (ratio - less), slope normal and ratio lognormal."""
    variance = prior.log_ratio_sd**2
    first, second = math.exp(variance / 2), math.exp(2 * variance)
    centre = first - less
    square = second - 2 * less * first + less**2
    slope_square = prior.slope_mean**2 + _slope_sd(plan, prior) ** 2
    mean = prior.slope_mean * centre
    return Normal(mean=mean, sd=math.sqrt(slope_square * square - mean**2))


def prior_effect_sd(plan: FitPlan, outcome: str) -> float:
    """Prior SD of a difference in mean slopes; of a sum, that which its parts imply.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    outcome : str
        A fitted outcome or a sum of them.

    Returns
    -------
    float
        points/time. Of ``bounded`` to first order, as its priors are carried to
        logits.
    """
    parts = _parts(plan, outcome)
    if plan.structure.ratio:
        return _scaled_slope(plan, parts[0], less=1.0).sd
    # as benefits, which correlate whichever way the scales run
    sds = np.array(
        [
            prior.benefit * _bent(plan, prior.effect_sd, prior.effect_curvature_sd)
            for prior in parts
            if prior.effect_sd is not None
        ]
    )
    shared = plan.effect_correlation
    apart = (1 - shared) * np.sum(sds**2)
    return math.sqrt(apart + shared * np.sum(sds) ** 2)


def prior_of_difference(plan: FitPlan, outcome: str) -> Normal:
    """Mean and SD of the prior of a difference in mean slopes; above 0 is better.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    outcome : str
        A fitted outcome or a sum of them.

    Returns
    -------
    Normal
        points/time; normal as :func:`prior_of` says.
    """
    if not plan.structure.ratio:
        return Normal(mean=0, sd=prior_effect_sd(plan, outcome))
    found = _scaled_slope(plan, _parts(plan, outcome)[0], less=1.0)
    return found.model_copy(update={"mean": plan.sign(outcome) * found.mean})


def prior_of(plan: FitPlan, estimand: Estimand) -> Normal:
    """Mean and SD of the prior of what an estimand is about.

    Of a sum, what its parts imply. The prior is normal but of ``ratio``, where it is a
    normal slope times a lognormal ratio, and of ``bounded``, where the normal one of
    the straight course holds to first order.

    Parameters
    ----------
    plan : FitPlan
        The fit; slopes are independent of each other and of effects a priori.
    estimand : Estimand
        Of a fitted outcome or a sum of them.

    Returns
    -------
    Normal
        points/time.
    """
    outcome = estimand.outcome
    parts = _parts(plan, outcome)
    if estimand.summary == "slope_difference":
        return prior_of_difference(plan, outcome)
    if plan.structure.ratio and estimand.treatment != plan.reference:
        return _scaled_slope(plan, parts[0], less=0.0)
    sds = [_slope_sd(plan, part) for part in parts]
    if estimand.treatment != plan.reference:
        sds.append(prior_effect_sd(plan, outcome))
    return Normal(mean=sum(part.slope_mean for part in parts), sd=math.hypot(*sds))
