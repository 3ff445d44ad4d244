"""The report: one page that stands alone, the answer first."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from alsdecline.figures.captions import CHECK_LABELS
from alsdecline.fits.plan import WEAK
from alsdecline.report import estimates, excerpts, figures, models
from alsdecline.report import patient_tables as patients
from alsdecline.report import tables as printed
from alsdecline.report.answer_picture import answer_picture
from alsdecline.report.beside import Beside
from alsdecline.report.cautions import cautions, conflict_words
from alsdecline.report.checklists import filled_checklists
from alsdecline.report.coherence import coherence
from alsdecline.report.decision_rule import judged_rule
from alsdecline.report.decisions import decisions_of
from alsdecline.report.explained_terms import with_terms_explained
from alsdecline.report.first_screen import first_screen
from alsdecline.report.foot import Provenance, foot_of
from alsdecline.report.footnotes import with_notes
from alsdecline.report.glossary import terms_used_in
from alsdecline.report.headline import headline, primary_estimate
from alsdecline.report.influence import not_left_out, printed_influence
from alsdecline.report.outline import outlined
from alsdecline.report.page_templates import template_environment
from alsdecline.report.patient_flow import patient_flow
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.primary_rows import primary_ids
from alsdecline.report.prior_influence import (
    power_scaling,
    prior_in_patients,
    prior_weight,
)
from alsdecline.report.rule_worth import rule_worth
from alsdecline.report.supplementary import printed_supplementary
from alsdecline.report.tables import Footnote
from alsdecline.time_units import DAYS_PER

TEMPLATE = "report/page.html.j2"
FOOT = '<p class="foot">'
GLOSSARY = "report/glossary.html.j2"

STATISTICS = CHECK_LABELS | {
    "prior_share_off_scale": "Prior predictive share off the scale"
}


def _estimate_tables(
    plan: ReportPlan, results: Results
) -> dict[str, printed.PrintedTable]:
    """Tables of what was observed and estimated."""
    tables = results.tables
    arms = plan.arm_labels
    outcomes = {o.id: o.label for o in plan.outcomes}
    rates, level = tables["rate_of_decline"], plan.summaries.interval
    horizon = plan.summaries.horizon_week
    model = plan.fit.model
    main = rates[rates["model"] == model]
    sensitivity = tables["prior_sensitivity"]
    return {
        "changes": with_notes(
            printed.printed_changes(
                tables["change_from_baseline"], outcomes, arms, horizon
            ),
            Footnote("Of values measured then; none is carried forward."),
        ),
        "rates": estimates.printed_rates(main, plan),
        "slopes": estimates.printed_slopes(sensitivity, outcomes, arms, level),
        "effects": estimates.printed_effects(
            sensitivity, results.tests, outcomes, arms, level
        ),
    }


def _statistic_label(plan: ReportPlan, name: str) -> str:
    """Return the label of a statistic of the checks, of those of an arm with it."""
    of, _, arm = name.partition(":")
    if not arm:
        return STATISTICS[name]
    label = plan.arm_labels.get(arm, arm)
    if of == "mean_slope":
        return f"Mean of patients' slopes, {label}"
    return f"Difference in these, {label}"


def _check_tables(
    plan: ReportPlan, results: Results
) -> dict[str, printed.PrintedTable]:
    """Tables of how the computation went, of checks and of findings."""
    tables = results.tables
    outcomes = {o.id: o.label for o in plan.outcomes}
    return {
        "fits": printed.printed_frame(
            tables["fits"].astype({"attempt": "Int64", "divergences": "Int64"}),
            {
                "model": "Model",
                "outcomes": "Outcomes",
                "prior": "Prior",
                "attempt": "Attempt",
                "r_hat": "R-hat, largest",
                "ess_bulk": "Bulk ESS, smallest",
                "ess_tail": "Tail ESS, smallest",
                "interval_error": "Error of an interval's end, in SDs, largest",
                "divergences": "Divergences",
                "e_bfmi": "E-BFMI",
                "failures": "Gates missed",
            },
        ),
        "checks": printed.printed_frame(
            tables["model_checks"].assign(
                warning=tables["model_checks"]["warning"].map(
                    {True: "warning", False: ""}
                ),
                outcome=tables["model_checks"]["outcome"].map(outcomes),
                statistic=tables["model_checks"]["statistic"].map(
                    lambda name: _statistic_label(plan, str(name))
                ),
            ),
            {
                "model": "Model",
                "outcome": "Outcome",
                "statistic": "Statistic",
                "observed": "Value",
                "lower": "Replicates, 2.5%",
                "upper": "97.5%",
                "tail_probability": "Tail probability",
                "warning": "",
            },
        ),
        "findings": excerpts.printed_findings(tables["findings"]),
    }


def _tables(plan: ReportPlan, results: Results) -> dict[str, printed.PrintedTable]:
    """All tables of the report as they are printed."""
    return (
        patients.patient_tables(plan, results.tables)
        | _estimate_tables(plan, results)
        | _check_tables(plan, results)
    )


def left_out(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Say, by table, what it has not; empty where it has all."""
    _, terms = excerpts.common_events(tables["adverse_events"])
    return {
        "adverse_events": excerpts.terms_left_out(terms),
        "findings": excerpts.findings_left_out(tables["findings"]),
        "checks": excerpts.patients_left_out(tables["numbers_analysed"]),
    }


