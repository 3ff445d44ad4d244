"""Items of checklists that ask for the plan: what was prespecified, and where it is."""

import re

from alsdecline.report.checklist_answers import (
    ALONE,
    Answer,
    Facts,
    answered,
    filled,
    not_configured,
    unmet,
)
from alsdecline.report.supplementary import printed_supplementary
from alsdecline.report.words import counted, listed

REGISTERED = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|UMIN\d{9}|jRCTs?\d{9,10}|JapicCTI-\d{6}|"
    r"DRKS\d{8}|ChiCTR\w*\d{6,}|EudraCT\s\d{4}-\d{6}-\d{2}|CTRI/\d{4}/\d+/\d+)\b"
)
"""Identifiers as registries of trials write them."""

UNLOCKED = (
    "No analysis plan was locked: what was prespecified and what was decided after "
    "the data were seen cannot be told apart."
)


def registration(facts: Facts) -> Answer:
    """Answer with an identifier that the configuration may name; it has no date."""
    trial = facts.plan.trial
    found = REGISTERED.findall(f"{trial.id} {trial.title} {trial.note}")
    if not found:
        return not_configured("under which identifier it is registered")
    named = listed(list(dict.fromkeys(found)))
    return unmet(f"{named}; its link and date are not in the configuration.")


def _lock(facts: Facts) -> str:
    lock = facts.plan.analysis_plan
    when = f", locked at {lock.locked_utc}" if lock.locked_utc else ""
    return f"The analysis plan has the digest {lock.digest}{when}"


def plan_access(facts: Facts) -> Answer:
    """Answer with the locked plan; the protocol is nowhere."""
    if not facts.plan.analysis_plan.digest:
        return not_configured("where the protocol can be read, and no plan is locked")
    where = "where the protocol can be read is not in the configuration"
    return unmet(f"{_lock(facts)}; {where}.", "estimands")


def data_access(_: Facts) -> Answer:
    """Answer: where data can be had is not known, files here are."""
    text = (
        "The configuration does not say where the data can be had. Datasets with "
        "their variables, and what made them, lie under results/."
    )
    return unmet(text, "provenance")


def changes_of_plan(facts: Facts) -> Answer:
    """Answer with the deviations from the locked plan and their reasons."""
    lock = facts.plan.analysis_plan
    if not lock.digest:
        return unmet(UNLOCKED, "estimands")
    if not lock.deviations:
        return filled("None since the analysis plan was locked.", "estimands")
    without = len(lock.without_reason)
    said = f"{counted(len(lock.deviations), 'deviation')} from the locked analysis plan"
    told = f"{without} without a reason" if without else "each with its reason"
    return answered(not without, f"{said}, {told}.", "table-deviations")


def outcomes(facts: Facts) -> Answer:
    """Answer with variable, metric, aggregation and time of the primary outcome."""
    plan = facts.plan
    labels = {outcome.id: outcome.label for outcome in plan.outcomes}
    estimand = plan.primary_estimand
    others = [labels[key] for key in labels if key != estimand.outcome]
    text = (
        f"Primary: {labels[estimand.outcome]} ({plan.scales[estimand.outcome].name}), "
        f"mean slope from time zero on, per {plan.per}; changes to {plan.horizon}."
    )
    if others:
        text += f" Secondary: {listed(others)}."
    return filled(text, "table-estimands")


def sample_size(facts: Facts) -> Answer:
    """Answer: why the trial has its size is not known, what it can show is."""
    at = () if facts.plan.alone else ("answer",)
    return not_configured("how the size of the trial was determined", *at)


def interim_analyses(_: Facts) -> Answer:
    """Answer: not known."""
    return not_configured("whether there were interim analyses")


def methods_of_comparison(facts: Facts) -> Answer:
    """Answer with the models of the estimands, and how harms are compared."""
    if facts.plan.alone:
        return unmet(ALONE)
    models = list(dict.fromkeys(one.model for one in facts.plan.estimands))
    text = (
        f"Differences in mean slope by {counted(len(models), 'model')}: "
        f"{listed(models)}."
    )
    if not facts.has_harms:
        return unmet(f"{text} Adverse events are not part of this analysis.", "methods")
    return filled(f"{text} Adverse events are counted by arm, not tested.", "methods")


def _additional(facts: Facts) -> list[tuple[str, str]]:
    """Name the analyses beside the primary one, each with its place."""
    plan, found = facts.plan, []
    others = [m for m, ids in plan.models.by_member.items() if ids]
    others = [m for m in others if m != plan.fit.model]
    if others:
        found.append((f"{listed(others)} model{'s'[: len(others) > 1]}", "decline"))
    if n := len(plan.priors.alternatives):
        found.append((counted(n, "alternative prior"), "effects"))
    if n := len(printed_supplementary(plan, facts.results.tables)):
        beside = counted(n, "supplementary analysis", "supplementary analyses")
        found.append((beside, "effects"))
    if not facts.table("influence").empty:
        found.append(("each patient left out", "influence"))
    return found


def additional_methods(facts: Facts) -> Answer:
    """Answer with the analyses beside the primary one, if a lock tells them apart."""
    additional = _additional(facts)
    if not additional:
        return filled("There are none.")
    text = f"{listed([name for name, _ in additional])}."
    at = tuple(dict.fromkeys(place for _, place in additional))
    lock = facts.plan.analysis_plan
    if not lock.digest:
        return unmet(f"{text} {UNLOCKED}", *at)
    told = "all are of the locked plan" if not lock.deviations else "see its deviations"
    return filled(f"{text} Prespecified: {told}.", *at, "estimands")


def additional_results(facts: Facts) -> Answer:
    """Answer as for their methods: their results stand where these are named."""
    return additional_methods(facts)
