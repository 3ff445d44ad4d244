"""Items of checklists that ask for models, priors, computation and posterior."""

import math

import pandas as pd

from alsdecline.fits.plan import DEFAULT
from alsdecline.report.cells import Cell, cell_of, ids_of
from alsdecline.report.checklist_answers import (
    Answer,
    Facts,
    answered,
    filled,
    unmet,
)
from alsdecline.report.decision_rule import judged_rule
from alsdecline.report.estimates import digits_of, estimate_cell, interval_cell
from alsdecline.report.formulas import model_formulas
from alsdecline.report.headline import estimates_by_prior, primary_estimate
from alsdecline.report.models import course_of_the_model, handling_of_effects
from alsdecline.report.priors import stated_priors
from alsdecline.report.words import counted, interval, listed, number, percent

NOTHING_DECIDED = "The plan has no decision rule: nothing is decided."


def _labels(facts: Facts) -> dict[str, str]:
    return {outcome.id: outcome.label for outcome in facts.plan.outcomes}


def why_bayesian(_: Facts) -> Answer:
    """Answer: nothing in a configuration says why."""
    return unmet("The configuration has no reason for it: it is the author's to give.")


def goals(facts: Facts) -> Answer:
    """Answer with the estimands."""
    estimand = facts.plan.primary_estimand
    n = len(facts.plan.estimands)
    text = f"{counted(n, 'estimand')}; the primary one, {estimand.id}: {estimand.label}"
    return filled(f"{text}.", "table-estimands")


def variables(facts: Facts) -> Answer:
    """Answer with the outcomes and what they are predicted from."""
    plan, labels = facts.plan, _labels(facts)
    fitted = [labels[o.id] for o in plan.outcomes if o.id in plan.models.fitted]
    of = ["time since " + plan.time_origin.replace("_", " ")]
    of += ["arm"] if plan.fit.arms else []
    of += [
        plan.covariate_labels.get(c.column, c.column) for c in plan.models.covariates
    ]
    return filled(f"{listed(fitted)}, from {listed(of)}.", "methods")


def likelihood(facts: Facts) -> Answer:
    """Answer with the primary model, and what in it is of interest."""
    plan = facts.plan
    about = "effects on the slopes" if plan.fit.arms else "mean slopes"
    text = (
        f"{course_of_the_model(plan)} Of interest are the {about}; all other "
        "parameters are ancillary."
    )
    return filled(text, "methods")


def priors_specified(facts: Facts) -> Answer:
    """Answer with how many priors are stated."""
    n = len(stated_priors(facts.plan))
    return filled(f"{counted(n, 'prior')}, each with its distribution.", "table-priors")


def priors_justified(facts: Facts) -> Answer:
    """Answer with how many priors have a source and a reason, or lack one."""
    priors = stated_priors(facts.plan)
    without = sum(not prior.basis.stated for prior in priors)
    if not without:
        text = f"All {len(priors)} priors have a source and a reason."
        return filled(text, "table-priors")
    text = f"{without} of {len(priors)} priors have no source, or no reason."
    return unmet(text, "table-priors")


def formal_statement(facts: Facts) -> Answer:
    """Answer with the models that are written as formulas, and where their code is."""
    names = [one.model for one in model_formulas(facts.plan)]
    text = (
        f"{counted(len(names), 'model')} as formulas ({listed(names)}), each prior as "
        "a distribution; the code is that of als-decline "
        f"{facts.provenance['version']}."
    )
    return filled(text, "methods", "table-priors", "table-digests")


def _of_primary(facts: Facts) -> pd.DataFrame:
    checks = facts.table("model_checks")
    parts = facts.plan.fit.parts_of(facts.plan.primary_estimand.outcome)
    of_fit = (checks["model"] == facts.plan.fit.model) & checks["outcome"].isin(parts)
    return checks[of_fit]


