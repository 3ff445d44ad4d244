"""The raw files of a trial as typed tables, with what is wrong cell by cell."""

import dataclasses
import functools
from pathlib import Path

import pandas as pd

from alsdecline.raw.decisions import AppliedDecision
from alsdecline.raw.findings import Finding
from alsdecline.raw.long_files import (
    check_measurements,
)
from alsdecline.raw.missed_visits import without_missed_visits
from alsdecline.raw.near_meanings import translations_told
from alsdecline.raw.near_values import patients_told, selection_told
from alsdecline.raw.one_file import own_columns, own_records, told_once
from alsdecline.raw.partial_dates import from_randomisation_on, with_ends_after_starts
from alsdecline.raw.private_findings import without_unused_values
from alsdecline.raw.pseudonyms import called_by_pseudonyms
from alsdecline.raw.relative_times import with_dates
from alsdecline.raw.repeated_subjects import one_row_a_patient
from alsdecline.raw.repeats import AVERAGED, chosen_values, told_choice
from alsdecline.raw.rules import Rule, Severity
from alsdecline.raw.same_visits import ORDER, unplanned_apart
from alsdecline.raw.schema import check_table
from alsdecline.raw.summary_rows import summary_rows
from alsdecline.raw.tables import RawTable, read_raw
from alsdecline.raw.trial_decisions import TrialDecisions
from alsdecline.raw.visit_values import visits_with_values
from alsdecline.raw.wide_files import check_wide
from alsdecline.settings.columns import column_specs, value_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.tables import Table

NEVER_EMPTY = ("subjects", "allocation", "visits")
"""Tables without rows of which there is no trial."""

OTHER_ARM = "_arm_of_subjects"
"""Column of the arm that the subjects file has, where the allocation file counts."""


@dataclasses.dataclass(frozen=True)
class TrialFiles:
    """The raw tables, typed, by our column names; each has the line of its record.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``subjects``, ``visits`` and those of ``allocation``, ``exposure``, ``events``
        and ``adverse_events`` that the configuration names. The subjects have their
        arm, wherever it stands in the raw files; the visits have a column for
        each outcome and item, wherever the values stand in the raw files, and the row
        of each value's cell.
    sources : dict of str to Table
        The file and column names of each raw table.
    visit_rows : DataFrame
        The visits before any of repeated values is chosen.
    averaged : DataFrame
        Of means of repeated values: their column, its row in the visits, and each
        other row that they are made of (:data:`alsdecline.raw.repeats.AVERAGED`).
    decisions : list of AppliedDecision
        What was decided on the data, as the tables have it.
    identities : frozenset of str
        Texts by which a patient can be known, which no finding may show.
    visit_days : Series or None
        Days from time zero to each visit, where they were reckoned once for all who ask
        (:func:`alsdecline.datasets.visit_times.with_visit_days`).
    filled : dict of str to Series
        Of columns of the visits that `one_of:` makes, by ours: the file's column that
        has the cell, by row.
    """

    tables: dict[str, pd.DataFrame]
    sources: dict[str, Table]
    visit_rows: pd.DataFrame
    averaged: pd.DataFrame
    decisions: list[AppliedDecision] = dataclasses.field(default_factory=list)
    identities: frozenset[str] = frozenset()
    visit_days: pd.Series | None = None
    filled: dict[str, pd.Series] = dataclasses.field(default_factory=dict)

    def column_name(self, table: str, column: str, row: float | None = None) -> str:
        """Return a column's name in its file; where rows differ, of that row."""
        name = self.sources[table].columns.get(column, column)
        if table == "visits" and column in self.filled:
            return str(self.filled[column].get(row, name))
        return name

    def value_cells(self, column: str, row: float | None = None) -> tuple[str, str]:
        """Return the raw table of an outcome's values, and their column's name."""
        if "measurements" in self.sources:
            return "measurements", self.column_name("measurements", "value")
        return "visits", self.column_name("visits", column, row)

    def column_names(self, column: str, rows: pd.Series) -> pd.Series:
        """Return the name in its file of the column of each value of an outcome."""
        table, name = self.value_cells(column)
        if table == "visits" and column in self.filled:
            return rows.map(self.filled[column]).fillna(name)
        return pd.Series(name, rows.index)

    def finding(
        self,
        table: str,
        rule: Rule,
        row: int | None,
        column: str,
        value: object,
        message: str,
        severity: Severity | None = None,
    ) -> Finding:
        """Make a finding about a record of a table, by our column name."""
        file = self.sources[table].place
        line = None if row is None else int(row)
        name = self.column_name(table, column, line)
        return Finding.by_rule(
            rule, file, line, name, text_of(value), message, severity
        )

    def value_finding(
        self, rule: Rule, row: float, column: str, value: object, message: str
    ) -> Finding:
        """Make a finding about a cell that holds a value of an outcome."""
        table, name = self.value_cells(column, row)
        file = self.sources[table].place
        return Finding.by_rule(rule, file, int(row), name, text_of(value), message)


