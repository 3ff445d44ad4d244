"""Measurements that stand one a row: each comes to its visit, or is told.

The trial has two patients with three visits each (support.hand_trial); the file of
measurements has the score, which 0 to 10 whole points limit, and other parameters.
"""

from pathlib import Path

import pytest

from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from support.hand_trial import (
    ITEMS,
    SUBJECTS,
    datasets_of,
    findings_in,
    plan_of,
    rows,
    told,
)
from support.told_faults import fault_of

VISITS = """\
patient,visit,visit_week,visit_date
P1,1,0,2020-01-01
P1,2,4,2020-01-29
P1,3,8,2020-02-26
P2,1,0,2020-02-01
P2,2,4,2020-02-29
P2,3,8,2020-03-28
"""
# rows 2 to 8; P2 has none at visit 3, and weight is no outcome
LONG = """\
patient,visit,test,result,day
P2,1,SCORE,9,2020-02-01
P1,3,SCORE,5,2020-02-26
P1,1,SCORE,8,2020-01-01
P1,1,WEIGHT,heavy,2020-01-01
P1,2,SCORE,7,2020-01-29
P2,2,SCORE,6,2020-02-29
P9,7,WEIGHT,,
"""
TABLE = {
    "file": "long.csv",
    "columns": {"parameter": "test", "value": "result", "date": "day"},
}
PLAN = plan_of({"column": "SCORE"}, data={"measurements": TABLE})


def check(
    folder: Path, measurements: str = LONG, plan: object = PLAN, **texts: str
) -> tuple[TrialFiles, list[Finding]]:
    texts = {"visits": VISITS} | texts
    return findings_in(folder, plan, measurements=measurements, **texts)


def spoilt(old: str, new: str) -> str:
    assert LONG.count(old) == 1
    return LONG.replace(old, new)


def test_each_value_comes_to_its_visit_whatever_the_order_of_rows(
    tmp_path: Path,
) -> None:
    adsl, values, files = datasets_of(tmp_path, PLAN, visits=VISITS, measurements=LONG)
    assert list(adsl["USUBJID"]) == ["P1", "P2"]
    assert rows(values["score"], "USUBJID", "AVISITN", "ADT", "AVAL", "CHG") == [
        ("P1", 0, "2020-01-01", 8, None),
        ("P1", 4, "2020-01-29", 7, -1),
        ("P1", 8, "2020-02-26", 5, -3),
        ("P2", 0, "2020-02-01", 9, None),
        ("P2", 4, "2020-02-29", 6, -3),
    ]
    assert set(values["score"]["SRCDOM"]) == {"MEASUREMENTS"}
    assert set(values["score"]["SRCVAR"]) == {"result"}
    # the visit that has no measurement is no visit of the analysis
    assert len(files.tables["visits"]) == 5


def test_what_no_outcome_needs_is_passed_over(tmp_path: Path) -> None:
    _, found = check(tmp_path)
    assert found == []  # neither the heavy weight, nor that of an unknown patient