def prior_predictions(facts: Facts) -> Answer:
    """Answer with what share of data the prior has off the scale."""
    checks, labels = _of_primary(facts), _labels(facts)
    rows = checks[checks["statistic"] == "prior_share_off_scale"]
    rows = rows[rows["observed"].notna()]
    if rows.empty:
        return unmet("No check of what the prior of the primary model predicts.")
    shares = [
        f"{labels[row['outcome']]} {percent(row['observed'])}"
        for _, row in rows.iterrows()
    ]
    ids = [name for _, row in rows.iterrows() for name in ids_of(row, "observed")]
    text = f"Values that the prior has off the scale: {listed(shares)}."
    return filled(Cell(text, ids), "table-checks")


def software(facts: Facts) -> Answer:
    """Answer with names and versions."""
    named = [f"{name} {v}" for name, v in facts.provenance["software"].items()]
    text = f"als-decline {facts.provenance['version']}, {listed(named)}."
    return filled(text, "methods", "provenance")


def _last_fits(facts: Facts) -> pd.DataFrame:
    fits = facts.table("fits")
    return fits.groupby(["model", "outcomes", "prior"], sort=False).tail(1)


def convergence(facts: Facts) -> Answer:
    """Answer with the worst R-hat of all fits, held to the plan's limit."""
    fits, limit = _last_fits(facts), facts.plan.fit.gates.r_hat
    met = bool((fits["r_hat"] <= limit).all())
    worst = fits.iloc[int(fits["r_hat"].fillna(math.inf).argmax())]
    text = (
        f"R-hat of every reported value of {counted(len(fits), 'fit')}: at most "
        f"{number(worst['r_hat'], 4)}, limit {limit:g}."
    )
    if not met:
        missed = int((~(fits["r_hat"] <= limit)).sum())
        text = text[:-1] + f"; {counted(missed, 'fit')} above it."
    return answered(met, cell_of(text, worst, "r_hat"), "table-convergence")


def resolution(facts: Facts) -> Answer:
    """Answer with the smallest effective sample sizes of all fits."""
    fits, limit = _last_fits(facts), facts.plan.fit.gates.ess
    rows = {name: fits.iloc[int(fits[name].fillna(-1.0).argmin())] for name in ESS}
    said = [f"{ESS[name]} {number(row[name], 0)}" for name, row in rows.items()]
    ids = [one for name, row in rows.items() for one in ids_of(row, name)]
    met = all(row[name] >= limit for name, row in rows.items())
    text = (
        f"Smallest effective sample size of any reported value of any fit: "
        f"{listed(said)}, limit {limit:g}."
    )
    return answered(met, Cell(text, ids), "table-convergence")


ESS = {"ess_bulk": "bulk", "ess_tail": "tail"}


def posterior_predictions(facts: Facts) -> Answer:
    """Answer with how many checks of the primary model warn."""
    checks = _of_primary(facts)
    done = checks[checks["statistic"] != "prior_share_off_scale"]
    if done.empty:
        return unmet("No check of the primary model against its data.")
    warned = int(done["warning"].astype("boolean").fillna(False).sum())
    told = f"{warned} with a mismatch" if warned else "none with a mismatch"
    text = f"{counted(len(done), 'check')} of the primary model, {told}."
    return filled(text, "figure-predictive_checks", "table-checks")


def _identified(facts: Facts) -> pd.Series | None:
    row = primary_estimate(facts.plan, facts.results)
    return None if pd.isna(row["estimate"]) else row


def _unit(facts: Facts) -> str:
    outcome = facts.plan.primary_estimand.outcome
    return f"{facts.plan.scales[outcome].unit} a {facts.plan.per}"


NOT_IDENTIFIED = "The data leave the primary quantity to the prior: none is given."


def posterior_summary(facts: Facts) -> Answer:
    """Answer with the primary estimate and its interval."""
    row = _identified(facts)
    if row is None:
        return unmet(NOT_IDENTIFIED, "decline")
    estimate, ends = estimate_cell(row), interval_cell(row)
    level = f"{100 * facts.plan.summaries.interval:g}%"
    text = (
        f"Primary: {estimate} {_unit(facts)}, central {level} credible interval {ends}."
    )
    return filled(Cell(text, [*estimate.ids, *ends.ids]), "table-beside", "table-rates")


