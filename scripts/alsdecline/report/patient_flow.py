"""The flow of the patients through the trial, laid out: who entered, and who stayed."""

import dataclasses
import textwrap
from collections.abc import Iterator

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.tables import Cell, ids_of

STAGES = {"dosed": "treated", "completed": "completed"}
"""Statuses that a trial may have between entry and analysis, as boxes call them."""

POPULATION = "in the population"
"""Status of those in an analysis population, whose label is its reason."""

ENDS = {
    "withdrawn": "withdrew",
    "died": "died",
    "no record of the end": "without a record of the end",
}
"""Ends before the trial's, as lines call them."""

LETTERS = 44
"""So many stand on a line of the narrowest page."""

WIDTH, GAP, INDENT = 99.5, 3.0, 4.0
"""Of the picture, between boxes, and before the first, in percent of the width."""


@dataclasses.dataclass(frozen=True)
class Box:
    """A stage and how many of an arm were in it.

    Attributes
    ----------
    number : Cell
        How many.
    word : str
        What the stage is called.
    at, width : float
        Where it begins and how wide it is, in percent of the picture.
    """

    number: Cell
    word: str
    at: float
    width: float


@dataclasses.dataclass(frozen=True)
class Line:
    """A sentence that may take several lines.

    Attributes
    ----------
    text : Cell
        All of it, with the ids of its numbers.
    parts : list of str
        Its lines.
    """

    text: Cell
    parts: list[str]

    @classmethod
    def of(cls, text: Cell) -> "Line":
        """Break a sentence into lines."""
        return cls(text, textwrap.wrap(text, LETTERS) or [""])


@dataclasses.dataclass(frozen=True)
class ArmFlow:
    """The flow of an arm.

    Attributes
    ----------
    name : Line
        What it is called.
    boxes : list of Box
        From entry to analysis.
    lines : list of Line
        Who did not complete, and why; who is in the population analysed.
    """

    name: Line
    boxes: list[Box]
    lines: list[Line]


@dataclasses.dataclass(frozen=True)
class Flow:
    """The flow of all arms.

    Attributes
    ----------
    entered : Cell
        How many entered, of all arms; empty where there is one alone.
    arms : list of ArmFlow
        In their order.
    outcome : str
        Of which the numbers analysed are.
    """

    entered: Cell
    arms: list[ArmFlow]
    outcome: str


def _count(row: pd.Series, column: str = "n") -> Cell:
    return Cell(f"{row[column]:.0f}", ids_of(row, column))


def _rows(table: pd.DataFrame, arm: str, status: str) -> list[pd.Series]:
    found = table[(table["arm"] == arm) & (table["status"] == status)]
    return [row for _, row in found.iterrows()]


def _stages(plan: ReportPlan, table: pd.DataFrame, arm: str) -> list[tuple[Cell, str]]:
    """Return the stages of an arm but the analysis, each with how many it had."""
    [entered] = _rows(table, arm, "randomized")
    found = [(_count(entered), "enrolled" if plan.alone else "randomised")]
    for status, word in STAGES.items():
        found += [(_count(row), word) for row in _rows(table, arm, status)[:1]]
    return found


def _lines(plan: ReportPlan, table: pd.DataFrame, arm: str) -> Iterator[Cell]:
    """Yield who of an arm did not complete, with the reasons that are recorded.

    Where the primary estimand is of a population, who of the arm is in it.
    """
    population = plan.populations.get(plan.primary_estimand.population)
    for row in _rows(table, arm, POPULATION):
        if row["reason"] == population:
            yield Cell(
                f"{row['n']:.0f} in the population {population}", ids_of(row, "n")
            )
    for status, words in ENDS.items():
        rows = [row for row in _rows(table, arm, status) if row["n"] > 0]
        if not rows:
            continue
        whole = rows[0]
        reasons = [row for row in rows if str(row["reason"])]
        said, ids = f"{whole['n']:.0f} {words}", [*ids_of(whole, "n")]
        if reasons:
            named = [f"{row['reason']} {row['n']:.0f}" for row in reasons]
            said += f": {', '.join(named)}"
            ids += [name for row in reasons for name in ids_of(row, "n")]
        yield Cell(said, ids)


def _boxes(stages: list[tuple[Cell, str]]) -> list[Box]:
    """Stand stages side by side."""
    n = len(stages)
    width = (WIDTH - INDENT - GAP * (n - 1)) / n
    return [
        Box(number, word, round(INDENT + place * (width + GAP), 2), round(width, 2))
        for place, (number, word) in enumerate(stages)
    ]


def patient_flow(plan: ReportPlan, results: Results) -> Flow:
    """Lay out the flow of the patients, an arm below the other.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        With the tables of disposition and of numbers analysed.

    Returns
    -------
    Flow
        Stages and ends that the data do not have are left out.
    """
    table = results.tables["disposition"]
    table = table.assign(reason=table["reason"].fillna(""))
    outcome = plan.primary_estimand.outcome
    analysed = results.tables["numbers_analysed"]
    analysed = analysed[analysed["outcome"] == outcome]
    labels = {one.id: one.label for one in plan.outcomes}
    arms = []
    for arm, label in plan.arm_labels.items():
        stages = _stages(plan, table, arm)
        stages += [
            (_count(row, "patients"), "analysed")
            for _, row in analysed[analysed["arm"] == arm].iterrows()
        ]
        lines = [Line.of(text) for text in _lines(plan, table, arm)]
        arms.append(ArmFlow(Line.of(Cell(label)), _boxes(stages), lines))
    entered = Cell("")
    if not plan.alone:
        [row] = _rows(table, ALL_ARMS, "randomized")
        entered = _count(row)
    return Flow(entered, arms, labels[outcome])
