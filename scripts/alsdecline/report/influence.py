"""What the primary estimate would be without each patient, as the report says it."""

import dataclasses

import pandas as pd

from alsdecline.report.estimates import estimate_cell, interval_cell
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import Cell, PrintedTable, cell_of, ids_of
from alsdecline.report.words import digits_for, interval, number, percent


@dataclasses.dataclass(frozen=True)
class PrintedInfluence:
    """How much single patients move the primary estimate.

    Attributes
    ----------
    sentence : str
        The range of the estimates, and whether one patient turns the answer.
    table : PrintedTable
        A row a patient, the most influential first.
    """

    sentence: str
    table: PrintedTable


def _side(row: pd.Series) -> int:
    """Tell on which side of zero a whole interval lies; 0 if it contains zero."""
    return int(row["lower"] > 0) - int(row["upper"] < 0)


def printed_influence(
    plan: ReportPlan, influence: pd.DataFrame, primary: pd.Series
) -> PrintedInfluence | None:
    """Print the primary estimate without each patient.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    influence : DataFrame
        Estimates with one patient left out.
    primary : Series
        The primary estimate: estimate, lower, upper.

    Returns
    -------
    PrintedInfluence or None
        None where no patient was left out.
    """
    estimand = plan.primary_estimand
    mine = influence[
        (influence["outcome"] == estimand.outcome)
        & (influence["model"] == estimand.model)
        & (influence["arm"] == estimand.treatment)
        & (influence["quantity"] == estimand.summary)
    ]
    if mine.empty:
        return None
    mine = mine.assign(shift=mine["estimate"] - primary["estimate"])
    order = mine["shift"].abs().sort_values(ascending=False, kind="stable").index
    mine = mine.loc[order]
    digits = digits_for(primary["lower"], primary["upper"])
    rows = [
        [
            str(row["without"])
            + (" (computation missed its gates)" if not row["passed"] else ""),
            estimate_cell(row, digits),
            interval_cell(row, digits),
            cell_of(percent(row["probability"]), row, "probability"),
            Cell(
                number(row["shift"], digits),
                [*ids_of(row, "estimate"), *ids_of(primary, "estimate")],
            ),
        ]
        for _, row in mine.iterrows()
    ]
    turned = [r["without"] for _, r in mine.iterrows() if _side(r) != _side(primary)]
    verdict = (
        f"without {', '.join(map(str, turned))} the interval would lie otherwise "
        "about zero"
        if turned
        else "no single patient decides whether the interval contains zero"
    )
    spread = interval(mine["estimate"].min(), mine["estimate"].max(), digits)
    level = f"{100 * plan.summaries.interval:g}%"
    by_estimate = mine.sort_values("estimate", kind="stable")
    ends = [by_estimate.iloc[0], by_estimate.iloc[-1]]
    said = (
        f"With one patient left out in turn the primary estimate runs from {spread}, "
        f"where it is {number(primary['estimate'], digits)} with all; {verdict}."
    )
    ids = [one for row in (*ends, primary) for one in ids_of(row, "estimate")]
    return PrintedInfluence(
        Cell(said, ids),
        PrintedTable(
            ["Without", "Estimate", f"{level} interval", "Probability", "Moved by"],
            rows,
        ),
    )