def central_tendency(facts: Facts) -> Answer:
    """Answer with the primary estimate."""
    row = _identified(facts)
    if row is None:
        return unmet(NOT_IDENTIFIED, "decline")
    estimate = estimate_cell(row)
    text = f"Primary estimate {estimate} {_unit(facts)}."
    return filled(Cell(text, estimate.ids), "table-rates")


def variance(facts: Facts) -> Answer:
    """Answer with the SD and the interval of the primary quantity."""
    row = _identified(facts)
    if row is None:
        return unmet(NOT_IDENTIFIED, "decline")
    ends, sd = interval_cell(row), number(row["sd"], digits_of(row).estimate)
    text = f"SD of the posterior {sd} {_unit(facts)}, interval {ends}."
    return filled(Cell(text, [*ids_of(row, "sd"), *ends.ids]), "table-rates")


def decision_procedure(facts: Facts) -> Answer:
    """Answer with the plan's rule."""
    rule = judged_rule(facts.plan, facts.results)
    if rule is None:
        return filled(NOTHING_DECIDED)
    ids = [name for one in rule.statements for name in one.ids]
    return filled(Cell(" ".join([*rule.statements, rule.verdict]), ids), "answer")


def loss_function(facts: Facts) -> Answer:
    """Answer with what the rule's numbers were chosen by."""
    if facts.plan.decision is None:
        return filled(NOTHING_DECIDED)
    by = facts.plan.decision.basis
    return filled(f"There is none; the rule's numbers were chosen by {by}.", "answer")


def decision_limits(facts: Facts) -> Answer:
    """Answer with margins and probabilities of the rule, and its reason."""
    rule = judged_rule(facts.plan, facts.results)
    if rule is None or facts.plan.decision is None:
        return filled(NOTHING_DECIDED)
    limits = [
        f"{name}: margin {one.margin:g}, probability {one.probability:g}"
        for name in ("success", "futility")
        if (one := getattr(facts.plan.decision, name))
    ]
    return filled(f"{'; '.join(limits)}. {rule.basis}", "answer")


def decision_sensitivity(facts: Facts) -> Answer:
    """Answer: the rule is judged under one prior."""
    if facts.plan.decision is None:
        return filled(NOTHING_DECIDED)
    return unmet("The decision rule is judged under the plan's prior alone.", "effects")


def prior_sensitivity(facts: Facts) -> Answer:
    """Answer with the range of the primary estimate over all alternative priors."""
    rows = estimates_by_prior(facts.plan, facts.results)
    others = rows[(rows.index != DEFAULT) & rows["estimate"].notna()]
    if others.empty:
        return unmet("The primary analysis has no alternative prior.")
    low = others.iloc[int(others["estimate"].argmin())]
    high = others.iloc[int(others["estimate"].argmax())]
    digits = digits_of(low).estimate, digits_of(high).estimate
    ends: str = interval(low["estimate"], high["estimate"], digits)
    ids = [*ids_of(low, "estimate"), *ids_of(high, "estimate")]
    if len(others) == 1:
        ends, ids = number(low["estimate"], digits[0]), [*ids_of(low, "estimate")]
    failed = int((~others["passed"].astype(bool)).sum())
    text = (
        f"Primary estimate over {counted(len(others), 'alternative prior')}: {ends} "
        f"{_unit(facts)}"
    )
    if failed:
        text += f", {failed} of them missing a gate"
    return filled(Cell(f"{text}.", ids), "effects", "table-effects", "table-slopes")


def technique(facts: Facts) -> Answer:
    """Answer with the sampler and what it draws."""
    sampler = facts.plan.fit.sampler
    how = handling_of_effects(facts.plan).rstrip(",")
    text = (
        f"No-U-Turn sampler, {sampler.chains} chains of {sampler.draws} iterations "
        f"after {sampler.tune} of adaptation. {how}."
    )
    return filled(text, "methods", "computation")