def text_of(value: object) -> str:
    """Return a value about as the raw file has it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _read_all(
    plan: DataPlan, folder: Path, decisions: TrialDecisions
) -> tuple[dict[str, RawTable], list[Finding]]:
    """Read each table as text, those rows alone that are of patients of the trial."""
    raws, findings = {}, []
    left_out: set[str] = set()
    specs, columns = column_specs(plan), own_columns(plan)
    for name, table in raw_tables(plan).items():
        raw, found = read_raw(
            folder / table.file,
            table,
            columns[name],
            functools.partial(decisions.apply, table.place),
            pseudonyms=bool(plan.pseudonyms),
        )
        selected = not any(f.rule == Rule.COLUMN_MISSING for f in found)
        found += selection_told(raw, table, plan.blinded) if selected else ()
        if name not in NEVER_EMPTY:
            found = [_none_happened(f) for f in found]
        if "patient" in raw.frame:
            if name == "subjects":
                kept = {*raw.frame["patient"], ""}
                left_out = set(raw.left_out["patient"]) - kept
            ours = ~raw.frame["patient"].isin(left_out)
            found += patients_told(raw, ours)
            raw = dataclasses.replace(raw, frame=raw.frame[ours])
        found += translations_told(raw, table, specs[name])
        raws[name] = raw
        findings += found
    return raws, findings


def _none_happened(finding: Finding) -> Finding:
    """Return a finding that lets a table be empty, since nothing may have happened."""
    remedies = {
        Rule.NO_ROWS: "at least one row is needed",
        Rule.NONE_SELECTED: "correct it",
    }
    if finding.rule not in remedies:
        return finding
    fault = finding.message.removesuffix(remedies[finding.rule])
    message = f"{fault}taken as none. Check that it is all"
    return dataclasses.replace(finding, severity="warning", message=message)


def _typed_tables(
    plan: DataPlan, raws: dict[str, RawTable]
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    specs = column_specs(plan)
    tables, findings = {}, []
    for name, raw in raws.items():
        if name == "measurements":
            typed, found = check_measurements(raw, specs[name], value_specs(plan))
        else:
            check = check_wide if raw.visits else check_table
            typed, found = check(raw, specs[name])
        if name == "subjects":
            found += summary_rows(typed, raw)
        for start in ("date", "start_date"):
            typed = with_ends_after_starts(typed, start, "end_date")
        tables[name] = typed
        findings += found
    return tables, findings


def _sources(plan: DataPlan, raws: dict[str, RawTable]) -> dict[str, Table]:
    """Return the raw tables with the ends of doses that a file has unasked."""
    sources, doses = raw_tables(plan), raws.get("exposure")
    if doses is not None and "end_date" in doses.frame:
        own = sources["exposure"]
        columns = {"end_date": "end_date"} | own.columns
        sources["exposure"] = own.model_copy(update={"columns": columns})
    return sources


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
        On files, headers and single cells. Those on whole rows and unused columns have
        no value.
    """
    decisions = TrialDecisions(plan, folder)
    raws, findings = _read_all(plan, folder, decisions)
    if plan.pseudonyms:
        raws, found, called = called_by_pseudonyms(plan, raws)
        decisions.call_patients(called)
        findings += found
    raws = decisions.without_patients(raws)
    findings += decisions.findings
    raws = own_records(plan, raws)
    raws["visits"] = without_missed_visits(plan, raws)
    tables, found = _typed_tables(plan, raws)
    tables = told_once(plan, with_dates(plan, tables, raws))
    tables = unplanned_apart(from_randomisation_on(tables))
    findings += found
    if len(plan.arms.groups) == 1:
        tables["subjects"]["arm"] = plan.arms.groups[0].id
    if not plan.data.subjects.one_row_a_patient:
        tables["subjects"], found = one_row_a_patient(
            tables["subjects"], raws["subjects"]
        )
        findings += found
    if "allocation" in tables:
        allocated = tables["allocation"].dropna(subset=["patient"])
        arm_of = allocated.drop_duplicates("patient").set_index("patient")["arm"]
        subjects = tables["subjects"]
        subjects[OTHER_ARM] = subjects["arm"]
        subjects["arm"] = subjects["patient"].map(arm_of).astype("object")
    visits, found = visits_with_values(plan, tables, raws)
    findings += found
    tables.pop("measurements", None)
    files = TrialFiles(
        tables | {"visits": visits},
        _sources(plan, raws),
        visits,
        pd.DataFrame(columns=AVERAGED),
        decisions.applied,
        frozenset().union(*(raw.identities for raw in raws.values())),
        filled=raws["visits"].filled,
    )
    if plan.visits.repeats != "refuse":
        files, found = _with_chosen_values(plan, files)
        findings += found
    return files, without_unused_values(plan, raws, findings)


def _with_chosen_values(
    plan: DataPlan, files: TrialFiles
) -> tuple[TrialFiles, list[Finding]]:
    """Choose among repeated values, and tell what was chosen."""
    visits, averaged, chosen = chosen_values(plan, files.tables["visits"])
    tables = files.tables | {"visits": visits.drop(columns=ORDER)}
    found = []
    for one in chosen:
        table, name = files.value_cells(one.column, one.rows[0])
        file, rule = files.sources[table].place, Rule.REPEATED_VALUE
        message = told_choice(one, plan.visits.repeats)
        found.append(Finding.by_rule(rule, file, one.rows[0], name, "", message))
    return dataclasses.replace(files, tables=tables, averaged=averaged), found
