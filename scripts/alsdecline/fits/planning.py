"""What makes the plans of all fits of the settings."""

from alsdecline.fits.plan import WEAK, CovariateTerm, FitPlan, Sum
from alsdecline.settings.catalogue import scale_named
from alsdecline.settings.members import FAMILY, Member, MemberName
from alsdecline.settings.models import OutcomePriors, PriorAlternative
from alsdecline.settings.trial import Settings


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


def _own_priors(prior: OutcomePriors, member: Member, by_arm: bool) -> OutcomePriors:
    """Leave out the priors that are of other members, and what priors rest on."""
    others = {"basis"} | {key for other in FAMILY.values() for key in other.priors}
    others -= set(member.priors)
    if not by_arm:
        others.add("log_sd_ratio_sd")
    fields = OutcomePriors.model_fields
    defaults = {
        key: fields[key].get_default(call_default_factory=True) for key in others
    }
    return prior.model_copy(update=defaults)


def _alternatives(settings: Settings, correlated: bool) -> dict[str, PriorAlternative]:
    """Return the alternatives to a fit's priors that are others; the weak one always.

    Where one effect alone is estimated no alternative differs by its correlation.
    """
    found = settings.priors.alternatives
    if not correlated:
        found = {
            name: factors.model_copy(update={"effect_correlation": None})
            for name, factors in found.items()
        }
    same = PriorAlternative()
    return {name: f for name, f in found.items() if name == WEAK or f != same}


def fit_plan(settings: Settings, model: MemberName, outcome: str = "") -> FitPlan:
    """Take from the settings what a fit depends on.

    Parameters
    ----------
    settings : Settings
        The configuration.
    model : str
        A member of the family.
    outcome : str
        The outcome, unless the model takes all of its outcomes together.

    Returns
    -------
    FitPlan
    """
    member = FAMILY[model]
    together = member.together
    outcomes = settings.models.by_member[model] if together else [outcome]
    given = settings.outcomes_of(model) if together else outcomes
    sums = [
        Sum(id=o.id, parts=o.sum_of)
        for o in settings.outcomes
        if together and o.id in given and o.sum_of
    ]
    primary = next(e for e in settings.estimands if e.id == settings.primary)
    reference = settings.arms.reference
    scales = {o.id: scale_named(o.scale, settings.scales) for o in settings.outcomes}
    by_arm = settings.models.variances_by_arm and member.gaussian
    maxima = {k: scales[k].maximum for k in outcomes if member.bounded}
    correlated = len(outcomes) > 1 and len(settings.arms.groups) > 1
    return FitPlan(
        trial=settings.trial.id,
        population=settings.analysed_population,
        until_last_dose=settings.until_last_dose,
        time_unit=settings.time_unit,
        model=model,
        outcomes=outcomes,
        sums=sums,
        better={name: scales[name].better for name in given},
        reference=reference,
        arms=[arm.id for arm in settings.arms.groups if arm.id != reference],
        correlation_lkj=settings.priors.correlation_lkj,
        effect_correlation=settings.priors.effect_correlation if correlated else 0.0,
        priors={
            name: _own_priors(settings.priors.outcomes[name], member, by_arm)
            for name in outcomes
        },
        alternatives=_alternatives(settings, correlated),
        sampler=settings.sampler,
        gates=settings.gates,
        pairs=settings.summaries.equality_of_effects if together else [],
        primary_quantity=(primary.outcome, primary.summary, primary.treatment)
        if primary.model == model and primary.outcome in given
        else None,
        shown=sorted({"slope_difference", *(e.summary for e in settings.estimands)}),
        leave_out_at_most=settings.influence.patients_at_most,
        covariates=covariate_terms(settings),
        variances_by_arm=by_arm,
        maxima={k: int(top) for k, top in maxima.items() if top is not None},
        horizon_week=None if member.straight else settings.horizon_week,
    )


def all_fits(settings: Settings) -> list[FitPlan]:
    """Return the plans of all fits, member by member."""
    plans = []
    for model, outcomes in settings.models.by_member.items():
        if not FAMILY[model].together:
            plans += [fit_plan(settings, model, outcome) for outcome in outcomes]
        elif outcomes:
            plans.append(fit_plan(settings, model))
    return plans


def primary_fit(settings: Settings) -> FitPlan:
    """Return the plan of the fit that the primary estimand rests on."""
    return next(plan for plan in all_fits(settings) if plan.primary)
