"""Decisions on the data as the report prints them, and who was left out by them."""

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from alsdecline.report.cells import Cell
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import listed

MOST_DECISIONS = 40
"""Decisions that are printed; the file of them has all."""

FILE = "results/lineage/decisions.csv"

DECISION_HEADS = [
    "Patient",
    "Visit",
    "Decision",
    "Of",
    "Value",
    "Now",
    "Who, when",
    "Why",
]


def _place(decision: Mapping[Any, str]) -> str:
    """Say what a decision is about."""
    rows = decision["rows"].replace(" ", ", ")
    parts = [
        decision["file"],
        f"row {rows}" if rows else "",
        decision["column"],
    ]
    return ", ".join(part for part in parts if part) or "all records"


def decision_cells(decision: Mapping[Any, str]) -> list[str]:
    """Return what stands of a decision under the heads but that of the patient."""
    kind, rule = decision["kind"], decision["rule"]
    return [
        decision["visit"],
        f"{kind} ({rule})" if rule else kind,
        _place(decision),
        decision["value"],
        decision["new_value"] or ("left out" if kind == "exclusion" else ""),
        f"{decision['who']}, {decision['when']}",
        decision["why"],
    ]


def printed_decisions(decisions: pd.DataFrame) -> PrintedTable:
    """Print decisions, a row each.

    Parameters
    ----------
    decisions : DataFrame
        From :func:`alsdecline.raw.trial_decisions.decisions_table`, as text.

    Returns
    -------
    PrintedTable
        The first :data:`MOST_DECISIONS`.
    """
    rows: list[list[str]] = [
        [Cell(d["patient"], patients=[d["patient"]]), *decision_cells(d)]
        for d in decisions.head(MOST_DECISIONS).to_dict("records")
    ]
    return PrintedTable(DECISION_HEADS, rows)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def decision_counts(decisions: pd.DataFrame) -> str:
    """Say how many decisions there are of each kind, and where all stand.

    Parameters
    ----------
    decisions : DataFrame
        As :func:`printed_decisions` has it.

    Returns
    -------
    str
        Empty where there are none.
    """
    if decisions.empty:
        return ""
    kinds = decisions["kind"]
    nouns = {"correction": "correction", "exclusion": "exclusion"}
    counts = [
        _counted(int((kinds == kind).sum()), noun)
        for kind, noun in {**nouns, "accepted": "accepted finding"}.items()
        if (kinds == kind).any()
    ]
    shown = (
        f" The first {MOST_DECISIONS} are shown; all are in {FILE}."
        if len(decisions) > MOST_DECISIONS
        else ""
    )
    return f"{listed(counts).capitalize()}; the raw files stay as they are.{shown}"


def patients_left_out(
    decisions: pd.DataFrame, arms: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Say how many patients were left out by decisions, by arm and reason.

    Parameters
    ----------
    decisions : DataFrame
        As :func:`printed_decisions` has it.
    arms : mapping of str to str
        Labels by id; one alone, or none known, is not named.

    Returns
    -------
    list of tuple of str
        What of whom, and why; empty where nobody was.
    """
    of_patients = decisions[
        (decisions["kind"] == "exclusion") & (decisions["file"] == "")
    ]
    found = []
    for key, group in of_patients.groupby(["arm", "why"], sort=False):
        arm, why = map(str, cast("tuple[str, str]", key))
        of_arm = f" in {arms[arm]}" if len(arms) > 1 and arm in arms else ""
        names = listed(sorted(group["patient"]))
        found.append((f"{_counted(len(group), 'patient')}{of_arm} ({names})", why))
    return found


def decisions_of(decisions: pd.DataFrame, arms: Mapping[str, str]) -> dict[str, Any]:
    """Return what a page says of decisions: ``counts``, ``table`` and ``left_out``."""
    return {
        "counts": decision_counts(decisions),
        "table": printed_decisions(decisions),
        "left_out": patients_left_out(decisions, arms),
    }
