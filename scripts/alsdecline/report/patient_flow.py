"""The flow of the patients through the trial, laid out: who entered, and who stayed."""

import dataclasses
import textwrap
from collections.abc import Iterator, Mapping

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS
from alsdecline.report.cells import Cell, ids_of
from alsdecline.report.plan import DescribedPlan, ReportPlan

Stage = tuple[Cell, str]
"""How many were in a stage, and what it is called."""

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
        Of which the numbers analysed are; empty where nobody is.
    """

    entered: Cell
    arms: list[ArmFlow]
    outcome: str


def _count(row: pd.Series, column: str = "n") -> Cell:
    return Cell(f"{row[column]:.0f}", ids_of(row, column))


def _rows(table: pd.DataFrame, arm: str, status: str) -> list[pd.Series]:
    found = table[(table["arm"] == arm) & (table["status"] == status)]
    return [row for _, row in found.iterrows()]


def _stages(plan: DescribedPlan, table: pd.DataFrame, arm: str) -> list[Stage]:
    """Return the stages of an arm but the analysis, each with how many it had."""
    [entered] = _rows(table, arm, "randomized")
    enrolled = plan.alone and not plan.trial.blinded
    found = [(_count(entered), "enrolled" if enrolled else "randomised")]
    for status, word in STAGES.items():
        found += [(_count(row), word) for row in _rows(table, arm, status)[:1]]
    return found


def _of_population(plan: ReportPlan, table: pd.DataFrame, arm: str) -> Iterator[Cell]:
    """Yield who of an arm is in the population of the primary estimand."""
    population = plan.populations.get(plan.primary_estimand.population)
    for row in _rows(table, arm, POPULATION):
        if row["reason"] == population:
            said = f"{row['n']:.0f} in the population {population}"
            yield Cell(said, ids_of(row, "n"))


def _lost(table: pd.DataFrame, arm: str) -> Iterator[Cell]:
    """Yield who of an arm did not complete, with the reasons that are recorded."""
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


def _boxes(stages: list[Stage]) -> list[Box]:
    """Stand stages side by side."""
    n = len(stages)
    width = (WIDTH - INDENT - GAP * (n - 1)) / n
    return [
        Box(number, word, round(INDENT + place * (width + GAP), 2), round(width, 2))
        for place, (number, word) in enumerate(stages)
    ]


def _analysed(plan: ReportPlan, numbers: pd.DataFrame, arm: str) -> list[Stage]:
    """Return the last stage of an arm: who has a value of the primary outcome."""
    of_arm = (numbers["outcome"] == plan.primary_estimand.outcome) & (
        numbers["arm"] == arm
    )
    rows = [row for _, row in numbers[of_arm].iterrows()]
    return [(_count(row, "patients"), "analysed") for row in rows]


def patient_flow(plan: DescribedPlan, tables: Mapping[str, pd.DataFrame]) -> Flow:
    """Lay out the flow of the patients, an arm below the other.

    Parameters
    ----------
    plan : DescribedPlan
        While the trial is blinded with one arm, which all patients are in, and nobody
        is analysed.
    tables : mapping of str to DataFrame
        With those of disposition and of numbers analysed.

    Returns
    -------
    Flow
        Stages and ends that the data do not have are left out.
    """
    table = tables["disposition"]
    table = table.assign(reason=table["reason"].fillna(""))
    arms, outcome = [], ""
    for arm, label in plan.arm_labels.items():
        stages, lines = _stages(plan, table, arm), [*_lost(table, arm)]
        if isinstance(plan, ReportPlan):
            stages += _analysed(plan, tables["numbers_analysed"], arm)
            lines = [*_of_population(plan, table, arm), *lines]
        below = [Line.of(text) for text in lines]
        arms.append(ArmFlow(Line.of(Cell(label)), _boxes(stages), below))
    if isinstance(plan, ReportPlan):
        labels = {one.id: one.label for one in plan.outcomes}
        outcome = labels[plan.primary_estimand.outcome]
    entered = Cell("")
    if not plan.alone:
        [row] = _rows(table, ALL_ARMS, "randomized")
        entered = _count(row)
    return Flow(entered, arms, outcome)
