"""The report while the trial is blinded: all patients together, and no arm."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from alsdecline.figures.captions import MOST_NAMED
from alsdecline.report import excerpts
from alsdecline.report import page as report
from alsdecline.report import patient_tables as patients
from alsdecline.report.beside import Beside
from alsdecline.report.decisions import decisions_of
from alsdecline.report.figures import inlined, thinned_courses
from alsdecline.report.foot import Provenance, foot_of
from alsdecline.report.outline import outlined
from alsdecline.report.page_templates import template_environment
from alsdecline.report.patient_flow import patient_flow
from alsdecline.report.plan import DescribedPlan
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import KEEP, number

TEMPLATE = "report/blinded_page.html.j2"


def printed_changes(changes: pd.DataFrame, outcomes: Mapping[str, str]) -> PrintedTable:
    """Print the changes from baseline of all patients, a row a visit.

    Parameters
    ----------
    changes : DataFrame
        outcome, visit, week, variable (CHG), n, mean, sd; one group of patients.
    outcomes : mapping of str to str
        Labels by id, a column each.

    Returns
    -------
    PrintedTable
        Mean (SD), n.
    """
    of_change = changes[changes["variable"] == "CHG"]
    rows = []
    for (_, visit), at in of_change.groupby(["week", "visit"], sort=True):
        cells = {
            row["outcome"]: f"{number(row['mean'], 1)} ({number(row['sd'], 1)}), "
            f"n = {row['n']:.0f}".replace(" ", KEEP)
            for _, row in at.iterrows()
        }
        rows.append([str(visit), *(cells.get(outcome, "") for outcome in outcomes)])
    return PrintedTable(["Visit", *outcomes.values()], rows)


def render_blinded_report(
    plan: DescribedPlan,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Path],
    provenance: Provenance,
    beside: Beside | None = None,
) -> str:
    """Render the report of a blinded trial.

    Parameters
    ----------
    plan : DescribedPlan
        With one arm, which all patients are in.
    tables : mapping of str to DataFrame
        The findings and the descriptive tables.
    figures : mapping of str to Path
        SVG files by name.
    provenance : mapping
        Digests of raw files, versions of software and of the project.
    beside : Beside, optional
        The file that patients' names lead to, where that is not within.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    outcomes = {o.id: o.label for o in plan.outcomes}
    shown = patients.patient_tables(plan, tables) | {
        "changes": printed_changes(tables["change_from_baseline"], outcomes),
        "findings": excerpts.printed_findings(tables["findings"]),
    }
    n_patients = patients.patient_counts(tables)[plan.arms.reference]
    page = (
        template_environment(beside.patients if beside else "")
        .get_template(TEMPLATE)
        .render(
            plan=plan,
            tables=shown,
            flow=patient_flow(plan, tables),
            left_out=report.left_out(tables),
            decisions=decisions_of(tables["decisions"], {}),
            crowded=n_patients > MOST_NAMED,
            thinned=thinned_courses([n_patients]),
            figures={name: inlined(name, path) for name, path in figures.items()},
            provenance=provenance,
            foot=foot_of(plan, provenance),
            beside=beside,
        )
    )
    return outlined(page)
