"""Subjects from a long file: its rows of a patient must agree."""

from pathlib import Path

import pytest

from support.hand_trial import datasets_of, findings_in, plan_of, rows, told
from support.told_faults import fault_of

CHARACTERISTICS = [
    {"column": "age", "label": "Age", "kind": "number"},
    {"column": "sex", "label": "Sex", "kind": "category"},
]
LONG = """\
id,arm,age,sex,visit_week,score
P2,b,50,M,0,9
P1,a,60.0,F,4,7
P2,b,50,M,4,6
P1,a,60,F,0,8
"""
PLAN = plan_of(
    data={
        "subjects": {
            "file": "long.csv",
            "one_row_a_patient": False,
            "columns": {"patient": "id"},
            "characteristics": CHARACTERISTICS,
        },
        "visits": {"file": "long.csv", "time": "week", "columns": {"patient": "id"}},
    },
    time_origin="baseline",
    visits={"window_days": None},
)


def check(folder: Path, text: str) -> list[str]:
    _, found = findings_in(folder, PLAN, subjects=text, visits=text)
    return told(found)


def test_a_long_file_gives_a_row_a_patient_and_all_visits(tmp_path: Path) -> None:
    adsl, values, files = datasets_of(tmp_path, PLAN, subjects=LONG, visits=LONG)
    assert rows(adsl, "USUBJID", "ARMCD", "AGE", "SEX") == [
        ("P1", "a", 60, "F"),
        ("P2", "b", 50, "M"),
    ]
    assert rows(values["score"], "USUBJID", "AVISITN", "AVAL") == [
        ("P1", 0, 8),
        ("P1", 4, 7),
        ("P2", 0, 9),
        ("P2", 4, 6),
    ]
    # the first row of each, by the order of the file
    assert list(files.tables["subjects"]["_row"]) == [2, 3]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "P1,a,60,F,0",
            "P1,b,60,F,0",
            (
                "fatal: long.csv, row 5, column arm, value 'b': patient P1 has 'a' in "
                "row 3; what is the patient's must be the same in all rows "
                "[subject_differs]"
            ),
        ),
        (
            "P1,a,60,F,0",
            "P1,a,61,F,0",
            (
                "fatal: long.csv, row 5, column age, value '61': patient P1 has '60.0' "
                "in row 3; what is the patient's must be the same in all rows "
                "[subject_differs]"
            ),
        ),
        (
            "P1,a,60,F,0",
            "P1,a,60,,0",
            (
                "fatal: long.csv, row 5, column sex: patient P1 has 'F' in row 3; what "
                "is the patient's must be the same in all rows [subject_differs]"
            ),
        ),
        (
            "P1,a,60.0,F,4",
            "P1,a,,F,4",
            (
                "fatal: long.csv, row 5, column age, value '60': patient P1 has '' in "
                "row 3; what is the patient's must be the same in all rows "
                "[subject_differs]"
            ),
        ),
        (
            "P1,a,60,F,0",
            "P1,a,sixty,F,0",
            (
                "fatal: long.csv, row 5, column age, value 'sixty': not a number; "
                "write digits with a decimal point, or leave it empty, or `missing: "
                "[sixty]` under its file in config.yaml if it says why [not_a_number]"
            ),
        ),
        (
            "P1,a,60,F,0",
            ",a,60,F,0",
            (
                "fatal: long.csv, row 5, column id: the cell is empty; fill it in or "
                "remove the row [required]"
            ),
        ),
    ],
    ids=["arm", "number", "blank", "blank at first", "not a number", "no patient"],
)
def test_a_row_that_differs_is_told_with_what_the_first_has(
    old: str, new: str, line: str, tmp_path: Path
) -> None:
    assert LONG.count(old) == 1
    fatal = {f for f in check(tmp_path, LONG.replace(old, new)) if f[:5] == "fatal"}
    assert {fault_of(told) for told in fatal} == {fault_of(line)}


