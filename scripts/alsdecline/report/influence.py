"""What the primary estimate would be without each patient, as the report says it."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.fits.plan import DEFAULT, WEAK
from alsdecline.report.cells import Cell, cell_of, ids_of
from alsdecline.report.estimates import (
    GATES_MISSED,
    STATEMENTS,
    digits_of,
    estimate_cell,
    interval_cell,
)
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import Footnote, PrintedTable
from alsdecline.report.words import interval, number, percent


@dataclasses.dataclass(frozen=True)
class PrintedInfluence:
    """How much single patients move the primary estimate.

    Attributes
    ----------
    sentence, weak_sentence : str
        The range of the estimates, and whether one patient turns the answer; the same
        with the weak prior, which holds nothing still, empty where it was not fitted.
    table : PrintedTable
        A row a patient, the most influential first.
    """

    sentence: str
    weak_sentence: str
    table: PrintedTable


def _side(row: pd.Series) -> int:
    """Tell on which side of zero a whole interval lies; 0 if it contains zero."""
    return int(row["lower"] > 0) - int(row["upper"] < 0)


def _digits(left_out: pd.DataFrame) -> int:
    """Return the decimals of a range over fits of fewer draws, and of differences."""
    return min(digits_of(row).estimate for _, row in left_out.iterrows())


def _printed_row(row: pd.Series, primary: pd.Series, digits: int) -> list[str]:
    """Print the estimate without one patient, and how far that moved it."""
    return [
        Cell(
            str(row["without"]) + ("" if row["passed"] else GATES_MISSED),
            patients=[str(row["without"])],
        ),
        estimate_cell(row),
        interval_cell(row),
        cell_of(percent(row["probability"]), row, "probability"),
        Cell(
            number(row["shift"], digits),
            [*ids_of(row, "estimate"), *ids_of(primary, "estimate")],
        ),
    ]


def _sentence(left_out: pd.DataFrame, primary: pd.Series, which: str) -> Cell:
    """Say between what the estimates lie, and whether one patient turns the answer."""
    digits = _digits(left_out)
    turned = [
        row["without"] for _, row in left_out.iterrows() if _side(row) != _side(primary)
    ]
    verdict = (
        f"without {', '.join(map(str, turned))} the interval would lie otherwise "
        "about zero"
        if turned
        else "no single patient decides whether the interval contains zero"
    )
    estimates = left_out["estimate"]
    spread = interval(estimates.min(), estimates.max(), digits)
    by_estimate = left_out.sort_values("estimate", kind="stable")
    printed = (by_estimate.iloc[0], by_estimate.iloc[-1], primary)
    return Cell(
        f"With one patient left out in turn {which} runs from {spread}, where it is "
        f"{number(primary['estimate'], digits)} with all; {verdict}.",
        [value_id for row in printed for value_id in ids_of(row, "estimate")],
    )


def printed_influence(
    plan: ReportPlan, influence: pd.DataFrame, primary: pd.Series, weak: pd.Series
) -> PrintedInfluence | None:
    """Print the primary estimate without each patient.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    influence : DataFrame
        Estimates with one patient left out.
    primary, weak : Series
        The primary estimate, and that with the weak prior: estimate, lower, upper.

    Returns
    -------
    PrintedInfluence or None
        None where no patient was left out.
    """
    estimand = plan.primary_estimand
    without = influence[
        (influence["outcome"] == estimand.outcome)
        & (influence["model"] == estimand.model)
        & (influence["arm"] == estimand.treatment)
        & (influence["quantity"] == estimand.summary)
    ]
    left_out = without[without["prior"] == DEFAULT]
    if left_out.empty:
        return None
    of_weak = without[without["prior"] == WEAK]
    left_out = left_out.assign(shift=left_out["estimate"] - primary["estimate"])
    order = left_out["shift"].abs().sort_values(ascending=False, kind="stable").index
    left_out = left_out.loc[order]
    digits = _digits(left_out)
    level = f"{100 * plan.summaries.interval:g}%"
    statement, _ = STATEMENTS[estimand.summary]
    return PrintedInfluence(
        _sentence(left_out, primary, "the primary estimate"),
        Cell("")
        if of_weak.empty
        else _sentence(of_weak, weak, "the estimate with the weak prior"),
        PrintedTable(
            ["Without", "Estimate", f"{level} interval", "Probability", "Moved by"],
            [_printed_row(row, primary, digits) for _, row in left_out.iterrows()],
            (
                Footnote(f"Posterior probability: {statement}.", "Probability"),
                Footnote(
                    "The estimate without the patient less that of all.", "Moved by"
                ),
            ),
        ),
    )


def not_left_out(plan: ReportPlan, tables: Mapping[str, pd.DataFrame]) -> str:
    """Say that nobody was left out since the patients are too many; else nothing.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    tables : mapping of str to DataFrame
        With ``influence`` and ``numbers_analysed``.
    """
    analysed = tables["numbers_analysed"]
    patients = analysed[analysed["outcome"].isin(plan.fit.outcomes)]
    most = patients.groupby("outcome")["patients"].sum().max()
    limit = plan.fit.leave_out_at_most
    if len(tables["influence"]) or not most > limit:
        return ""
    return (
        "how far each moves the answer was not computed, for there are more than "
        f"{limit}, up to which they are left out in turn (influence: patients_at_most: "
        "in config.yaml)."
    )
