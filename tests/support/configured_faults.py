"""Faults of raw files for which the bundled trial is configured otherwise.

Each puts the configuration, and the files that it needs, into a copy of the bundled
trial.
"""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from support.data_faults import ADVERSE, EXPOSURE, SUBJECTS, VISITS, Fault
from support.trial_folder import (
    Edit,
    added_row,
    cell,
    content,
    replaced,
    row_text,
    together,
    without_rows,
)
from support.written_formats import typed

CONFIG = "config.yaml"
ALLOCATION = "data/allocation.csv"
MEASUREMENTS = "data/measurements.csv"
WORKBOOK = "data/visits.xlsx"
WIDE = "data/wide.csv"
WIDE_NAMES = {
    "visit_date": "date",
    "norris_limb": "limb",
    "norris_bulbar": "bulbar",
    "norris_total": "total",
    "fvc_percent": "fvc",
}
DECISIONS = "data/decisions.csv"
DECISION_COLUMNS = [
    *("kind", "file", "patient", "visit", "column", "value", "new_value", "rule"),
    *("who", "when", "why"),
]
OUTCOMES = ("norris_limb", "norris_bulbar", "norris_total", "fvc_percent")


def configured(file: str, more: str) -> Edit:
    """Say more of a raw file in the configuration."""
    return replaced(CONFIG, f"    file: {file}\n", f"    file: {file}\n    {more}\n")


def _with_table(name: str, file: str) -> Edit:
    """Name one more raw file in the configuration."""
    table = f"  {name}:\n    file: {file}\n    columns: {{patient: subject_id}}\n"
    return replaced(CONFIG, "  cutoff: 2005", f"{table}  cutoff: 2005")


def _decided(*place: str, who: str = "AB", rule: str = "", times: int = 1) -> Edit:
    """Decide on a value of 5, that it is 55 if it is corrected."""
    kind, file, patient, visit, column = place
    new = "55" if kind == "correction" else ""
    row = [kind, file, patient, visit, column, "5", new, rule, who, "2006-01-01", "x"]

    def edit(folder: Path) -> None:
        replaced(CONFIG, "  cutoff: 2005", f"  decisions: {DECISIONS}\n  cutoff: 2005")(
            folder
        )
        _written(folder, DECISIONS, [DECISION_COLUMNS, *([row] * times)])

    return edit


def _written(folder: Path, file: str, rows: list[list[str]]) -> None:
    text = "".join(",".join(row) + "\n" for row in rows)
    (folder / file).write_text(text, encoding="utf-8")