def test_rows_that_differ_are_counted_and_each_patient_is_told(
    tmp_path: Path,
) -> None:
    text = (
        "id,arm,age,sex,visit_week,score\nP1,a,60,F,0,8\nP1,b,60,F,4,8\nP1,b,60,F,8,8\n"
        "P2,b,50,M,0,9\nP2,a,50,M,4,9\n"
    )
    same = (
        "what is the patient's must be the same in all rows. Correct it if it is "
        "wrong; what changes from visit to visit is no column of the subjects: take it "
        "out there"
    )
    assert check(tmp_path, text) == [
        (
            f"fatal: long.csv, row 3, column arm, value 'b': patient P1 has 'a' in row "
            f"2; {same}; the first of 2 such rows [subject_differs]"
        ),
        (
            f"fatal: long.csv, row 6, column arm, value 'a': patient P2 has 'b' in row "
            f"5; {same} [subject_differs]"
        ),
    ]


def test_blank_characteristics_in_all_rows_agree(tmp_path: Path) -> None:
    text = LONG.replace(",60.0,F", ",,").replace(",60,F", ",,")
    assert check(tmp_path, text) == []


def test_without_leave_a_patient_may_have_one_row_alone(tmp_path: Path) -> None:
    plan = plan_of(
        data={
            "subjects": {"file": "long.csv", "columns": {"patient": "id"}},
            "visits": {"file": "v.csv", "time": "week", "columns": {"patient": "id"}},
        },
        time_origin="baseline",
        visits={"window_days": None},
    )
    _, found = findings_in(tmp_path, plan, subjects=LONG, visits=LONG)
    assert [(f.rule, f.row) for f in found] == [
        ("duplicate_patient", 4),
        ("duplicate_patient", 5),
    ]


def test_published_long_data_give_their_240_patients(
    tmp_path: Path, reference: Path
) -> None:
    # Galecki and Burzykowski (2013), chapter 2: 240 patients, 1107 measurements
    source = reference / "data" / "armd_interferon" / "armd0_long_with_baseline.csv"
    columns = {"patient": "subject", "arm": "treat.f"}
    plan = plan_of(
        {"column": "visual", "scale": "fvc_percent"},
        data={
            "subjects": {
                "file": "armd.csv",
                "one_row_a_patient": False,
                "columns": columns,
            },
            "visits": {
                "file": "armd.csv",
                "time": "week",
                "columns": {"patient": "subject", "visit_week": "time"},
            },
        },
        arms={
            "reference": "Placebo",
            "groups": [
                {"id": "Placebo", "label": "Placebo"},
                {"id": "Active", "label": "Active"},
            ],
        },
        visits={"weeks": [0, 4, 12, 24, 52], "window_days": None},
        time_origin="baseline",
    )
    content = source.read_bytes()
    adsl, values, _ = datasets_of(tmp_path, plan, subjects=content, visits=content)
    assert len(adsl) == 240
    assert len(values["score"]) == 1107


def test_what_one_row_of_each_patient_has_can_be_selected(tmp_path: Path) -> None:
    """As of a file with events, of which the first alone has the arm."""
    text = "id,arm,age,sex,visit_week,score\nP1,a,60,F,0,8\nP1,,,,4,7\n"
    text += "P2,b,50,M,0,9\nP2,,,,4,6\n"
    (first, *_) = check(tmp_path, text)
    assert first == (
        "fatal: long.csv, row 3, column age: patient P1 has '60' in row 2; what is "
        "the patient's must be the same in all rows. Fill it in, or, if one row of "
        "each patient has what is the patient's, as that of the first visit, select "
        "these rows by `where:` below `data: subjects:` [subject_differs]"
    )
    selected = PLAN.data.subjects.model_copy(update={"where": {"visit_week": ["0"]}})
    plan = PLAN.model_copy(
        update={"data": PLAN.data.model_copy(update={"subjects": selected})}
    )
    adsl, values, _ = datasets_of(tmp_path, plan, subjects=text, visits=text)
    assert rows(adsl, "USUBJID", "ARMCD") == [("P1", "a"), ("P2", "b")]
    assert len(values["score"]) == 4