def render_report(
    plan: ReportPlan,
    results: Results,
    drawn: Mapping[str, Path],
    provenance: Provenance,
    beside: Beside | None = None,
) -> str:
    """Render the report.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.
    drawn : mapping of str to Path
        SVG files of figures by name.
    provenance : mapping
        Digests of raw files, versions of software and of the project, and ``cut``,
        the digest of all raw files together.
    beside : Beside, optional
        The files that numbers and patients' names lead to, where that is not within.

    Returns
    -------
    str
        HTML that needs no other file, with room for the data of its panels
        (:func:`alsdecline.report.lineage.with_data`).
    """
    counts = patients.patient_counts(results.tables)
    by_arm = [counts[arm.id] for arm in plan.arms.groups]
    environment = template_environment(
        beside.patients if beside else "", primary_ids(plan, results)
    )
    page = environment.get_template(TEMPLATE).render(
        plan=plan,
        lengths={"month": DAYS_PER["months"], "year": DAYS_PER["years"]},
        outcomes={o.id: o.label for o in plan.outcomes},
        models=models.of_the_report(plan, results),
        catalogue_version=plan.catalogue_version,
        arms=plan.arm_labels,
        headline=headline(plan, results),
        screen=first_screen(plan, results),
        picture=answer_picture(plan, results),
        flow=patient_flow(plan, results.tables),
        cautions=cautions(plan, results),
        decision_rule=judged_rule(plan, results),
        rule_worth=rule_worth(plan, results),
        coherence=coherence(plan, results),
        conflict=conflict_words(plan, results),
        prior_in_patients=prior_in_patients(plan, results),
        prior_weight=prior_weight(plan, results),
        power_scaling=power_scaling(results),
        tables=_tables(plan, results),
        left_out=left_out(results.tables),
        decisions=decisions_of(results.tables["decisions"], plan.arm_labels),
        supplementary=printed_supplementary(plan, results.tables),
        not_left_out=not_left_out(plan, results.tables),
        influence=printed_influence(
            plan,
            results.tables["influence"],
            primary_estimate(plan, results),
            primary_estimate(plan, results, WEAK),
        ),
        crowded=figures.crowded(by_arm),
        thinned=figures.thinned_courses(by_arm),
        figures={name: figures.inlined(name, path) for name, path in drawn.items()},
        provenance=provenance,
        checklists=filled_checklists(plan, results, provenance),
        beside=beside,
        foot=foot_of(plan, provenance),
    )
    terms = terms_used_in(page)
    explained = environment.get_template(GLOSSARY).render(terms=terms)
    page = outlined(page.replace(FOOT, f"{explained}{FOOT}"))
    return with_terms_explained(page, terms)
