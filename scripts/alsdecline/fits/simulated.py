"""What simulated trials of a plan's own design depend on, and what they assume."""

import math
from collections.abc import Sequence

from alsdecline.digests import PACKAGE, code_digest, spec_digest
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import all_fits, primary_fit
from alsdecline.project import SCRIPTS
from alsdecline.settings.catalogue import scale_named
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import AssumedCourse, AssumedOutcome
from alsdecline.settings.trial import Settings

FITTING = f"{PACKAGE}/fits/job.py"
"""The code that fits, and all that it imports."""

HALF_NORMAL_MEDIAN = 0.6744897501960817
"""In scales of a half-normal prior."""


def simulated_fits(settings: Settings) -> list[FitPlan]:
    """Return the fits that give the primary outcome, the primary one first."""
    primary = primary_fit(settings)
    estimand = next(e for e in settings.estimands if e.id == settings.primary)
    return [
        primary,
        *(
            plan
            for plan in all_fits(settings)
            if plan != primary
            and estimand.outcome in plan.better
            and plan.member.gaussian
        ),
    ]


def mean_slope(plan: FitPlan, outcome: str) -> float:
    """Return the prior mean of the reference arm's slope; of a sum, of its parts.

    Where that is 0, so that no true effect could be a share of it, the prior's SD.
    """
    slopes = [plan.priors[part].slope for part in plan.parts_of(outcome)]
    mean = sum(slope.mean for slope in slopes)
    return mean or math.hypot(*(slope.sd for slope in slopes))


def simulated_digest(
    fits: Sequence[FitPlan],
    weeks: Sequence[float],
    correlation: float,
    code: str | None = None,
) -> str:
    """Digest what simulated trials and their analyses depend on, but the arms' sizes.

    Parameters
    ----------
    fits : sequence of FitPlan
        From :func:`simulated_fits`.
    weeks : sequence of float
        Of the scheduled visits.
    correlation : float
        Of true slopes of two outcomes.
    code : str, optional
        Digest of :data:`FITTING`, where it is known already.

    Returns
    -------
    str
        Of the code that fits, and of these settings.
    """
    return spec_digest(
        {
            # not the script: what a job records and writes moves no estimate
            "code": code or code_digest(SCRIPTS / FITTING),
            "fits": [plan.model_dump(mode="json") for plan in fits],
            "weeks": list(weeks),
            "correlation": correlation,
        }
    )


def assumed_course(settings: Settings) -> AssumedCourse:
    """Return what is assumed of the primary outcome in a trial yet to be designed.

    Means are those of the priors of the primary fit, and the SD at time zero the median
    of its prior; of a sum, of its parts as if independent. Other SDs are those of
    ``design:``. Where a model takes several outcomes, means and medians of the priors
    of all.

    Raises
    ------
    ValueError
        If there is no ``design:``.
    """
    if settings.design is None:
        raise ValueError("one arm alone: there is no design")
    plan = primary_fit(settings)
    estimand = next(e for e in settings.estimands if e.id == settings.primary)
    outcome = next(o for o in settings.outcomes if o.id == estimand.outcome)
    scale = scale_named(outcome.scale, settings.scales)
    priors = [plan.priors[part] for part in plan.parts_of(outcome.id)]
    spread = math.hypot(*(prior.sd_baseline for prior in priors))
    several = _assumed_together(settings)
    return AssumedCourse(
        outcome=outcome.id,
        reference=settings.arms.reference,
        weeks=settings.visits.schedule,
        time_of_week=plan.time_of(1.0),
        better=scale.better,
        slope=sum(prior.slope.mean for prior in priors),
        baseline=sum(prior.baseline.mean for prior in priors),
        sd_baseline=HALF_NORMAL_MEDIAN * spread,
        sd_slope=settings.design.sd_slope,
        sd_residual=settings.design.sd_residual,
        floor=scale.minimum,
        ceiling=scale.maximum,
        whole_points=scale.whole_points,
        outcomes=several,
        sum_of=outcome.sum_of if several else [],
        correlation_of_slopes=settings.design.correlation_of_slopes if several else 0.0,
    )


def _assumed_together(settings: Settings) -> list[AssumedOutcome]:
    """Return what is assumed of the outcomes that a model takes together, if any."""
    simulated = settings.simulated_design
    if simulated is None or not simulated.several_outcomes:
        return []
    models = [name for name in simulated.fitted_by if FAMILY[name].together]
    taken = {o for name in models for o in settings.models.by_member[name]}
    found = []
    for outcome in settings.outcomes:
        if outcome.id in taken:
            prior = settings.priors.outcomes[outcome.id]
            scale = scale_named(outcome.scale, settings.scales)
            found.append(
                AssumedOutcome(
                    outcome=outcome.id,
                    slope=prior.slope.mean,
                    baseline=prior.baseline.mean,
                    sd_baseline=HALF_NORMAL_MEDIAN * prior.sd_baseline,
                    sd_slope=HALF_NORMAL_MEDIAN * prior.sd_slope,
                    sd_residual=HALF_NORMAL_MEDIAN * prior.sd_residual,
                    floor=scale.minimum,
                    ceiling=scale.maximum,
                    whole_points=scale.whole_points,
                )
            )
    return found
