"""Screening and unscheduled visits are kept at their day, and no one need falsify them.

The trial is that of support.hand_trial: visits at weeks 0, 4 and 8, dates from
randomisation on 1 January and 1 February 2020.
"""

from pathlib import Path

import pytest

from alsdecline.validation.consistency import check_trial
from support.hand_trial import VISITS, datasets_of, findings_in, plan_of, rows, told

WINDOWS = [
    {"week": 0, "to_day": 1, "target_day": 1},
    {"week": 4, "from_day": 2, "to_day": 42, "target_day": 29},
    {"week": 8, "from_day": 43, "target_day": 57},
]


def with_rows(*added: str) -> str:
    return VISITS + "".join(f"{row}\n" for row in added)


@pytest.mark.parametrize("planned", ["-2", "Screening", "SCR1", ""])
def test_a_screening_visit_is_kept_at_its_day_without_a_finding(
    planned: str, tmp_path: Path
) -> None:
    visits = with_rows(f"P1,{planned},2019-12-18,10")
    _, found = findings_in(tmp_path, plan_of(), visits=visits)
    assert found == []
    _, values, _ = datasets_of(tmp_path, plan_of(), visits=visits)
    week = -2 if planned == "-2" else None
    name = "Week -2" if planned == "-2" else "Unscheduled"
    shown = rows(values["score"], "AVISITN", "AVISIT", "ADY", "AVAL", "BASE", "ABLFL")
    # the baseline is the last value up to time zero
    assert shown[:2] == [
        (week, name, -14, 10, 8, ""),
        (0, "Week 0", 1, 8, 8, "Y"),
    ]


def test_screening_is_the_baseline_of_who_has_no_other(tmp_path: Path) -> None:
    visits = VISITS.replace("P1,0,2020-01-01,8", "P1,-1,2019-12-25,10")
    _, values, _ = datasets_of(tmp_path, plan_of(), visits=visits)
    assert rows(values["score"], "ABLFL", "CHG")[:2] == [("Y", None), ("", -3)]


@pytest.mark.parametrize("planned", ["", "Unscheduled", "UNSCHEDULED 2.1", "unsch."])
def test_an_unscheduled_visit_is_kept_at_its_day_and_told(
    planned: str, tmp_path: Path
) -> None:
    visits = with_rows(f"P1,{planned},2020-02-10,6")
    _, found = findings_in(tmp_path, plan_of(), visits=visits)
    assert told(found) == [
        (
            "warning: visits.csv, row 8, column visit_week: without a planned time; "
            "kept at its day 40, as unscheduled. Check whether it is a planned one "
            "[unscheduled_visit]"
        )
    ]
    _, values, _ = datasets_of(tmp_path, plan_of(), visits=visits)
    assert rows(values["score"], "AVISITN", "AVISIT", "ADY", "CHG")[2] == (
        *(None, "Unscheduled", 41, -2),
    )


@pytest.mark.parametrize("windows", [[], WINDOWS], ids=["weeks", "windows"])
def test_a_visit_before_screening_is_in_no_week_and_stops(
    windows: list[dict[str, int]], tmp_path: Path
) -> None:
    """A year typed one off put a visit at day -309 into week 0."""
    days = {"window_days": None, "windows": windows} if windows else {}
    visits = VISITS.replace("P1,0,2020-01-01,8", "P1,,2019-02-26,10\nP1,0,2020-01-01,8")
    _, found = findings_in(tmp_path, plan_of(visits=days), visits=visits)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row, f.value) for f in fatal] == [
        ("before_screening", 2, "2019-02-26")
    ]
    longer = days | {"screening_days": 400}
    _, found = findings_in(tmp_path, plan_of(visits=longer), visits=visits)
    assert not [f for f in found if f.severity == "fatal"]


@pytest.mark.parametrize("screening", [90, 400])
def test_a_longer_screening_makes_no_week_8_of_what_is_a_year_off(
    screening: int, tmp_path: Path
) -> None:
    visits = VISITS.replace("P1,8,2020-02-26", "P1,8,2019-02-26")
    plan = plan_of(visits={"screening_days": screening})
    findings_in(tmp_path, plan, visits=visits)
    _, found = check_trial(plan, tmp_path)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row, f.value) for f in fatal] == [("year_slip", 4, "2019-02-26")]


def test_a_year_off_is_told_as_such_where_the_file_alone_tells(tmp_path: Path) -> None:
    visits = VISITS.replace("P1,4,2020-01-29", "P1,4,2019-01-29")
    plan = plan_of(visits={"window_days": None, "windows": WINDOWS})
    findings_in(tmp_path, plan, visits=visits)
    _, found = check_trial(plan, tmp_path)
    (slip,) = [f for f in found if f.severity == "fatal"]
    assert (slip.rule, slip.row, slip.value) == ("year_slip", 3, "2019-01-29")
    assert "with 2020-01-29 it is day 28, between those above" in slip.message


def test_windows_that_are_open_below_begin_with_screening(tmp_path: Path) -> None:
    closed = {"window_days": None, "windows": WINDOWS, "screening_days": 20}
    visits = with_rows("P1,,2019-12-15,10", "P2,,2020-01-12,10")
    plan = plan_of(visits=closed | {"screening_days": 21})
    _, values, _ = datasets_of(tmp_path, plan, visits=visits)
    assert set(values["score"].query("ARELTM < 0")["AVISITN"]) == {0}
    _, found = findings_in(tmp_path, plan_of(visits=closed), visits=visits)
    assert not [f for f in found if f.severity == "fatal"]
    _, found = findings_in(
        tmp_path, plan_of(visits=closed | {"screening_days": 19}), visits=visits
    )
    assert [f.rule for f in found if f.severity == "fatal"] == ["before_screening"]


def test_a_planned_visit_that_was_not_made_is_no_fault(tmp_path: Path) -> None:
    visits = VISITS.replace("P2,8,2020-03-28,4", "P2,8,,")
    files, found = findings_in(tmp_path, plan_of(), visits=visits)
    assert found == []
    assert len(files.tables["visits"]) == 5


def test_a_value_of_an_unknown_day_is_not_lost_silently(tmp_path: Path) -> None:
    visits = VISITS.replace("P2,8,2020-03-28,4", "P2,8,,4")
    _, found = findings_in(tmp_path, plan_of(), visits=visits)
    assert [(f.rule, f.row, f.column) for f in found if f.severity == "fatal"] == [
        ("required", 7, "visit_date")
    ]
