"""Rules on what was before the trial: onset, diagnosis, ages at both."""

from collections.abc import Iterator
from itertools import pairwise

from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.partial_dates import FROM, TEXT, TO, day_known
from alsdecline.raw.rules import Rule
from alsdecline.settings.columns import HISTORY
from alsdecline.settings.data_plan import DataPlan

LOOK_UP = "; look up both, and correct the one that is wrong"

DATES = (*HISTORY, "randomisation_date")
"""Columns of dates in the order that they have."""


def dates_out_of_order(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find onsets after diagnosis, and either of them after randomisation."""
    subjects = files.tables["subjects"]
    there = [column for column in DATES if column in subjects]
    if plan.file_unit is not None:
        there = [column for column in there if column in HISTORY]
    for earlier, later in pairwise(there):
        yield from _after(files, earlier, later)
    if len(there) == len(DATES):  # an onset after randomisation, diagnosis unknown
        unknown = subjects[HISTORY[1]].isna() & (
            day_known(subjects, HISTORY[1], TO).isna()
        )
        for finding in _after(files, HISTORY[0], DATES[2]):
            if unknown[subjects[ROW] == finding.row].any():
                yield finding


def _after(files: TrialFiles, earlier: str, later: str) -> Iterator[Finding]:
    """Find dates that are after a later one, whichever days they may be."""
    subjects = files.tables["subjects"]
    first, last = day_known(subjects, earlier, FROM), day_known(subjects, later, TO)
    for subject in subjects[first > last].to_dict("records"):
        shown = {
            column: subject.get(column + TEXT) or f"{subject[column]:%Y-%m-%d}"
            for column in (earlier, later)
        }
        other = later.removesuffix("_date")
        yield files.finding(
            "subjects",
            Rule.HISTORY_ORDER,
            subject[ROW],
            earlier,
            shown[earlier],
            f"after the {other} on {shown[later]}{LOOK_UP}",
        )


def numbers_out_of_order(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find characteristics that are more than what they are never more than."""
    subjects = files.tables["subjects"]
    labels = {c.column: c.label for c in plan.data.subjects.characteristics}
    for characteristic in plan.data.subjects.characteristics:
        column, other = characteristic.column, characteristic.not_after
        if other is None or other not in subjects:
            continue
        more = subjects[subjects[column] > subjects[other]]
        for subject in more.to_dict("records"):
            message = (
                f"more than {labels[other]} ({files.column_name('subjects', other)}), "
                f"{subject[other]:g}{LOOK_UP}"
            )
            yield files.finding(
                "subjects",
                Rule.HISTORY_ORDER,
                subject[ROW],
                column,
                subject[column],
                message,
            )
