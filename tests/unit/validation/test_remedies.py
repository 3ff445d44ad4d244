"""A finding leads: its remedy as it is printed, applied, lets the files pass.

What is right in a trial and not taken yet is not to be falsified: then the message says
so, and names no value that nobody measured.
"""

import csv
import dataclasses
import re
from pathlib import Path

import pytest
import yaml

from alsdecline.raw.findings import Finding
from support.configured_faults import CONFIG
from support.data_faults import SUBJECTS, VISITS
from support.trial_folder import (
    Edit,
    added_row,
    cell,
    content,
    copy_bundled_trial,
    findings_of,
    replaced,
    together,
)

TABLES = {SUBJECTS: "subjects", VISITS: "visits"}


def _named(name: str) -> Edit:
    """Call the column of the visits' dates otherwise in the file."""
    return replaced(VISITS, "visit_date", name)


def _recoded_arms(folder: Path) -> None:
    for old, new in (("low", "A"), ("high", "B")):
        path = folder / SUBJECTS
        path.write_text(path.read_text("utf-8").replace(f",{old},", f",{new},"))


def _all_cells(column: int, make: str) -> Edit:
    """Write the cells of a column of the visits in another form."""

    def edit(folder: Path) -> None:
        header, *lines = (folder / VISITS).read_text("utf-8").splitlines()
        rows = [line.split(",") for line in lines]
        for row in rows:
            year, month, day = row[column].split("-")
            row[column] = make.format(y=year, m=month, d=day)
        text = "\n".join([header, *(",".join(row) for row in rows)])
        (folder / VISITS).write_text(f"{text}\n", "utf-8")

    return edit


def _snippets(message: str) -> list[dict]:
    printed = re.findall("`([^`]*)`", message)
    texts = [text for text in printed if ": " in text and not text.endswith(":")]
    return [yaml.safe_load(text) for text in texts]


def apply(folder: Path, finding: Finding) -> None:
    """Do what a finding prints: the first setting, below its file, else the value."""
    path = folder / CONFIG
    config = yaml.safe_load(path.read_text("utf-8"))
    if snippets := _snippets(finding.message):
        table = config["data"][TABLES[finding.file]]
        for key, value in snippets[0].items():
            both = isinstance(value, dict) and isinstance(table.get(key), dict)
            for inner, meaning in value.items() if both else ():
                known = table[key].setdefault(inner, meaning)
                if isinstance(known, dict):
                    known |= meaning
            if not both:
                table[key] = value
        path.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        return
    written = re.search(r"write ([^ ;,]+)", finding.message)
    assert written, finding.message
    assert finding.row
    path = folder / finding.file
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[finding.row - 1][rows[0].index(finding.column)] = written[1]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


LEADS: dict[str, Edit] = {
    "column called otherwise": _named("VISITDT"),
    "column mistyped": _named("visit-Date"),
    "column with a common name": _named("date"),
    "arm in capitals": cell(SUBJECTS, 3, "arm", "LOW"),
    "dates by day": _all_cells(2, "{d}/{m}/{y}"),
    "dates by month": _all_cells(2, "{m}/{d}/{y}"),
    "dates without hyphens": _all_cells(2, "{y}{m}{d}"),
    "month by its name": cell(VISITS, 3, "visit_date", "31MAR2003"),
    "month by its whole name": cell(VISITS, 3, "visit_date", "31 March 2003"),
    "hour behind a blank": cell(VISITS, 3, "visit_date", "2003-03-31 10:30"),
    "decimal comma": cell(VISITS, 3, "fvc_percent", '"104,5"'),
    "marks of thousands": cell(VISITS, 3, "fvc_percent", '"1,000,000.5"'),
    "percent": cell(VISITS, 3, "fvc_percent", "104%"),
    "NA": cell(VISITS, 3, "fvc_percent", "NA"),
    "not done": cell(VISITS, 3, "fvc_percent", "Not done"),
    "below a limit": cell(VISITS, 3, "fvc_percent", "<20"),
    "code of a missing value": cell(VISITS, 3, "fvc_percent", "-9"),
    "name of a week": cell(VISITS, 3, "visit_week", "Week 2"),
}


