"""The raw files of a trial as typed tables, with what is wrong cell by cell."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from alsdecline.column_specs import column_specs, raw_tables
from alsdecline.data_plan import DataPlan
from alsdecline.findings import Finding, Severity
from alsdecline.raw_tables import read_raw
from alsdecline.settings import Table
from alsdecline.table_schema import check_table

NEVER_EMPTY = ("subjects", "visits")
"""Tables without rows of which there is no trial."""


@dataclasses.dataclass(frozen=True)
class TrialFiles:
    """The raw tables, typed, by our column names; each has the line of its record.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``subjects``, ``visits`` and those of ``exposure``, ``events`` and
        ``adverse_events`` that the configuration names.
    sources : dict of str to Table
        The file and column names of each.
    """

    tables: dict[str, pd.DataFrame]
    sources: dict[str, Table]

    def column_name(self, table: str, column: str) -> str:
        """Return a column's name in its file."""
        return self.sources[table].columns.get(column, column)

    def finding(
        self,
        table: str,
        severity: Severity,
        rule: str,
        row: int | None,
        column: str,
        value: object,
        message: str,
    ) -> Finding:
        """Make a finding about a record of a table, by our column name."""
        file = self.sources[table].file
        line = None if row is None else int(row)
        name = self.column_name(table, column)
        return Finding(severity, rule, file, line, name, text_of(value), message)


def text_of(value: object) -> str:
    """Return a value about as the raw file has it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _read_tables(
    plan: DataPlan, folder: Path
) -> Iterator[tuple[str, pd.DataFrame, list[Finding]]]:
    specs = column_specs(plan)
    for name, table in raw_tables(plan).items():
        raw, unreadable = read_raw(folder / table.file, table.file, table.columns)
        typed, found = check_table(raw, specs[name])
        if name not in NEVER_EMPTY:
            unreadable = [_none_happened(f) for f in unreadable]
        yield name, typed, unreadable + found


def _none_happened(finding: Finding) -> Finding:
    """Return a finding that lets a table be empty, since nothing may have happened."""
    if finding.rule != "no_rows":
        return finding
    message = "the file has a header but no rows; taken as none. Check that it is all"
    return dataclasses.replace(finding, severity="warning", message=message)


def read_trial_files(plan: DataPlan, folder: Path) -> tuple[TrialFiles, list[Finding]]:
    """Read all raw files of a trial.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder.

    Returns
    -------
    TrialFiles
    list of Finding
        On files, headers and single cells.
    """
    tables, findings = {}, []
    for name, frame, found in _read_tables(plan, folder):
        tables[name] = frame
        findings += found
    return TrialFiles(tables, raw_tables(plan)), findings