FAULTS: dict[str, tuple[str, str, str]] = {
    "unknown visit": (
        "P2,2,SCORE",
        "P2,9,SCORE",
        (
            "fatal: long.csv, row 7, column visit, value '9': patient P2 has no such "
            "visit in the visits file; add it or correct it [unknown_visit]"
        ),
    ),
    "unknown patient": (
        "P2,2,SCORE",
        "P7,2,SCORE",
        (
            "fatal: long.csv, row 7, column patient, value 'P7': no such patient in "
            "the subjects file; add the patient or correct it [unknown_patient]"
        ),
    ),
    "value entered twice": (
        "P1,2,SCORE,7,2020-01-29",
        "P1,2,SCORE,7,2020-01-29\nP1,2,SCORE,6,2020-01-29",
        (
            "fatal: long.csv, row 7, column test, value 'SCORE': SCORE of visit 2 is "
            "in row 6 too; keep one [duplicate_value]"
        ),
    ),
    "value out of its range": (
        "P1,2,SCORE,7",
        "P1,2,SCORE,11",
        (
            "fatal: long.csv, row 6, column result, value '11': outside 0 to 10, the "
            "range of score; correct it [range]"
        ),
    ),
    "half points": (
        "P1,2,SCORE,7",
        "P1,2,SCORE,7.5",
        (
            "fatal: long.csv, row 6, column result, value '7.5': score has whole "
            "points only; correct it [whole_points]"
        ),
    ),
    "text for a number": (
        "P1,2,SCORE,7",
        "P1,2,SCORE,<7",
        (
            "fatal: long.csv, row 6, column result, value '<7': a limit and not a "
            "number, which the models cannot take yet [not_a_number]"
        ),
    ),
    "no visit named": (
        "P1,2,SCORE",
        "P1,,SCORE",
        (
            "fatal: long.csv, row 6, column visit: the cell is empty; fill it in or "
            "remove the row [required]"
        ),
    ),
    "no patient named": (
        "P1,2,SCORE",
        ",2,SCORE",
        (
            "fatal: long.csv, row 6, column patient: the cell is empty; fill it in or "
            "remove the row [required]"
        ),
    ),
    "date after the cutoff": (
        "P1,2,SCORE,7,2020-01-29",
        "P1,2,SCORE,7,2021-01-29",
        (
            "fatal: long.csv, row 6, column day, value '2021-01-29': later than the "
            "data cutoff 2020-12-31; correct the date [date_after_cutoff]"
        ),
    ),
    "date other than the visit's": (
        "P1,2,SCORE,7,2020-01-29",
        "P1,2,SCORE,7,2020-01-30",
        (
            "warning: long.csv, row 6, column day, value '2020-01-30': patient P1, "
            "visit 2: the visits file has 2020-01-29, which is used; correct one of "
            "them [visit_date]"
        ),
    ),
    "absent column": (
        "patient,visit,test,result,day",
        "patient,visit,test,answer,day",
        (
            "fatal: long.csv, row 1, column result: the column is missing; the file "
            "has patient, visit, test, answer, day. Add it, or say under `columns:` in "
            "config.yaml what it is called [column_missing]"
        ),
    ),
    "absent column of parameters": (
        "patient,visit,test,result,day",
        "patient,visit,code,result,day",
        (
            "fatal: long.csv, row 1, column test: the column is missing; the file has "
            "patient, visit, code, result, day. Add it, or say under `columns:` in "
            "config.yaml what it is called [column_missing]"
        ),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_once_with_its_place_and_remedy(
    name: str, tmp_path: Path
) -> None:
    old, new, line = FAULTS[name]
    _, found = check(tmp_path, spoilt(old, new))
    assert fault_of(line) in map(fault_of, told(found))
    same = [one for one in found if one.severity == line.split(":")[0]]
    assert len(same) == 1, told(found)


def test_faults_of_several_cells_are_told_at_once(tmp_path: Path) -> None:
    text = spoilt("P2,2,SCORE,6", "P7,2,SCORE,11").replace("P1,3,SCORE", "P1,,SCORE")
    _, found = check(tmp_path, text)
    fatal = {(f.rule, f.row) for f in found if f.severity == "fatal"}
    assert fatal == {("unknown_patient", 7), ("range", 7), ("required", 3)}


def test_an_absent_parameter_is_told_by_its_name(tmp_path: Path) -> None:
    plan = plan_of({"column": "SKORE"}, data={"measurements": TABLE})
    _, found = check(tmp_path, plan=plan)
    assert told(found)[0] == (
        "fatal: long.csv, column test: no row has the parameter 'SKORE'; did you mean "
        "'SCORE'? the file has SCORE, WEIGHT. Correct the outcomes in config.yaml, or "
        "leave this one out [parameter_missing]"
    )


def test_of_an_absent_item_nothing_else_is_told(tmp_path: Path) -> None:
    """Every prorated total would differ from the recorded one."""
    totals = {"column": "SCORE", "missing_items": "prorate"}
    plan = plan_of(ITEMS | totals, data={"measurements": TABLE})
    header = LONG.split("\n")[0]
    records = [f"P1,1,{name},{points}," for name, points in (("i1", 1), ("i2", 2))]
    text = "\n".join([header, *records, "P1,1,SCORE,8,", "P2,1,i1,1,", ""])
    _, found = check(tmp_path, text, plan)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [f.rule for f in fatal] == ["parameter_missing"]
    assert "'i3'" in fatal[0].message


def test_a_parameter_without_any_value_is_told_by_its_name(tmp_path: Path) -> None:
    header = LONG.split("\n")[0]
    _, found = check(tmp_path, f"{header}\nP1,1,SCORE,,\nP2,1,SCORE,,\n")
    assert told([f for f in found if f.severity == "fatal"]) == [
        (
            "fatal: long.csv, column result: parameter 'SCORE': no cell is filled in; "
            "enter the values, or leave the outcome out [column_empty]"
        )
    ]


def test_a_value_that_is_an_item_has_the_limits_of_the_item(tmp_path: Path) -> None:
    plan = plan_of(ITEMS, data={"measurements": TABLE})
    header = LONG.split("\n")[0]
    items = [f"P1,1,i{i},{points}," for i, points in ((1, 3), (2, 3), (3, 5))]
    _, found = check(tmp_path, "\n".join([header, *items, "P2,1,i1,1,"]), plan)
    fatal = told([f for f in found if f.severity == "fatal"])
    assert [fault_of(line) for line in fatal] == [
        (
            "fatal: long.csv, row 2, column result, value '3': outside 0 to 2, the "
            "range of i1 of score [range]"
        )
    ]


def test_a_patient_with_visits_but_no_measurement_is_told(tmp_path: Path) -> None:
    _, found = check(tmp_path, "\n".join(LONG.split("\n")[:2]))
    assert [(f.severity, f.rule, f.file, f.row, f.value) for f in found] == [
        ("warning", "no_visits", "subjects.csv", 2, "P1")
    ]
    assert "no visit with a measurement" in found[0].message


def test_a_patient_left_out_of_the_subjects_has_no_measurement(tmp_path: Path) -> None:
    plan = plan_of(
        {"column": "SCORE"},
        data={"measurements": TABLE, "subjects": {"where": {"arm": ["a", "b"]}}},
    )
    _, found = check(
        tmp_path,
        f"{LONG}P8,1,SCORE,far too high,2029-01-01\n",
        plan,
        subjects=f"{SUBJECTS}P8,screened,2020-01-01\n",
        visits=f"{VISITS}P8,1,0,yesterday\n",
    )
    assert found == []


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        ({"visits": ""}, "file_empty"),
        ({"measurements": ""}, "file_empty"),
        ({"visits": VISITS.replace("visit,", "number,", 1)}, "column_missing"),
    ],
    ids=["visits empty", "measurements empty", "visits without their visit"],
)
def test_a_file_that_cannot_be_read_brings_no_findings_about_the_other(
    texts: dict[str, str], rule: str, tmp_path: Path
) -> None:
    _, found = check(tmp_path, **texts)
    assert [f.rule for f in found if f.severity == "fatal"] == [rule]


