"""The priors as the report states them, each with what it rests on."""

import dataclasses
from collections.abc import Iterator

from alsdecline.report.member_words import WORDS, PriorWords
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import listed
from alsdecline.settings.models import (
    Basis,
    Normal,
    OutcomePriors,
    PriorAlternative,
)
from alsdecline.settings.proposed_priors import is_proposed

UNSOURCED = "unsourced assumption"
UNCONFIRMED = "proposed, not confirmed"

FACTORS = {
    "baseline": "mean at time zero",
    "slope": "mean slope",
    "effect": "effect",
    "between": "SDs between patients",
    "residual": "residual SD",
}
"""What the factors of an alternative multiply."""


@dataclasses.dataclass(frozen=True)
class StatedPrior:
    """A prior with what it rests on.

    Attributes
    ----------
    outcome, model : str
        Label of the outcome, and the model if it is of one alone.
    of, distribution : str
        What it is of, and which it is.
    basis : Basis
        Its source and reason.
    """

    outcome: str
    model: str
    of: str
    distribution: str
    basis: Basis


def _centred(sd: float) -> str:
    return f"Normal(0, {sd:g})"


def _normal(prior: Normal) -> str:
    return f"Normal({prior.mean:g}, {prior.sd:g})"


def _half(scale: float) -> str:
    return f"Half-normal({scale:g})"


def _distribution(words: PriorWords, prior: OutcomePriors) -> str:
    value = getattr(prior, words.setting) if words.setting else None
    return words.distribution.format(value)


def _of_all_models(
    prior: OutcomePriors, *, alone: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield key, what it is of and distribution of what every model has."""
    slope = "mean slope" if alone else "mean slope of the reference arm"
    yield "baseline", "mean at time zero", _normal(prior.baseline)
    yield "slope", slope, _normal(prior.slope)
    if prior.effect_sd is not None:
        yield "effect_sd", "effect on the slope", _centred(prior.effect_sd)
    yield "sd_baseline", "SD between patients at time zero", _half(prior.sd_baseline)
    yield "sd_slope", "SD of slopes between patients", _half(prior.sd_slope)
    yield "sd_residual", "residual SD", _half(prior.sd_residual)


def _of_some_models(
    plan: ReportPlan, outcome: str, prior: OutcomePriors
) -> Iterator[tuple[str, str, str, str]]:
    """Yield model, key, what it is of and distribution of the further priors."""
    models = plan.models
    for model, fitted in models.by_member.items():
        for own in WORDS[model].priors if outcome in fitted else ():
            yield model, own.setting, own.of, _distribution(own, prior)
    if models.variances_by_arm and prior.log_sd_ratio_sd is not None:
        text = _centred(prior.log_sd_ratio_sd)
        yield "", "log_sd_ratio_sd", "log ratio of SDs between arms", text
    for name, of_covariate in prior.covariates.items():
        named = plan.covariate_labels[name]
        at_zero, slope = of_covariate.baseline_sd, of_covariate.slope_sd
        yield "", "covariates", f"{named}: at time zero", _centred(at_zero)
        yield "", "covariates", f"{named}: slope", _centred(slope)


def stated_priors(plan: ReportPlan) -> list[StatedPrior]:
    """Return all priors of the models that are fitted.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.

    Returns
    -------
    list of StatedPrior
        Outcome by outcome; then the correlations. A distribution that is fixed in a
        model's definition is not among the choices that need a source.
    """
    none, found = Basis(), []
    for outcome in plan.outcomes:
        prior = plan.priors.outcomes.get(outcome.id)
        if prior is None or outcome.id not in plan.models.fitted:
            continue
        rows = [("", *row) for row in _of_all_models(prior, alone=plan.alone)]
        rows += _of_some_models(plan, outcome.id, prior)
        fixed = Basis(source="definition of the model", reason="fixed")
        found += [
            StatedPrior(
                outcome.label,
                model,
                of,
                text,
                prior.basis.get(key, none) if key else fixed,
            )
            for model, key, of, text in rows
        ]
    basis = plan.priors.basis
    found.append(
        StatedPrior(
            "all",
            "",
            "correlations of patients' intercepts and slopes",
            f"LKJ({plan.priors.correlation_lkj:g})",
            basis.get("correlation_lkj", none),
        )
    )
    if len(plan.fit.outcomes) > 1 and plan.fit.arms:
        found.append(
            StatedPrior(
                "all",
                plan.fit.model,
                "correlation of an arm's effects on the outcomes, as benefits",
                f"{plan.priors.effect_correlation:g}, fixed",
                basis.get("effect_correlation", none),
            )
        )
    return found


def _source(basis: Basis) -> str:
    """Say what a prior rests on, if anything does that anybody has confirmed."""
    if is_proposed(basis):
        return UNCONFIRMED
    return basis.source or UNSOURCED


def printed_priors(plan: ReportPlan) -> PrintedTable:
    """Print the priors; an unsourced or proposed one is said to be that."""
    rows = [
        [
            prior.outcome,
            prior.model,
            prior.of,
            prior.distribution,
            _source(prior.basis),
            prior.basis.reason or ("" if prior.basis.source else "no reason given"),
        ]
        for prior in stated_priors(plan)
    ]
    return PrintedTable(["Outcome", "Model", "Of", "Prior", "Source", "Reason"], rows)


def _alternative(factors: PriorAlternative) -> str:
    """Say what an alternative changes."""
    changes = [
        f"{what} \N{MULTIPLICATION SIGN} {getattr(factors, key):g}"
        for key, what in FACTORS.items()
        if getattr(factors, key) != 1
    ]
    if factors.slowing:
        way = "slowing" if factors.slowing > 0 else "hastening"
        changes.append(f"effect centred at {abs(100 * factors.slowing):g}% {way}")
    if factors.effect_correlation is not None:
        changes.append(f"effects correlate by {factors.effect_correlation:g}")
    return listed(changes) or "as the plan's"


def alternatives_in_words(plan: ReportPlan) -> str:
    """Say by how much each alternative prior differs from the plan's."""
    parts = [
        f"{name.replace('_', ' ')} ({_alternative(factors)})"
        for name, factors in plan.priors.alternatives.items()
    ]
    return "; ".join(parts)


def own_effect_sd(plan: ReportPlan) -> float | None:
    """Return the effect's prior SD of a primary sum taken by itself.

    None where it is no sum, is not compared, or is fitted together alone.
    """
    estimand = plan.primary_estimand
    summed = {total.id for total in plan.fit.sums}
    if estimand.summary != "slope_difference" or estimand.outcome not in summed:
        return None
    if estimand.outcome not in plan.models.fitted:
        return None
    return plan.priors.outcomes[estimand.outcome].effect_sd