def _records(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _allocation_apart(folder: Path) -> None:
    """Put the arms into a file of their own; rows are those of the subjects."""
    _with_table("allocation", ALLOCATION)(folder)
    subjects = _records(folder, SUBJECTS)
    arms = [[subject["subject_id"], subject["arm"]] for subject in subjects]
    _written(folder, ALLOCATION, [["subject_id", "arm"], *arms])


def measurements_apart(folder: Path) -> None:
    """Put the values into a file of their own, one a row; visits are V0, V2, ..."""
    _with_table("measurements", MEASUREMENTS)(folder)
    visits = [["subject_id", "visit", "visit_week", "visit_date"]]
    values = [["subject_id", "visit", "parameter", "value", "date"]]
    for record in _records(folder, VISITS):
        patient, week, date = list(record.values())[:3]
        visits.append([patient, f"V{week}", week, date])
        values += [[patient, f"V{week}", name, record[name], date] for name in OUTCOMES]
    _written(folder, VISITS, visits)
    _written(folder, MEASUREMENTS, values)


def periods(folder: Path) -> None:
    """Let each dose be a period of its day."""
    header, *lines = (folder / EXPOSURE).read_text(encoding="utf-8").splitlines()
    rows = [[f"{header},until"], *([f"{n},{n.split(',')[1]}"] for n in lines)]
    _written(folder, EXPOSURE, rows)


def _two_items(folder: Path) -> None:
    """Make the vital capacity the total of two items, each at every other visit."""
    scale = (
        "scales:\n  pair: {name: pair, unit: points, minimum: 0, maximum: 2, "
        "whole_points: true, better: higher, item_maxima: [1, 1], source: made up}\n"
    )
    together(
        replaced(CONFIG, "arms:\n", f"{scale}\narms:\n"),
        replaced(CONFIG, "scale: fvc_percent", "scale: pair"),
        replaced(CONFIG, "column: fvc_percent", "items: [first, second]"),
    )(folder)
    header, *lines = (folder / VISITS).read_text(encoding="utf-8").splitlines()
    halves = [f"{line},{'1,' if i % 2 else ',1'}" for i, line in enumerate(lines)]
    rows = [[f"{header},first,second"], *([line] for line in halves)]
    _written(folder, VISITS, rows)


def _sex_as_covariate(folder: Path) -> None:
    """Let intercepts and slopes of all models depend on sex."""
    covariates = "  covariates: [{column: sex, levels: [F, M]}]\n"
    prior = b"\n      covariates: {sex: {baseline_sd: 5, slope_sd: 1}}"
    together(
        replaced(CONFIG, "models:\n", f"models:\n{covariates}"),
        content(
            CONFIG,
            lambda old: b"\n".join(
                line + prior if line.startswith(b"      sd_residual:") else line
                for line in old.split(b"\n")
            ),
        ),
    )(folder)


def _with_end_dates(folder: Path) -> None:
    """Let each dose be a period that ends on the day on which it starts."""
    replaced(CONFIG, "date: dose_date,", "date: dose_date, end_date: dose_end,")(folder)
    header, *lines = (folder / EXPOSURE).read_text(encoding="utf-8").splitlines()
    rows = [[f"{header},dose_end"], *([f"{x},{x.split(',')[1]}"] for x in lines)]
    _written(folder, EXPOSURE, rows)


def _folder_in_place(folder: Path) -> None:
    """Put a folder where the visits' file is, which none can read."""
    (folder / VISITS).unlink()
    (folder / VISITS).mkdir()


def _called_transport(folder: Path) -> None:
    """Let the visits' file be called as a transport file is."""
    replaced(CONFIG, VISITS, "data/visits.xpt")(folder)
    (folder / VISITS).rename(folder / "data/visits.xpt")


def _workbook(change: Callable[[Any], object]) -> Edit:
    """Let the visits' file be an Excel workbook, and change its sheet."""

    def edit(folder: Path) -> None:
        replaced(CONFIG, VISITS, WORKBOOK)(folder)
        table = typed(folder / VISITS)
        book = openpyxl.Workbook()
        book.active.append(list(table))
        for row in zip(*table.values(), strict=True):
            book.active.append(list(row))
        change(book.active)
        book.save(folder / WORKBOOK)

    return edit


def _called_parquet(folder: Path) -> None:
    """Let the visits' file be called as a Parquet file is."""
    replaced(CONFIG, VISITS, "data/visits.parquet")(folder)
    (folder / VISITS).rename(folder / "data/visits.parquet")


def _recorded_baseline(folder: Path) -> None:
    """Have the limb score's baseline in the subjects file too; IGF-001 has 55 there."""
    replaced(
        CONFIG,
        "    column: norris_limb\n",
        "    column: norris_limb\n    baseline: {column: limb_at_entry, use: row}\n",
    )(folder)
    firsts = {
        r["subject_id"]: r["norris_limb"] for r in reversed(_records(folder, VISITS))
    }
    header, *lines = (folder / SUBJECTS).read_text(encoding="utf-8").splitlines()
    rows = [[f"{header},limb_at_entry"]]
    rows += [[f"{line},{firsts[line.split(',')[0]]}"] for line in lines]
    _written(folder, SUBJECTS, rows)


def _made_wide(folder: Path) -> None:
    """Put the visits into a row a patient, with one column more."""
    values: dict[str, dict[str, str]] = {}
    for record in _records(folder, VISITS):
        for ours, start in WIDE_NAMES.items():
            own = values.setdefault(record["subject_id"], {})
            own[f"{start}_{record['visit_week']}"] = record[ours]
    names = list(dict.fromkeys(n for own in values.values() for n in own))
    rows = [[p, *(own.get(n, "") for n in names), "9"] for p, own in values.items()]
    _written(folder, WIDE, [["subject_id", *names, "fvc_BL"], *rows])
    columns = ", ".join(f"{o}: '{s}_{{week}}'" for o, s in WIDE_NAMES.items())
    replaced(
        CONFIG,
        f"    file: {VISITS}\n    columns: {{patient: subject_id}}\n",
        f"    file: {WIDE}\n    columns: {{patient: subject_id, {columns}}}\n",
    )(folder)


CONFIGURED_FAULTS: dict[str, Fault] = {
    "in another arm than allocated": Fault(
        together(_allocation_apart, cell(ALLOCATION, 3, "arm", "high")),
        "arms_differ",
        SUBJECTS,
        3,
        "arm",
        "low",
        "in arm 'high' in data/allocation.csv, which counts; correct the one",
        fatal=False,
        others=("dose_of_arm",),
    ),
    "periods of dosing that overlap": Fault(
        together(
            replaced(CONFIG, "date: dose_date,", "date: dose_date, end_date: until,"),
            periods,
            cell(EXPOSURE, 2, "until", "2003-04-02"),
        ),
        "overlapping_doses",
        EXPOSURE,
        3,
        "dose_date",
        "2003-03-31",
        "before the end, on 2003-04-02, of the period in row 2; correct the date",
        fatal=False,
    ),
    "file that cannot be read": Fault(
        _folder_in_place, "unreadable", VISITS, None, "", "", "Is a directory"
    ),
    "packed under another name": Fault(
        content(VISITS, gzip.compress), "gzip", VISITS, None, "", "", "end in .gz"
    ),
    "no transport file": Fault(
        _called_transport,
        "transport",
        "data/visits.xpt",
        None,
        "",
        "",
        "is no SAS transport file, version 5 or 8; export it again",
    ),
    "no Parquet file": Fault(
        _called_parquet,
        "damaged",
        "data/visits.parquet",
        None,
        "",
        "",
        "cannot be read as Parquet",
    ),
    "two sheets": Fault(
        _workbook(lambda sheet: sheet.parent.create_sheet("Legend").append(["x"])),
        "sheet",
        WORKBOOK,
        None,
        "",
        "",
        "2 sheets with cells ('Sheet', 'Legend'); say which is read, as `sheet: Sheet`",
    ),
    "formula without a result": Fault(
        _workbook(lambda sheet: sheet.__setitem__("G3", "=100+4")),
        "formula",
        WORKBOOK,
        3,
        "fvc_percent",
        "",
        "a formula of which the workbook holds no result",
    ),
    "merged cells": Fault(
        _workbook(lambda sheet: sheet.merge_cells("G3:G4")),
        "merged_cells",
        WORKBOOK,
        3,
        "fvc_percent",
        "",
        "the cells G3:G4 are merged, so only the first has a value",
    ),
    "error of a formula in a text": Fault(
        cell(SUBJECTS, 2, "onset_site", "#REF!"),
        "error_cell",
        SUBJECTS,
        2,
        "onset_site",
        "#REF!",
        "the error of a formula; correct that and save the file again",
    ),
    "another encoding than is said": Fault(
        together(
            configured(ADVERSE, "encoding: ascii"),
            content(ADVERSE, lambda old: old.replace(b"Nausea", "Nausée".encode())),
        ),
        "encoding",
        ADVERSE,
        24,
        "term",
        "Naus\u00c3\u00a9e",
        "byte 0xc3 is not of ascii, as `encoding:` in config.yaml says",
    ),
    "no visit selected": Fault(
        configured(VISITS, 'where: {visit_week: ["99"]}'),
        "none_selected",
        VISITS,
        None,
        "",
        "",
        "no row is left by `where:` in config.yaml (visit_week 99); correct it",
    ),
    "no adverse event selected": Fault(
        configured(ADVERSE, "where: {serious: [Y]}"),
        "none_selected",
        ADVERSE,
        None,
        "",
        "",
        "taken as none. Check that it is all",
        fatal=False,
    ),
    "dropped column that is not there": Fault(
        configured(SUBJECTS, "drop: [surnam]"),
        "dropped_column",
        SUBJECTS,
        None,
        "surnam",
        "",
        "or take it out of `drop:`",
        fatal=False,
    ),
    "selected value that no row has": Fault(
        configured(ADVERSE, "where: {serious: [N, n]}"),
        "where_value",
        ADVERSE,
        None,
        "serious",
        "n",
        "correct it if it is misspelt",
        fatal=False,
    ),
    "no adverse event": Fault(
        content(ADVERSE, lambda old: old.split(b"\n")[0] + b"\n"),
        "no_rows",
        ADVERSE,
        None,
        "",
        "",
        "taken as none. Check that it is all",
        fatal=False,
    ),
    "recorded baseline that is not the measured one": Fault(
        together(_recorded_baseline, cell(SUBJECTS, 2, "limb_at_entry", "54")),
        "baseline_differs",
        SUBJECTS,
        2,
        "limb_at_entry",
        "54",
        "patient IGF-001 has 55 in row 2 of the visits, which is used; correct one",
        fatal=False,
    ),
    "cutoff of another trial": Fault(
        replaced(CONFIG, "cutoff: 2005-12-31", "cutoff: 2025-12-31"),
        "distant_cutoff",
        VISITS,
        None,
        "visit_date",
        "2004-08-29",
        "the data cutoff, 2025-12-31, is 21 years after the last date; correct",
        fatal=False,
    ),
    # the rows of a visit are its limb, bulbar, total and vital capacity
    "absent parameter": Fault(
        together(
            measurements_apart, replaced(CONFIG, "column: fvc_percent", "column: FVC")
        ),
        "parameter_missing",
        MEASUREMENTS,
        None,
        "parameter",
        "",
        "no row has the parameter 'FVC'",
    ),
    "measurement at no visit": Fault(
        together(measurements_apart, cell(MEASUREMENTS, 9, "visit", "V3")),
        "unknown_visit",
        MEASUREMENTS,
        9,
        "visit",
        "V3",
        "patient IGF-001 has no such visit in the visits file",
    ),
    "measurement on another day than the visit": Fault(
        together(measurements_apart, cell(MEASUREMENTS, 9, "date", "2003-04-01")),
        "visit_date",
        MEASUREMENTS,
        9,
        "date",
        "2003-04-01",
        "the visits file has 2003-03-31, which is used",
        fatal=False,
    ),
    "measurement entered twice": Fault(
        together(
            measurements_apart,
            row_text(
                MEASUREMENTS,
                9,
                "IGF-001,V2,fvc_percent,104,\nIGF-001,V2,fvc_percent,95,",
            ),
        ),
        "duplicate_value",
        MEASUREMENTS,
        10,
        "parameter",
        "fvc_percent",
        "fvc_percent of visit V2 is in row 9 too; if it was measured repeatedly, say",
    ),
    "repeated vital capacity": Fault(
        together(
            replaced(CONFIG, "  window_days: 6", "  repeats: worst\n  window_days: 6"),
            added_row(VISITS, "IGF-001,2,2003-03-31,,,,95"),
        ),
        "repeated_value",
        VISITS,
        3,
        "fvc_percent",
        "",
        "at one visit (rows 3 and 171); used is row 171, by `repeats: worst`",
        fatal=False,
    ),
    "column of a visit that tells no time": Fault(
        _made_wide,
        "wide_column",
        WIDE,
        1,
        "fvc_BL",
        "",
        "fits 'fvc_{week}', but 'BL' tells no time, so it is not used; if it is a",
        fatal=False,
    ),
    "characteristic that changes": Fault(
        together(
            configured(SUBJECTS, "one_row_a_patient: false"),
            added_row(SUBJECTS, "IGF-001,high,2003-03-17,M,81,bulbar,39.1,N"),
        ),
        "subject_differs",
        SUBJECTS,
        11,
        "age",
        "81",
        "patient IGF-001 has '80' in row 2",
    ),
    "patient without an allocation": Fault(
        together(_allocation_apart, without_rows(ALLOCATION, "IGF-009")),
        "no_allocation",
        SUBJECTS,
        10,
        "subject_id",
        "IGF-009",
        f"no allocation in {ALLOCATION}",
    ),
    "patient with two allocations": Fault(
        together(_allocation_apart, added_row(ALLOCATION, "IGF-001,low")),
        "duplicate_allocation",
        ALLOCATION,
        11,
        "subject_id",
        "IGF-001",
        "same subject_id as row 2; if the patient was allocated twice, leave out",
    ),
    "arm without patients": Fault(
        together(
            content(SUBJECTS, lambda old: old.replace(b",low,", b",high,")),
            content(EXPOSURE, lambda old: old.replace(b",0.5", b",3")),
        ),
        "empty_arm",
        SUBJECTS,
        None,
        "arm",
        "",
        "no patient in arm 'low'",
    ),
    "group called as those that are pooled": Fault(
        configured(
            SUBJECTS, "pooled: [{column: SG, of: onset_site, fewest: 2, label: limb}]"
        ),
        "pooled_label",
        SUBJECTS,
        3,
        "onset_site",
        "limb",
        "choose another `label` in config.yaml",
    ),
    "covariate of no level": Fault(
        together(_sex_as_covariate, cell(SUBJECTS, 3, "sex", "f")),
        "covariate",
        SUBJECTS,
        3,
        "sex",
        "f",
        "sex of patient IGF-002, a covariate of the models, is none of the levels",
    ),
    "items never at one visit": Fault(
        _two_items, "no_total", VISITS, None, "", "", "no visit has the items"
    ),
    "patient without a value": Fault(
        content(
            VISITS,
            lambda old: b"\n".join(
                line.rpartition(b",")[0] + b"," if line.startswith(b"IGF-003") else line
                for line in old.split(b"\n")
            ),
        ),
        "no_values",
        VISITS,
        41,
        "fvc_percent",
        "",
        "patient IGF-003 has no value and is in no analysis",
        fatal=False,
    ),
    "total without its parts": Fault(
        cell(VISITS, 3, "norris_limb", ""),
        "unused_total",
        VISITS,
        3,
        "norris_total",
        "82",
        "parts of Norris total are missing, so this total is not used",
        fatal=False,
    ),
    "dose of no arm": Fault(
        cell(EXPOSURE, 2, "dose_ug_per_kg", "2"),
        "dose_of_arm",
        EXPOSURE,
        2,
        "dose_ug_per_kg",
        "2",
        "of no arm, but the patient is in arm 'high' (3)",
        fatal=False,
    ),
    "period of dosing without an end": Fault(
        together(_with_end_dates, cell(EXPOSURE, 2, "dose_end", "")),
        "no_end_date",
        EXPOSURE,
        2,
        "dose_end",
        "",
        "it counts as one day",
        fatal=False,
    ),
    "decision that nobody made": Fault(
        _decided("correction", VISITS, "IGF-001", "2", "norris_limb", who=""),
        "decision_form",
        DECISIONS,
        2,
        "who",
        "",
        "every decision says who made it, when and why",
    ),
    "decision on a value that was corrected since": Fault(
        _decided("correction", VISITS, "IGF-001", "2", "norris_limb"),
        "decision_unfit",
        DECISIONS,
        2,
        "",
        "",
        "the cell is '55' and not '5', as the decision has it",
    ),
    "accepted finding that is none": Fault(
        _decided("accepted", VISITS, "IGF-001", "2", "norris_total", rule="sum"),
        "decision_unfit",
        DECISIONS,
        2,
        "",
        "",
        "sum, value '5', is not found there, or no more",
        fatal=False,
    ),
    "decision made twice": Fault(
        together(
            cell(VISITS, 3, "norris_limb", "5"),
            _decided("correction", VISITS, "IGF-001", "2", "norris_limb", times=2),
        ),
        "decision_repeated",
        DECISIONS,
        3,
        "",
        "",
        "decides what row 2 decides too",
    ),
    "severity that a rule cannot have": Fault(
        replaced(
            CONFIG,
            "  cutoff: 2005",
            "  severities: {quotes: {severity: warning, reason: x}}\n  cutoff: 2005",
        ),
        "severity",
        CONFIG,
        None,
        "",
        "",
        "cannot be a warning, for with its findings nothing can be analysed",
    ),
}
