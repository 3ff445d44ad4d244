"""Which visits each patient has, what is missing there, and where findings are."""

import dataclasses
from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.datasets.visit_times import visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.long_files import row_of
from alsdecline.settings.columns import value_specs
from alsdecline.settings.data_plan import DataPlan

MOST_PATIENTS = 200
"""Patients up to whom the grid has all."""

FEWER_PATIENTS = 100
"""Patients that it has of more: those with the most findings."""

UNSCHEDULED = "Unscheduled"


@dataclasses.dataclass(frozen=True)
class GridCell:
    """What there is of a patient at a visit.

    Attributes
    ----------
    state : {"none", "empty", "part", "full", ""}
        No visit, a visit without values, with some or with all; nothing is said of
        records that are of no visit.
    missing : tuple of str
        Outcomes without a value at the visit.
    fatal, warnings : tuple of str
        The rules of the findings there.
    """

    state: str
    missing: tuple[str, ...] = ()
    fatal: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class VisitCounts:
    """How many patients have a visit, values there, and findings."""

    visit: str
    patients: int
    values: tuple[int, ...]
    fatal: int
    warnings: int


@dataclasses.dataclass(frozen=True)
class VisitGrid:
    """Visits by patients.

    Attributes
    ----------
    outcomes, visits : tuple of str
        Labels.
    n_patients : int
        All, of whom the grid may have fewer.
    rows : dict of str to list of GridCell
        By patient: a cell for each visit, and one of other records.
    counts : list of VisitCounts
        Of all patients, visit by visit.
    nowhere : int
        Findings of no patient's row: on files, columns and strangers.
    """

    outcomes: tuple[str, ...]
    visits: tuple[str, ...]
    n_patients: int
    rows: dict[str, list[GridCell]]
    counts: list[VisitCounts]
    nowhere: int


