"""Findings that but follow from another one, of which the cause alone is told."""

from collections.abc import Collection

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables

ABSENT = (Rule.NO_VISITS, Rule.NO_VALUES, Rule.NO_BASELINE, Rule.NO_FOLLOW_UP)
"""What a patient lacks who may have it in a row that could not be read."""

OF_COLUMNS = (Rule.COLUMN_MISSING, Rule.MERGED_CELLS)
"""Rules of whole columns, of which then no cell is told, nor what needs them."""

CAUSES = (Rule.NOT_A_NUMBER, Rule.NOT_A_DATE, Rule.REQUIRED)
"""Rules of cells of which no value was taken."""


OF_ONE_VALUE = (
    Rule.SENTINEL,
    Rule.UNIT_CHANGED,
    Rule.UNIT_DIFFERS,
    Rule.OUTLIER,
    Rule.UNUSUAL,
    Rule.GAIN,
    Rule.DISTANT_DATE,
    Rule.COMPLETION_DAY,
)
"""What may be told of one strange value or date, what explains most first."""


def _told_of_cells(findings: list[Finding]) -> set[Finding]:
    """Return warnings of a cell of which a fatal finding, or a better one, tells."""
    fatal = {(f.file, f.row, f.column) for f in findings if f.severity == "fatal"}
    best: dict[tuple[str, int | None, str], int] = {}
    for f in findings:
        if f.rule in OF_ONE_VALUE:
            cell, rank = (f.file, f.row, f.column), OF_ONE_VALUE.index(f.rule)
            best[cell] = min(rank, best.get(cell, rank))
    return {
        f
        for f in findings
        if f.severity != "fatal"
        and f.row is not None
        and f.column
        and (
            (f.file, f.row, f.column) in fatal
            or (
                f.rule in OF_ONE_VALUE
                and OF_ONE_VALUE.index(f.rule) > best[f.file, f.row, f.column]
            )
        )
    }


def _names(plan: DataPlan, tables: Collection[str]) -> dict[str, str]:
    """Return the files of raw tables, with the column there that names the patient."""
    return {
        table.place: table.columns.get("patient", "patient")
        for name, table in raw_tables(plan).items()
        if name in tables
    }


def _rows_of_nobody(findings: list[Finding], patients: dict[str, str]) -> int:
    """Count the rows of files of which it is not known whose they are."""
    return len(
        {
            (f.file, f.row)
            for f in findings
            if f.file in patients
            and (
                f.rule == Rule.ROW_CELLS
                or (f.rule == Rule.REQUIRED and f.column == patients[f.file])
            )
        }
    )


def without_follow_ups(plan: DataPlan, findings: list[Finding]) -> list[Finding]:
    """Leave out what cannot be known before another finding is remedied.

    A patient is not unknown, nor without visits or a baseline, who may stand in a row
    that could not be read. Where such patients are more than such rows, all are told.
    Of one cell no warning is told beside what is fatal, nor what a better one explains.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    findings : list of Finding
        All that was found.

    Returns
    -------
    list of Finding
    """
    unreadable = {(f.file, f.row) for f in findings if f.rule in CAUSES}
    cells = {(f.file, f.row, f.column) for f in findings if f.rule in CAUSES}
    left_out = _told_of_cells(findings)
    unknown = [f for f in findings if f.rule == Rule.UNKNOWN_PATIENT]
    strangers = {f.value for f in unknown}
    lost = _rows_of_nobody(findings, _names(plan, ["subjects"]))
    if len(strangers) <= lost:
        left_out |= set(unknown)
    lost = _rows_of_nobody(findings, _names(plan, ["visits", "measurements"]))
    absent = [f for f in findings if f.rule in ABSENT and f.row is not None]
    if len({(f.file, f.row) for f in absent}) <= lost:
        left_out |= set(absent)
    absent_columns = {(f.file, f.column) for f in findings if f.rule in OF_COLUMNS}
    visits = raw_tables(plan)["visits"]
    planned = plan.planned_column or ""
    no_plan = (visits.place, visits.columns.get(planned, planned)) in absent_columns
    left_out |= {
        f
        for f in findings
        if (f.rule == Rule.REQUIRED and (f.file, f.column) in absent_columns)
        or (f.rule == Rule.UNSCHEDULED_VISIT and no_plan)
    }
    for f in findings:
        at_cell = f.rule in ABSENT and (f.file, f.row, f.column) in cells
        alone = f.rule == Rule.UNUSED_TOTAL and "; the first of " not in f.message
        if at_cell or (alone and (f.file, f.row) in unreadable):
            left_out.add(f)
    return [f for f in findings if f not in left_out] if left_out else findings
