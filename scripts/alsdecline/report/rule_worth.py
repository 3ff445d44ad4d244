"""What the plan's decision rule is worth: how often simulated trials meet it."""

import pandas as pd

from alsdecline.report.cells import Cell, cell_of
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.words import counted, number

TABLE = "operating_characteristics"


def _percent(row: pd.Series, column: str) -> str:
    share, error = 100 * float(row[column]), 100 * float(row[f"{column}_error"])
    return f"{number(share, 1)}% (Monte Carlo standard error {number(error, 1)})"


def _effect(plan: ReportPlan, row: pd.Series) -> str:
    prior = plan.rule_worth[str(row["scenario"])].design_prior.get(str(row["arm"]))
    unit = f"{plan.scales[plan.primary_estimand.outcome].unit} a {plan.per}"
    if prior is not None:
        drawn = f"{number(prior.mean)} (SD {number(prior.sd)}) {unit}"
        return f"true effects drawn about {drawn}"
    effect = float(row["effect"])
    if effect == 0:
        return "no true effect"
    return f"a true effect of {number(effect)} {unit}"


def _sentence(plan: ReportPlan, row: pd.Series) -> Cell:
    labels = plan.arm_labels
    patients = (
        f"{counted(row['patients'], 'patient')} on {labels[row['arm']]}, "
        f"{number(row['reference_patients'], 0)} on {labels[plan.arms.reference]}"
    )
    columns = ["trials", "patients", "reference_patients", "effect", "success"]
    columns.append("success_error")
    futile = ""
    if "futile" in row and pd.notna(row["futile"]):
        futile = f" and {_percent(row, 'futile')} futile"
        columns += ["futile", "futile_error"]
    text = (
        f"Of {number(row['trials'], 0)} simulated trials with {_effect(plan, row)} "
        f"({patients}) it calls {_percent(row, 'success')} a success{futile}."
    )
    return cell_of(text, row, *columns)


def rule_worth(plan: ReportPlan, results: Results) -> list[Cell]:
    """Say how often simulated trials of chosen scenarios meet the plan's rule.

    Parameters
    ----------
    plan : ReportPlan
        With the scenarios that the report states.
    results : Results
        With the table ``operating_characteristics``, where there are any.

    Returns
    -------
    list of Cell
        A sentence a scenario, in the plan's order; empty where none is asked for.
    """
    if not plan.rule_worth or plan.decision is None:
        return []
    table = results.tables[TABLE]
    arm = plan.primary_estimand.treatment
    mine = table[(table["method"] == plan.rule_model) & (table["arm"] == arm)]
    rows = {row["scenario"]: row for _, row in mine.iterrows()}
    return [_sentence(plan, rows[name]) for name in plan.rule_worth]