def _placed_visits(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return patient, place in the schedule, and whether each outcome has a value."""
    visits = files.tables["visits"]
    weeks = visit_weeks(plan, visits, visit_days(plan, files))
    schedule = list(plan.visits.schedule)
    at = {week: place for place, week in enumerate(schedule)}
    place = weeks.map(at).fillna(len(schedule)).astype("int64")
    there = {
        outcome.label: outcome_values(plan, visits, outcome).notna()
        for outcome in plan.outcomes
        if not outcome.sum_of
    }
    return pd.DataFrame({"patient": visits["patient"], "place": place, **there})


def _places_of_rows(
    plan: DataPlan, files: TrialFiles, visits: pd.DataFrame, records: int
) -> pd.DataFrame:
    """Return whose each raw row is, and at which place of the grid; one a row."""
    parts = []
    rows_of = {"visits": [ROW]}
    if "measurements" in files.sources:
        rows_of["measurements"] = [row_of(name) for name in value_specs(plan)]
    for table, columns in rows_of.items():
        for column in columns:
            rows = files.tables["visits"][column]
            part = visits[["patient", "place"]].assign(row=rows)
            parts.append(part.assign(file=files.sources[table].file))
    for table, frame in files.tables.items():
        if table != "visits":
            part = frame[["patient"]].assign(row=frame[ROW], place=records)
            parts.append(part.assign(file=files.sources[table].file))
    found = pd.concat(parts, ignore_index=True).dropna(subset=["row", "patient"])
    return found.astype({"row": "int64"}).drop_duplicates(["file", "row"])


def _placed_findings(
    findings: Sequence[Finding], places: pd.DataFrame
) -> tuple[pd.DataFrame, int]:
    """Return patient, place, severity and rule of findings, and how many have none."""
    of_rows = pd.DataFrame(
        {
            "file": [f.file for f in findings],
            "row": [-1 if f.row is None else f.row for f in findings],
            "severity": [f.severity for f in findings],
            "rule": [str(f.rule) for f in findings],
        }
    ).astype({"row": "int64"})
    placed = of_rows.merge(places, on=["file", "row"], how="inner")
    return placed, len(of_rows) - len(placed)


def _counts(
    labels: Sequence[str],
    outcomes: Sequence[str],
    visits: pd.DataFrame,
    placed: pd.DataFrame,
) -> list[VisitCounts]:
    found = []
    for place, label in enumerate(labels):
        here = visits[visits["place"] == place]
        at = placed[placed["place"] == place]["severity"]
        fatal, warnings = int((at == "fatal").sum()), int((at == "warning").sum())
        values = tuple(int(here[outcome].sum()) for outcome in outcomes)
        n_patients = int(here["patient"].nunique())
        found.append(VisitCounts(label, n_patients, values, fatal, warnings))
    return found


def _shown_patients(patients: Sequence[str], placed: pd.DataFrame) -> list[str]:
    """Return all patients, or of many those who have the most findings."""
    if len(patients) <= MOST_PATIENTS:
        return list(patients)
    found = placed.assign(fatal=placed["severity"] == "fatal", all=1)
    ranked = found.groupby("patient")[["fatal", "all"]].sum()
    ranked = ranked.sort_values(["fatal", "all"], ascending=False, kind="stable")
    chosen = set(ranked.index[:FEWER_PATIENTS])
    return [patient for patient in patients if patient in chosen]


def _cells(
    shown: Sequence[str],
    n_places: int,
    outcomes: Sequence[str],
    visits: pd.DataFrame,
    placed: pd.DataFrame,
) -> dict[str, list[GridCell]]:
    """Return the cells of the patients that are shown."""
    rows = {p: [GridCell("none")] * n_places + [GridCell("")] for p in shown}
    here = visits[visits["patient"].isin(shown)]
    there = here.groupby(["patient", "place"])[list(outcomes)].any()
    for key, values in zip(there.index, there.to_numpy(dtype=bool), strict=True):
        patient, place = cast("tuple[str, int]", key)
        missing = tuple(np.array(outcomes, dtype=object)[~values])
        state = "part" if values.any() else "empty"
        cell = GridCell("full" if values.all() else state, missing)
        rows[patient][place] = cell
    of_shown = placed[placed["patient"].isin(shown)]
    rules: dict[tuple[str, int], dict[str, list[str]]] = {}
    columns = (of_shown[name] for name in ("patient", "place", "severity", "rule"))
    for patient, place, severity, rule in zip(*columns, strict=True):
        of_cell = rules.setdefault((patient, place), {"fatal": [], "warning": []})
        of_cell.setdefault(severity, []).append(rule)
    for (patient, place), by in rules.items():
        rows[patient][place] = dataclasses.replace(
            rows[patient][place],
            fatal=tuple(dict.fromkeys(by["fatal"])),
            warnings=tuple(dict.fromkeys(by["warning"])),
        )
    return rows


def visit_grid(
    plan: DataPlan, files: TrialFiles, findings: Sequence[Finding]
) -> VisitGrid:
    """Lay out visits by patients.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables; what could not be read is missing.
    findings : sequence of Finding
        All that was found.

    Returns
    -------
    VisitGrid
        Of up to :data:`MOST_PATIENTS` all, else of :data:`FEWER_PATIENTS` who have
        findings. An unscheduled visit stands under :data:`UNSCHEDULED`, if there is
        any. No value of any cell is in it.
    """
    visits = _placed_visits(plan, files).dropna(subset=["patient"])
    labels = [plan.visits.name_of(week) for week in plan.visits.schedule]
    if (visits["place"] == len(labels)).any():
        labels.append(UNSCHEDULED)
    outcomes = list(visits.columns.drop(["patient", "place"]))
    places = _places_of_rows(plan, files, visits, len(labels))
    placed, nowhere = _placed_findings(findings, places)
    patients = sorted(set(files.tables["subjects"]["patient"].dropna()))
    if not patients:  # the subjects could not be read
        patients = sorted(set(visits["patient"]))
    strangers = ~placed["patient"].isin(patients)
    known, nowhere = placed[~strangers], nowhere + int(strangers.sum())
    visits = visits[visits["patient"].isin(patients)]
    shown = _shown_patients(patients, known)
    return VisitGrid(
        tuple(outcomes),
        tuple(labels),
        len(patients),
        _cells(shown, len(labels), outcomes, visits, known),
        _counts(labels, outcomes, visits, known),
        nowhere,
    )
