"""The raw files of a trial as typed tables, with what is wrong cell by cell."""

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from alsdecline.data_plan import DataPlan
from alsdecline.findings import Finding, Severity
from alsdecline.raw_tables import read_raw
from alsdecline.scales import scale_named
from alsdecline.settings import Table
from alsdecline.table_schema import ColumnSpec, check_table

EVENTS = ("completed", "withdrawn", "died")
SEVERITIES = ("mild", "moderate", "severe")


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


def raw_tables(plan: DataPlan) -> dict[str, Table]:
    """Return the raw tables that the configuration names."""
    data = plan.data
    named = {
        "subjects": data.subjects,
        "visits": data.visits,
        "exposure": data.exposure,
        "events": data.events,
        "adverse_events": data.adverse_events,
    }
    return {name: table for name, table in named.items() if table is not None}


def fixed_columns(
    latest: datetime.date | None = None, arms: tuple[str, ...] = ()
) -> dict[str, dict[str, ColumnSpec]]:
    """Return the columns that every trial has, with what they may hold.

    Parameters
    ----------
    latest : date, optional
        Last permitted date.
    arms : tuple of str
        Permitted arms.
    """
    date = ColumnSpec("date", latest=latest)
    text = ColumnSpec("text")
    optional = ColumnSpec("text", needed=False, blank=True)
    yes_no = ColumnSpec("text", needed=False, blank=True, permitted=("Y", "N"))
    late_date = dataclasses.replace(date, needed=False, blank=True)
    return {
        "subjects": {
            "patient": text,
            "arm": dataclasses.replace(text, permitted=arms),
            "randomisation_date": date,
        },
        "visits": {
            "patient": text,
            "visit_date": date,
            "visit_week": ColumnSpec("number", minimum=0),
        },
        "exposure": {
            "patient": text,
            "date": date,
            "dose": ColumnSpec("number", minimum=0),
        },
        "events": {
            "patient": text,
            "event": dataclasses.replace(text, permitted=EVENTS),
            "date": date,
            "reason": optional,
        },
        "adverse_events": {
            "patient": text,
            "term": text,
            "start_date": date,
            "end_date": late_date,
            "severity": dataclasses.replace(text, permitted=SEVERITIES),
            "serious": dataclasses.replace(yes_no, needed=True, blank=False),
            "related": yes_no,
        },
    }


def column_specs(plan: DataPlan) -> dict[str, dict[str, ColumnSpec]]:
    """Return what each column of each raw table of a trial may hold."""
    values = {}
    for outcome in plan.outcomes:
        if outcome.column is None:
            continue
        scale = scale_named(outcome.scale, plan.scales)
        values[outcome.column] = ColumnSpec(
            "number",
            blank=True,
            minimum=scale.minimum,
            maximum=scale.maximum,
            whole=scale.whole_points,
            about=scale.name,
        )
    characteristics = {
        c.column: ColumnSpec("number" if c.kind == "number" else "text", blank=True)
        for c in plan.data.subjects.characteristics
    }
    fixed = fixed_columns(plan.data.cutoff, tuple(arm.id for arm in plan.arms.groups))
    return fixed | {
        "subjects": fixed["subjects"] | characteristics,
        "visits": fixed["visits"] | values,
    }


def _read_tables(
    plan: DataPlan, folder: Path
) -> Iterator[tuple[str, pd.DataFrame, list[Finding]]]:
    specs = column_specs(plan)
    for name, table in raw_tables(plan).items():
        raw, unreadable = read_raw(folder / table.file, table.file, table.columns)
        typed, found = check_table(raw, specs[name])
        yield name, typed, unreadable + found


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