@pytest.mark.parametrize("name", LEADS)
def test_the_remedy_as_it_is_printed_lets_the_files_pass(
    name: str, tmp_path: Path
) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    LEADS[name](trial)
    told = [f for f in findings_of(trial) if f.severity == "fatal"]
    assert told
    for finding in told:
        apply(trial, finding)
    still = [str(f) for f in findings_of(trial) if f.severity == "fatal"]
    assert still == [], [str(f) for f in told]


def test_which_arm_is_meant_is_not_guessed(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    _recoded_arms(trial)
    told = [f for f in findings_of(trial) if f.rule == "not_permitted"]
    assert {f.value for f in told} == {"A", "B"}
    # that nobody is in the plan's arms says nothing beside
    assert "empty_arm" not in {f.rule for f in findings_of(trial)}
    for finding in told:
        right = {"A": "low", "B": "high"}[finding.value]
        shown = finding.message.replace("MEANING", right)
        apply(trial, dataclasses.replace(finding, message=shown))
    assert [f for f in findings_of(trial) if f.severity == "fatal"] == []


# what may be right, the rule, what must be said of it, and what must not
HONEST: dict[str, tuple[Edit, str, str, str]] = {
    "comma of two meanings": (
        cell(VISITS, 3, "fvc_percent", '"3,210"'),
        "not_a_number",
        "3.210 if it is a decimal comma, 3210 if it marks thousands",
        "write 3",
    ),
    "day of two meanings": (
        cell(VISITS, 3, "visit_date", "03/04/2003"),
        "not_a_date",
        "2003-03-04 or 2003-04-03, by how the file counts",
        "write 2003",
    ),
    "date known in part": (
        cell(VISITS, 3, "visit_date", "2003-03"),
        "not_a_date",
        "a part is not known, which cannot be taken yet, and no day is to be made up",
        "write YYYY",
    ),
    "date with an unknown day": (
        cell(VISITS, 3, "visit_date", "UN-MAR-2003"),
        "not_a_date",
        "a part is not known",
        "write YYYY",
    ),
    "day of a spreadsheet": (
        cell(VISITS, 3, "visit_date", "37711"),
        "not_a_date",
        "2003-03-31 in Excel, by `date_format: excel`, 2063-04-01 in SAS, by",
        "write YYYY",
    ),
    "visit before screening": (
        cell(VISITS, 4, "visit_date", "2002-10-14"),
        "before_screening",
        "if it is right, write `screening_days:` below `visits:`",
        "correct",
    ),
    "visit of an unknown date": (
        cell(VISITS, 3, "visit_date", ""),
        "required",
        "a visit of unknown date cannot be placed, and is left out by `where:`",
        "remove",
    ),
    "visit by its name": (
        cell(VISITS, 2, "visit_week", "Baseline"),
        "not_a_number",
        '`recode: {visit_week: {Baseline: "0"}}`',
        "write digits",
    ),
    "patient who was not randomised": (
        cell(SUBJECTS, 3, "arm", ""),
        "required",
        "who was not randomised is left out, visits and all, by `where:`",
        "remove",
    ),
    "two visits on one day": (
        cell(VISITS, 4, "visit_date", "2003-03-31"),
        "duplicate_visit",
        "or each row has a part of the values, say below `visits:` which values count",
        "remove",
    ),
    "visit that was repeated": (
        added_row(VISITS, "IGF-001,2,2003-04-02,55,27,82,104"),
        "duplicate_visit",
        "if the visit was repeated, say below `visits:` which values count",
        "remove",
    ),
    "withdrawal and a later death": (
        added_row("data/events.csv", "IGF-004,died,2004-01-29,"),
        "duplicate_event",
        "leave out the row that does not end participation by an exclusion",
        "keep",
    ),
    "number with a unit": (
        cell(VISITS, 3, "fvc_percent", "3.2 L"),
        "not_a_number",
        "write 3.2 if the column's unit is 'L'; of another unit it must be converted",
        "correct",
    ),
    "dose that was given in error": (
        cell("data/exposure.csv", 2, "dose_ug_per_kg", "0.5"),
        "dose_of_arm",
        "if it was given in error, accept it by `data: decisions:`",
        "remove",
    ),
    "total that is only checked": (
        cell(VISITS, 3, "norris_total", "83"),
        "sum",
        "without `column:` of outcome 'total' it is not",
        "remove",
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_may_be_right_is_not_told_to_be_falsified(
    name: str, tmp_path: Path
) -> None:
    spoil, rule, says, says_not = HONEST[name]
    trial = copy_bundled_trial(tmp_path / "trial")
    spoil(trial)
    (found,) = [f for f in findings_of(trial) if f.severity == "fatal"]
    assert found.rule == rule
    assert says in found.message
    assert says_not not in found.message


FORMS: dict[str, tuple[bytes, str]] = {
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "is an Excel workbook"),
    "zip": (b"PK\x03\x04\x14\0data/visits.csv", "is a zip archive; unpack it"),
    "SPSS": (b"$FL2@(#) SPSS DATA FILE", "is a file of SPSS"),
    "Stata": (b"<stata_dta><header>", "is a file of Stata"),
    "SAS": (
        b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c",
        "is a SAS dataset",
    ),
    "transport": (b"HEADER RECORD*******LIBRARY HEADER", "let its name end in .xpt"),
    "page": (b"<html><table>", "is a web page or XML"),
    "PDF": (b"%PDF-1.7", "is a PDF"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_file_of_another_program_is_told_by_its_name(
    name: str, tmp_path: Path
) -> None:
    beginning, says = FORMS[name]
    trial = copy_bundled_trial(tmp_path / "trial")
    content(VISITS, lambda _: beginning)(trial)
    (found,) = findings_of(trial)
    assert found.rule == "foreign_format"
    assert says in found.message


HEADS: dict[str, tuple[Edit, str]] = {
    "titles above the header": (
        content(VISITS, lambda old: b"ALS trial\nexported 2024-01-01\n" + old),
        "the header seems to stand in row 3; say `header_row: 3` under its file",
    ),
    "semicolons": (
        content(VISITS, lambda old: old.replace(b",", b";")),
        'columns are separated by semicolons; say `separator: ";"` under its file',
    ),
    "tabs": (
        content(VISITS, lambda old: old.replace(b",", b"\t")),
        "columns are separated by tabs; say `separator: tab` under its file",
    ),
    "comma at the end of a row": (
        content(VISITS, lambda old: old.replace(b"82,104\n", b"82,104,\n", 1)),
        "the row has 8 cells where the header has 7; remove the 1 commas at its end",
    ),
    "row cut off": (
        content(VISITS, lambda old: old.replace(b",82,104\n", b",82\n", 1)),
        "it is cut off, or a comma is missing",
    ),
    "patient with another number of zeros": (
        content(VISITS, lambda old: old.replace(b"IGF-009,", b"IGF-9,")),
        "no such patient in data/subjects.csv; did you mean 'IGF-009'?",
    ),
    "no name that is ours": (
        together(
            replaced(
                CONFIG,
                "    file: data/visits.csv\n    columns: {patient: subject_id}\n",
                "    file: data/visits.csv\n",
            ),
            content(
                VISITS,
                lambda old: old.replace(
                    b"subject_id,visit_week,visit_date,norris_limb,norris_bulbar,"
                    b"norris_total,fvc_percent",
                    b"USUBJID,AVISITN,SVSTDTC,Limb,Bulbar,Total,FVC",
                ),
            ),
        ),
        "has USUBJID, AVISITN, SVSTDTC, Limb, Bulbar, Total, FVC. Is it 'USUBJID'?",
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_slip_in_a_file_is_told_in_its_own_words(name: str, tmp_path: Path) -> None:
    spoil, says = HEADS[name]
    trial = copy_bundled_trial(tmp_path / "trial")
    spoil(trial)
    assert [f for f in findings_of(trial) if says in f.message], findings_of(trial)


def test_a_header_that_may_be_of_a_patient_is_not_printed(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    content(VISITS, lambda old: old.partition(b"\n")[2])(trial)
    (found,) = findings_of(trial)
    assert found.rule == "column_missing"
    assert "IGF-001" not in str(found)
