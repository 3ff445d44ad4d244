"""The facts beside the answer: who was compared, what was lost, what weighed in."""

import math
from typing import Any

import pandas as pd

from alsdecline.analyses.row_names import ANY, ANY_SERIOUS, PATIENTS
from alsdecline.report.cells import Cell, ids_of
from alsdecline.report.estimates import digits_of
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.words import KEEP, counted, number, whole_percent

WORDS = {"higher": ("lost", "gained"), "lower": ("worse by", "better by")}
"""What a change for the worse is called and one for the better, by a scale's sense."""


def sizes(plan: ReportPlan, results: Results) -> dict[str, Cell]:
    """Say of each arm how many patients it has, and how many the answer rests on."""
    baseline = results.tables["baseline_characteristics"]
    analysed = results.tables["numbers_analysed"]
    analysed = analysed[analysed["outcome"] == plan.primary_estimand.outcome]
    found = {}
    for _, row in baseline[baseline["characteristic"] == PATIENTS].iterrows():
        said, ids = f"n{KEEP}={KEEP}{number(row['value'], 0)}", ids_of(row, "value")
        for _, of_arm in analysed[analysed["arm"] == row["arm"]].iterrows():
            if of_arm["patients"] < row["value"]:
                said += f", {of_arm['patients']:.0f} analysed"
                ids += ids_of(of_arm, "patients")
        found[row["arm"]] = Cell(said, ids)
    return found


def told_change(row: pd.Series, better: str, unit: str) -> Cell:
    """Say how far a mean course led, as a loss or a gain, with its interval.

    Parameters
    ----------
    row : Series
        estimate, lower and upper of a change.
    better : {"higher", "lower"}
        Which direction of the scale is better.
    unit : str
        What the change is in.

    Returns
    -------
    Cell
    """
    digits = digits_of(row)
    worse, gained = WORDS[better]
    down = -1 if better == "higher" else 1

    def word(value: float) -> str:
        return worse if value * down >= 0 else gained

    def size(name: str) -> str:
        return number(abs(row[name]), getattr(digits, name))

    ends = ["lower", "upper"] if better == "lower" else ["upper", "lower"]
    if word(row["lower"]) == word(row["upper"]):
        ends.sort(key=lambda name: abs(row[name]))
        interval = f"{size(ends[0])}{KEEP}to{KEEP}{size(ends[1])}"
    else:
        interval = " to ".join(f"{word(row[name])} {size(name)}" for name in ends)
    first = "estimate"
    said = f"{word(row[first])} {size(first)} {unit} ({interval})"
    return Cell(said, ids_of(row, first, *ends))


def changes(plan: ReportPlan, results: Results) -> list[tuple[str, Cell]]:
    """Say of each arm what was lost from time zero to the horizon by the model."""
    estimand = plan.primary_estimand
    rates = results.tables["rate_of_decline"]
    rows = rates[
        (rates["outcome"] == estimand.outcome)
        & (rates["model"] == estimand.model)
        & (rates["quantity"] == "change_at_horizon")
    ]
    by_arm = {row["arm"]: row for _, row in rows.iterrows()}
    scale = plan.scales[estimand.outcome]
    return [
        (label, told_change(by_arm[arm], scale.better, scale.unit))
        for arm, label in plan.arm_labels.items()
        if arm in by_arm
        and all(math.isfinite(by_arm[arm][c]) for c in ("estimate", "lower", "upper"))
    ]


def first_screen(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Gather the facts that stand beside the answer.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    dict
        ``sizes`` by arm, and ``changes`` by arm's label, none where none is given.
    """
    return {"sizes": sizes(plan, results), "changes": changes(plan, results)}


MOST_ARMS = 3
"""Arms of whose adverse events there is room."""


def harm(plan: ReportPlan, results: Results) -> list[Cell]:
    """Say of each arm how many patients had adverse events, how many, how often.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    list of Cell
        Of more than :data:`MOST_ARMS` arms, of those that the primary estimand is of;
        empty where adverse events are not part of the analysis.
    """
    table = results.tables["adverse_events"]
    said = []
    estimand = plan.primary_estimand
    of_primary = (plan.arms.reference, estimand.treatment)
    for arm, label in plan.arm_labels.items():
        if len(plan.arm_labels) > MOST_ARMS and arm not in of_primary:
            continue
        of_arm = table[(table["arm"] == arm) & table["severity"].isna()]
        rows = {row["term"]: row for _, row in of_arm.iterrows()}
        if ANY not in rows:
            return []
        every, serious = rows[ANY], rows[ANY_SERIOUS]
        said.append(
            Cell(
                f"{label}: {counted(every['patients'], 'patient')} "
                f"({whole_percent(every['percent'])}) had "
                f"{counted(every['events'], 'event')}, "
                f"{number(every['rate'], 1)} a patient-year; "
                f"{serious['patients']:.0f} had serious ones",
                [
                    *ids_of(every, "patients", "percent", "events", "rate"),
                    *ids_of(serious, "patients"),
                ],
            )
        )
    return said
