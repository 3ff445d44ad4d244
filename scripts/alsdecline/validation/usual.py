"""Rules on numbers that are possible, and not usual."""

from collections.abc import Iterator

import pandas as pd

from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.courses import Course, course_of


def _message(usual: list[float], where: str) -> str:
    low, high = usual
    return (
        f"outside {low:g} to {high:g}, what is usual; check it and its unit against "
        f"its source, and leave it if it stands there, or set `usual:` of {where} in "
        "config.yaml"
    )


def _outside(values: pd.Series, usual: list[float]) -> pd.Series:
    low, high = usual
    return ~values.between(low, high)


def _possible(course: Course, values: pd.Series) -> pd.Series:
    """Return which values the scale permits; of the others is told already."""
    most = course.scale.maximum
    high = float("inf") if most is None else most
    return values.between(course.scale.minimum, high)


def _unusual(course: Course, known: list[float] | None) -> pd.Series:
    """Return which values are not usual.

    Of what the catalogue knows of a scale the worse end is of each patient's first
    value alone, for disease leads beyond it in the end.
    """
    values = course.rows["value"]
    if course.outcome.usual is not None:
        return _outside(values, course.outcome.usual)
    if known is None:
        return pd.Series(data=False, index=values.index)
    low, high = known
    first = ~course.rows["patient"].duplicated()
    if course.scale.better == "higher":
        return (values > high) | (first & (values < low))
    return (values < low) | (first & (values > high))


def _of_outcome(
    plan: DataPlan, files: TrialFiles, outcome: Outcome, days: pd.Series
) -> Iterator[Finding]:
    """Find unusual values of an outcome, at visits and as recorded baseline."""
    known = plan.usual.get(outcome.scale)
    usual = outcome.usual or known
    if usual is None:
        return
    message = _message(usual, f"outcome {outcome.id!r}")
    course = course_of(plan, files, outcome, days)
    unusual = _unusual(course, known) & _possible(course, course.rows["value"])
    for at in course.rows.index[unusual]:
        yield course.finding(files, Rule.UNUSUAL, int(at), message)
    if outcome.baseline is not None:
        values = files.tables["subjects"][outcome.baseline.column]
        strange = _possible(course, values) & _outside(values, usual)
        yield from _of_subjects(files, outcome.baseline.column, strange, message)


def _of_subjects(
    files: TrialFiles, column: str, strange: pd.Series, message: str
) -> Iterator[Finding]:
    """Tell of unusual numbers of the subjects."""
    subjects = files.tables["subjects"]
    for _, subject in subjects[strange].iterrows():
        yield files.finding(
            "subjects", Rule.UNUSUAL, subject[ROW], column, subject[column], message
        )


def unusual_values(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find values of outcomes and characteristics outside what is usual."""
    days = visit_days(plan, files)
    for outcome in plan.outcomes:
        if not outcome.sum_of:
            yield from _of_outcome(plan, files, outcome, days)
    for characteristic in plan.data.subjects.characteristics:
        if characteristic.usual is not None:
            column = characteristic.column
            values = files.tables["subjects"][column]
            strange = values.notna() & _outside(values, characteristic.usual)
            message = _message(characteristic.usual, f"characteristic {column!r}")
            yield from _of_subjects(files, column, strange, message)
