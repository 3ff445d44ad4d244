"""A file with a row a patient and a column for each visit is taken as it is.

Values that are expected are read off the files by hand.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import measured_values
from alsdecline.datasets.lineage import value_lineage
from alsdecline.raw.findings import Finding
from alsdecline.settings.file import read_settings
from support.configurations import changed, refusal
from support.hand_trial import ITEMS, datasets_of, findings_in, plan_of, rows
from support.short_trial import SHORT, short_trial
from support.transport_file import Column, text, transport_file
from support.trial_folder import PROJECT
from support.workbooks import workbook

WIDE = """\
patient,arm,score_w0,date_w0,score_w4,date_w4,score_w8,date_w8,randomisation_date
P1,a,8,2020-01-01,7,2020-01-29,5,2020-02-26,2020-01-01
P2,b,9,2020-02-01,6,2020-02-29,,,2020-02-01
"""
COLUMNS = {"score": "score_w{week}", "visit_date": "date_w{week}"}
PLAN = plan_of(
    data={
        "subjects": {"file": "visits.csv", "one_row_a_patient": False},
        "visits": {"columns": COLUMNS},
    }
)


def found_in(folder: Path, plan: Any, text: str) -> list[Finding]:
    return findings_in(folder, plan, subjects=text, visits=text)[1]


def test_each_column_is_a_visit_and_lineage_names_it(tmp_path: Path) -> None:
    texts = {"subjects": WIDE, "visits": WIDE}
    adsl, values, files = datasets_of(tmp_path, PLAN, **texts)
    assert list(adsl["USUBJID"]) == ["P1", "P2"]
    shown = rows(values["score"], "USUBJID", "AVISITN", "ADT", "AVAL", "CHG", "SRCVAR")
    assert shown == [
        ("P1", 0, "2020-01-01", 8, None, "score_w0"),
        ("P1", 4, "2020-01-29", 7, -1, "score_w4"),
        ("P1", 8, "2020-02-26", 5, -3, "score_w8"),
        ("P2", 0, "2020-02-01", 9, None, "score_w0"),
        ("P2", 4, "2020-02-29", 6, -3, "score_w4"),
    ]
    measured = measured_values(PLAN, files, subject_level(PLAN, files))
    lineage = value_lineage(PLAN, files, measured, {"visits.csv": ""})
    assert rows(lineage, "USUBJID", "row", "column")[2:4] == [
        ("P1", 2, "score_w8"),
        ("P2", 3, "score_w0"),
    ]


def test_a_fault_names_the_column_of_its_visit(tmp_path: Path) -> None:
    text = WIDE.replace(",6,2020-02-29", ",16,29 Feb 2020")
    found = found_in(tmp_path, PLAN, text)
    assert {(f.rule, f.row, f.column, f.value) for f in found} == {
        ("range", 3, "score_w4", "16"),
        ("not_a_date", 3, "date_w4", "29 Feb 2020"),
    }


def test_a_column_that_tells_no_time_is_told_and_recode_gives_it(
    tmp_path: Path,
) -> None:
    text = WIDE.replace("_w0", "_wBL")
    found = found_in(tmp_path, PLAN, text)
    assert {(f.rule, f.column) for f in found if f.rule == "wide_column"} == {
        ("wide_column", "score_wBL"),
        ("wide_column", "date_wBL"),
    }
    visits = {"columns": COLUMNS, "recode": {"visit_week": {"BL": "0"}}}
    plan = plan_of(
        data={
            "subjects": {"file": "visits.csv", "one_row_a_patient": False},
            "visits": visits,
        }
    )
    assert found_in(tmp_path, plan, text) == []


OF_BASELINE = {"visit_week": {"BL": "0"}}


@pytest.mark.parametrize(
    ("changes", "recode", "columns"),
    [
        ({"date_w0": "date_wBL"}, OF_BASELINE, ("score_w0", "date_wBL")),
        ({"score_w0": "score_wBL"}, OF_BASELINE, ("score_wBL", "date_w0")),
        ({"date_w": "date_w0"}, {}, ("score_w0", "date_w00")),
        ({"score_w": "score_w0"}, {}, ("score_w00", "date_w0")),
    ],
)
def test_columns_of_one_time_are_one_visit_however_each_says_it(
    changes: dict[str, str],
    recode: dict[str, dict[str, str]],
    columns: tuple[str, str],
    tmp_path: Path,
) -> None:
    text = WIDE
    for old, new in changes.items():
        text = text.replace(old, new)
    data = PLAN.data.model_dump(include={"subjects"})
    plan = plan_of(data=data | {"visits": {"columns": COLUMNS, "recode": recode}})
    texts = {"subjects": text, "visits": text}
    assert findings_in(tmp_path, plan, **texts)[1] == []
    _, values, files = datasets_of(tmp_path, plan, **texts)
    shown = rows(values["score"], "USUBJID", "AVISITN", "ADT", "AVAL", "SRCVAR")
    assert shown[0] == ("P1", 0, "2020-01-01", 8, columns[0])
    assert len(shown) == len("87596")
    visits = files.tables["visits"]
    of_baseline = visits.loc[visits["visit_week"] == 0, "_label:visit_date"]
    assert {*of_baseline} == {columns[1]}


def test_two_columns_of_one_time_are_told_as_a_visit_twice(tmp_path: Path) -> None:
    text = WIDE.replace("score_w4,date_w4", "score_w00,date_w00")
    found = found_in(tmp_path, PLAN, text)
    assert [(f.rule, f.row) for f in found if f.severity == "fatal"] == [
        ("duplicate_visit", 2),
        ("duplicate_visit", 3),
    ]


def test_a_pattern_that_fits_no_column_is_told(tmp_path: Path) -> None:
    found = found_in(tmp_path, PLAN, WIDE.replace("score_w", "points_w"))
    fatal = [(f.rule, f.column) for f in found if f.severity == "fatal"]
    assert fatal == [("column_missing", "score_w{week}")]


def test_items_stand_in_columns_for_each_visit(tmp_path: Path) -> None:
    header = "patient," + ",".join(f"q{i}.{n}" for n in (1, 2) for i in (1, 2, 3))
    text = f"{header}\nP1,2,3,3,1,,2\nP2,2,2,2,1,1,1\n"
    columns = {f"i{i}": f"q{i}.{{n}}" for i in (1, 2, 3)}
    visits = {
        "columns": columns,
        "time": "week",
        "recode": {"visit_week": {"1": "0", "2": "4"}},
    }
    plan = plan_of(
        ITEMS,
        data={"visits": visits, "cutoff": None},
        visits={"weeks": [0, 4], "window_days": None},
        time_origin="baseline",
    )
    subjects = "patient,arm\nP1,a\nP2,b\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=subjects, visits=text)
    assert rows(values["score"], "USUBJID", "AVISITN", "AVAL") == [
        ("P1", 0, 8),
        ("P2", 0, 6),
        ("P2", 4, 3),
    ]


SHORT_WIDE = SHORT.replace(
    "arm: treatment}",
    "arm: treatment}}\n  visits: {columns: {letters_read: 'VA {week}'}",
)


LETTERS = [
    "subject,treatment,VA 0,VA 4,VA 12",
    "P1,active,40,38,36",
    "P2,placebo,50,48,46",
    "P3,active,60,58,56",
    "P4,placebo,50,48,46",
]


@pytest.mark.parametrize("unit", ["week", "month"])
def test_schedule_and_priors_are_taken_from_numbers_that_recode_translates(
    unit: str, tmp_path: Path
) -> None:
    """The braces of {n} name no unit, which `time` and `recode` do."""
    meanings = f"{{visit_{unit}: {{'1': '0', '2': '4', '3': '12'}}}}"
    short = SHORT_WIDE.replace(
        "{letters_read: 'VA {week}'}",
        f"{{letters_read: 'VA {{n}}'}}, time: {unit}, recode: {meanings}",
    )
    text = [LETTERS[0].replace("0,VA 4,VA 12", "1,VA 2,VA 3"), *LETTERS[1:]]
    settings = read_settings(short_trial(tmp_path, short, text))
    assert getattr(settings.visits, f"{unit}s") == [0, 4, 12]
    assert settings.priors.outcomes["letters_read"].baseline.mean == 50


def test_schedule_and_priors_are_taken_from_a_wide_file(tmp_path: Path) -> None:
    """Baselines 40, 50, 60 and 50 have a mean of 50."""
    settings = read_settings(short_trial(tmp_path, SHORT_WIDE, LETTERS))
    assert settings.visits.weeks == [0, 4, 12]
    assert (settings.data.visits.time, settings.time_origin) == ("week", "baseline")
    assert settings.priors.outcomes["letters_read"].baseline.mean == 50


@pytest.mark.parametrize(
    ("table", "pattern", "says"),
    [
        ("visits", "VA {wk}", "{wk} is no part of a pattern of columns; use {day}"),
        (
            "subjects",
            "arm {week}",
            "a pattern of columns can only be one of the visits",
        ),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(
    table: str, pattern: str, says: str
) -> None:
    content = yaml.safe_load((PROJECT / "config.yaml").read_text("utf-8"))
    changed(content, (f"data.{table}.columns.patient", pattern))
    told = refusal(yaml.safe_dump(content, allow_unicode=True))
    assert any(says in line for line in told), told


def in_excel() -> tuple[Any, list[list[object]]]:
    """Return the plan of such a file in a workbook, and its rows."""
    table = {"file": "visits.xlsx"}
    plan = plan_of(
        data={
            "subjects": table | {"one_row_a_patient": False},
            "visits": table | {"columns": COLUMNS},
        }
    )
    return plan, [line.split(",") for line in WIDE.splitlines()]


def test_a_formula_without_its_result_is_told_in_a_column_of_a_visit(
    tmp_path: Path,
) -> None:
    plan, cells = in_excel()
    cells[1][4] = "=3+4"
    content = workbook(*cells)
    _, found = findings_in(tmp_path, plan, subjects=content, visits=content)
    assert ("formula", 2, "score_w4") in {(f.rule, f.row, f.column) for f in found}


def test_merged_cells_are_told_in_each_column_that_is_used(tmp_path: Path) -> None:
    plan, cells = in_excel()
    cells[0].insert(4, "site")  # not used, and the first of the merged ones
    for row in cells[1:]:
        row.insert(4, "north")
    content = workbook(*cells, change=lambda sheet: sheet.merge_cells("E2:F2"))
    _, found = findings_in(tmp_path, plan, subjects=content, visits=content)
    assert ("merged_cells", 2, "score_w4") in {(f.rule, f.row, f.column) for f in found}


def test_a_column_that_is_not_used_and_cannot_be_read_does_not_count(
    tmp_path: Path,
) -> None:
    """Of another encoding; whichever others are looked at beside those used."""
    odd = b"caf\xe9"
    file = transport_file(
        text("PATIENT", ["P1", "P2"]),
        text("ARM", ["a", "b"]),
        text("RANDOM", ["2020-01-01", "2020-02-01"], 10),
        Column("SCORE0", [8.0, 9.0]),
        Column("SCORE4", [7.0, 6.0]),
        text("ARM_Y", [odd, odd]),  # as programs call one of two columns of a name
        text("NOTE", [odd, odd]),
    )
    table = {
        "file": "visits.xpt",
        "columns": {"patient": "PATIENT", "arm": "ARM", "randomisation_date": "RANDOM"},
    }
    wide = {"patient": "PATIENT", "score": "SCORE{week}"}
    plan = plan_of(
        data={
            "subjects": table | {"one_row_a_patient": False},
            "visits": {"file": "visits.xpt", "columns": wide, "time": "week"},
        },
        visits={"weeks": [0, 4], "window_days": None},
        time_origin="baseline",
    )
    files, _ = findings_in(tmp_path, plan, subjects=file, visits=file)
    assert sorted(rows(files.tables["visits"], "patient", "visit_week", "score")) == [
        *(("P1", 0, 8), ("P1", 4, 7), ("P2", 0, 9), ("P2", 4, 6))
    ]