def test_unplanned_visits_of_one_name_are_told_apart_by_their_dates(
    tmp_path: Path,
) -> None:
    more = "P1,UNSCHEDULED,,2020-02-10\nP1,UNSCHEDULED,,2020-02-20\n"
    values = "P1,UNSCHEDULED,SCORE,5,2020-02-10\nP1,UNSCHEDULED,SCORE,6,2020-02-20\n"
    files, found = check(tmp_path, LONG + values, visits=VISITS + more)
    assert [f.rule for f in found] == ["unscheduled_visit"] * 2
    dated = files.tables["visits"].query("patient == 'P1' and visit_week.isna()")
    assert rows(dated, "visit_date", "SCORE") == [("2020-02-10", 5), ("2020-02-20", 6)]


def test_unplanned_visits_without_the_date_of_a_value_are_told(tmp_path: Path) -> None:
    more = "P1,UNSCHEDULED,,2020-02-10\nP1,UNSCHEDULED,,2020-02-20\n"
    values = "P1,UNSCHEDULED,SCORE,5,2020-02-10\nP1,UNSCHEDULED,SCORE,6,\n"
    _, found = check(tmp_path, LONG + values, visits=VISITS + more)
    assert {f.rule for f in found if f.severity == "fatal"} == {
        "duplicate_visit",
        "duplicate_value",
    }
