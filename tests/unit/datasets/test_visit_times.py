"""When visits were, and which: dates, days or planned weeks, and windows of study days.

Study days are those of CDISC: the origin is day 1, the day before it -1. 2020 is a leap
year.
"""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alsdecline.analyses.patient_slopes import ordinary_slopes
from alsdecline.datasets.study_time import after_time_zero, model_observations
from alsdecline.datasets.visit_times import (
    given_doses,
    time_origins,
    visit_days,
    visit_weeks,
    window_of,
)
from alsdecline.settings.visits import VisitWindow
from alsdecline.time_units import TimeUnit
from support.hand_trial import datasets_of, findings_in, plan_of, rows, told

WINDOWS = [
    {"week": 0, "to_day": 1, "target_day": 1},
    {"week": 4, "from_day": 2, "to_day": 42, "target_day": 29},
    {"week": 8, "from_day": 43, "target_day": 57},
]
"""The windows of days up to 1, 2 to 42, and 43 and later."""


def windowed(**changes: object) -> dict[str, object]:
    return {"weeks": [0, 4, 8], "window_days": None, "windows": WINDOWS, **changes}


def undated(time: str, visits: dict[str, object]) -> dict[str, object]:
    return {
        "data": {"visits": {"time": time}},
        "time_origin": "baseline",
        "visits": {"window_days": None, **visits},
    }


UNDATED_SUBJECTS = "patient,arm\nP1,a\nP2,b\n"


def test_each_study_day_is_in_the_window_that_has_it() -> None:
    windows = [VisitWindow.model_validate(window) for window in WINDOWS]
    days = pd.Series([-30, -1, 1, 2, 42, 43, 500])
    assert list(window_of(windows, days)) == [0, 0, 0, 1, 1, 2, 2]


def test_a_day_between_windows_is_in_none() -> None:
    some = [
        VisitWindow(week=0, from_day=-7, to_day=1, target_day=1),
        VisitWindow(week=4, from_day=22, to_day=35, target_day=29),
    ]
    days = pd.Series([-8, -7, 1, 2, 21, 22, 35, 36])
    assert list(window_of(some, days)) == [-1, 0, 0, -1, -1, 1, 1, -1]


def test_windows_count_study_days_which_have_no_day_0(tmp_path: Path) -> None:
    # 31 December 2019 is day -1, 1 January 1, 2 January 2; 11 February is day 42
    visits = (
        "patient,visit_date,score\nP1,2019-12-31,9\nP1,2020-01-01,8\nP1,2020-01-02,7\n"
        "P1,2020-02-11,6\nP1,2020-02-12,5\nP2,2020-02-01,9\n"
    )
    plan = plan_of(visits=windowed())
    _, values, _ = datasets_of(tmp_path, plan, visits=visits)
    assert rows(values["score"], "USUBJID", "ADY", "AVISITN", "AVISIT") == [
        ("P1", -1, 0, "Week 0"),
        ("P1", 1, 0, "Week 0"),
        ("P1", 2, 4, "Week 4"),
        ("P1", 42, 4, "Week 4"),
        ("P1", 43, 8, "Week 8"),
        ("P2", 1, 0, "Week 0"),
    ]


def test_a_visit_outside_all_windows_is_kept_and_told(tmp_path: Path) -> None:
    windows = [*WINDOWS[:2], {**WINDOWS[2], "from_day": 50, "to_day": 64}]
    visits = (
        "patient,visit_date,score\nP1,2020-01-01,8\nP1,2020-02-12,7\nP2,2020-02-01,9\n"
    )
    plan = plan_of(visits=windowed(windows=windows))
    _, values, _ = datasets_of(tmp_path, plan, visits=visits)
    assert rows(values["score"], "ADY", "AVISITN", "AVISIT", "ANL01FL", "CHG")[1] == (
        *(43, None, "Unscheduled", "", -1),
    )
    _, found = findings_in(tmp_path, plan, visits=visits)
    assert told(found) == [
        (
            "warning: visits.csv, row 3, column visit_date, value '2020-02-12': study "
            "day 43 is in no window; in the models alone, as unscheduled. "
            "Check the date [unscheduled_visit]"
        )
    ]


def test_a_baseline_may_lie_after_the_origin_in_the_window_of_week_0(
    tmp_path: Path,
) -> None:
    first = {"week": 0, "to_day": 5, "target_day": 1}
    second = {**WINDOWS[1], "from_day": 6}
    plan = plan_of(visits=windowed(windows=[first, second, WINDOWS[2]]))
    visits = (
        "patient,visit_date,score\nP1,2020-01-04,8\nP1,2020-01-29,7\n"
        "P2,2020-02-01,9\nP2,2020-02-28,8\n"
    )
    _, values, _ = datasets_of(tmp_path, plan, visits=visits)
    assert rows(values["score"], "USUBJID", "ADY", "ABLFL", "CHG") == [
        ("P1", 4, "Y", None),
        ("P1", 29, "", -1),
        ("P2", 1, "Y", None),
        ("P2", 28, "", -1),
    ]
    _, found = findings_in(tmp_path, plan, visits=visits)
    assert found == []


def test_days_may_stand_in_place_of_dates(tmp_path: Path) -> None:
    plan = plan_of(**undated("day", {"weeks": [], "days": [0, 10, 30]}))
    visits = "patient,visit_day,score\nP1,0,8\nP1,30,6\nP1,10,7\nP2,0,9\n"
    adsl, values, files = datasets_of(
        tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits
    )
    found = rows(values["score"], "USUBJID", "ADT", "ADY", "AVISIT", "AVAL", "CHG")
    assert found == [
        ("P1", None, 1, "Day 0", 8, None),
        ("P1", None, 11, "Day 10", 7, -1),
        ("P1", None, 31, "Day 30", 6, -2),
        ("P2", None, 1, "Day 0", 9, None),
    ]
    assert list(values["score"]["AVISITN"]) == [0, 10 / 7, 30 / 7, 0]
    assert time_origins(plan, files) == {}
    assert adsl["ZERODT"].isna().all()


def test_a_day_that_is_not_scheduled_is_told_as_a_day(tmp_path: Path) -> None:
    plan = plan_of(**undated("day", {"weeks": [], "days": [0, 10, 30]}))
    visits = "patient,visit_day,score\nP1,0,8\nP1,29,6\nP2,0,9\n"
    _, found = findings_in(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert told(found) == [
        (
            "warning: visits.csv, row 3, column visit_day, value '29': day 29 is not "
            "in the schedule; kept at its day 29, as "
            "unscheduled. Check whether it is a planned one [unscheduled_visit]"
        )
    ]


def test_recorded_days_and_weeks_are_held_against_each_other(tmp_path: Path) -> None:
    plan = plan_of(**undated("day", {"weeks": [0, 4, 8], "window_days": 6}))
    visits = (
        "patient,visit_day,visit_week,score\nP1,0,0,8\nP1,34,4,7\nP1,63,8,6\nP2,0,0,9\n"
    )
    _, found = findings_in(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert told(found) == [  # day 34 is 6 days off day 28, day 63 is 7 off day 56
        (
            "warning: visits.csv, row 4, column visit_day, value '63': day 63, outside "
            "6 days around week 8; kept at its day. Check the day [visit_window]"
        )
    ]


def test_days_may_be_assigned_by_windows(tmp_path: Path) -> None:
    plan = plan_of(**undated("day", {"windows": WINDOWS}))
    visits = "patient,visit_day,score\nP1,0,8\nP1,41,7\nP1,42,6\nP2,-3,9\nP2,0,8\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert rows(values["score"], "USUBJID", "ADY", "AVISITN", "ABLFL") == [
        ("P1", 1, 0, "Y"),
        ("P1", 42, 4, ""),
        ("P1", 43, 8, ""),
        ("P2", -3, 0, ""),
        ("P2", 1, 0, "Y"),
    ]


def test_windows_may_be_of_days_that_are_no_whole_weeks(tmp_path: Path) -> None:
    # 30 days are 4.285714... weeks, of which a few digits are enough
    windows = [WINDOWS[0], {**WINDOWS[1], "week": 4.2857}]
    plan = plan_of(visits={"weeks": [], "days": [0, 30], "windows": windows})
    visits = "patient,visit_date,score\nP1,2020-01-01,8\nP1,2020-01-31,7\n"
    _, values, _ = datasets_of(tmp_path, plan, visits=f"{visits}P2,2020-02-01,9\n")
    assert rows(values["score"], "AVISITN", "AVISIT", "ANL01FL")[1] == (
        *(30 / 7, "Day 30", "Y"),
    )


def test_planned_weeks_may_stand_in_place_of_dates(tmp_path: Path) -> None:
    plan = plan_of(**undated("week", {"weeks": [0, 4, 8]}))
    visits = "patient,visit_week,score\nP1,8,6\nP1,0,8\nP1,2.5,7\nP2,0,9\n"
    _, values, files = datasets_of(
        tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits
    )
    assert list(visit_days(plan, files)) == [56, 0, 17.5, 0]  # nothing is rounded
    assert rows(values["score"], "USUBJID", "ADY", "AVISIT") == [
        ("P1", 1, "Week 0"),
        ("P1", 18, "Unscheduled"),
        ("P1", 57, "Week 8"),
        ("P2", 1, "Week 0"),
    ]
    _, found = findings_in(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert told(found) == [
        (
            "warning: visits.csv, row 4, column visit_week, value '2.5': week 2.5 is "
            "not in the schedule; kept at its day 17.5, as "
            "unscheduled. Check whether it is a planned one [unscheduled_visit]"
        )
    ]


@pytest.mark.parametrize(
    ("time", "column", "twice"),
    [("day", "visit_day", "28"), ("week", "visit_week", "4")],
)
def test_a_visit_that_is_there_twice_is_fatal_on_every_clock(
    time: str, column: str, twice: str, tmp_path: Path
) -> None:
    schedule = {"weeks": [], "days": [0, 28]} if time == "day" else {"weeks": [0, 4]}
    plan = plan_of(**undated(time, schedule))
    visits = f"patient,{column},score\nP1,0,8\nP1,{twice},6\nP1,{twice},7\nP2,0,9\n"
    _, found = findings_in(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert told(found) == [
        (
            f"fatal: visits.csv, row 4, column {column}, value '{twice}': same patient "
            f"and {column} as row 3; if a measurement was repeated, or each row has a "
            "part of the values, say below `visits:` which values count, `repeats: "
            "first` (or last, mean, worst, best); if the visit was entered twice, the "
            "row in error goes [duplicate_visit]"
        )
    ]


@pytest.mark.parametrize(
    ("time", "days_per", "schedule"),
    [
        ("day", 1.0, {"weeks": [], "days": [0, 28]}),
        ("week", 7.0, {"weeks": [0, 13.0446]}),
        ("month", 30.4375, {"weeks": [], "months": [0, 3]}),
        ("year", 365.25, {"weeks": [], "years": [0, 1]}),
        ("month", 30.4375, {"weeks": [], "years": [0, 1]}),
    ],
)
def test_times_are_as_exact_as_the_file_has_them(
    time: str, days_per: float, schedule: dict[str, Any], tmp_path: Path
) -> None:
    plan = plan_of(**undated(time, schedule))
    visits = f"patient,visit_{time},score\nP1,0,8\nP1,13.0446,7\nP1,-0.5,6\nP2,0,9\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    days = [-0.5 * days_per, 0, 13.0446 * days_per, 0]
    assert list(values["score"]["ARELTM"]) == days
    # study days skip 0, and day 0.9 is in study day 1
    assert list(values["score"]["ADY"]) == [
        math.floor(day) + (math.floor(day) >= 0) for day in days
    ]
    assert list(values["score"]["ABLFL"]) == ["", "Y", "", "Y"]
    assert rows(values["score"], "CHG") == [(None,), (None,), (-1,), (None,)]


def test_a_time_a_part_of_a_day_after_zero_is_no_baseline(tmp_path: Path) -> None:
    plan = plan_of(**undated("day", {"weeks": [], "days": [1, 28]}))
    visits = "patient,visit_day,score\nP1,0.5,8\nP1,28,6\nP2,0,9\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert list(values["score"]["ABLFL"]) == ["", "", "Y"]
    early = after_time_zero(values["score"])
    assert list(early["ARELTM"]) == [0.5, 28]


def test_ages_may_stand_for_times(tmp_path: Path) -> None:
    ages = {"weeks": [], "years": [8, 10], "time_zero": 8}
    plan = plan_of(**undated("year", ages))
    visits = "patient,visit_year,score\nP1,8,8\nP1,10,7\nP2,8,9\nP2,9.5,9\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert rows(values["score"], "USUBJID", "AVISIT", "ARELTM", "CHG") == [
        ("P1", "Year 8", 0, None),
        ("P1", "Year 10", 2 * 365.25, -1),
        ("P2", "Year 8", 0, None),
        ("P2", "Unscheduled", 1.5 * 365.25, 0),
    ]
    _, found = findings_in(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert told(found) == [
        (
            "warning: visits.csv, row 5, column visit_year, value '9.5': year 9.5 is "
            "not in the schedule; kept at its day 547.875, as "
            "unscheduled. Check whether it is a planned one [unscheduled_visit]"
        )
    ]


def test_weeks_written_to_a_few_digits_are_those_of_the_schedule(
    tmp_path: Path,
) -> None:
    """Thirty days are 4.285714... weeks; a visit without its week has none."""
    plan = plan_of(visits={"weeks": [0, 30 / 7, 8]})
    visits = (
        "patient,visit_week,visit_date,score\nP1,0,2020-01-01,8\n"
        "P1,4.2857,2020-01-31,7\nP1,4.29,2020-02-01,6\nP2,0,2020-02-01,9\n"
    )
    _, values, _ = datasets_of(tmp_path, plan, visits=visits)
    assert rows(values["score"], "AVISITN", "AVISIT")[:3] == [
        (0, "Week 0"),
        (30 / 7, "Week 4.28571"),
        (4.29, "Unscheduled"),
    ]
    files, _ = findings_in(tmp_path, plan, visits=visits.replace("4.29", ""))
    weeks = visit_weeks(plan, files.tables["visits"], visit_days(plan, files))
    assert [w if pd.notna(w) else None for w in weeks] == [0, 30 / 7, None, 0]


def test_windows_may_place_planned_times(tmp_path: Path) -> None:
    plan = plan_of(**undated("week", {"windows": WINDOWS}))
    visits = "patient,visit_week,score\nP1,0,8\nP1,3.9,7\nP1,7.9,6\nP2,0,9\n"
    _, values, _ = datasets_of(tmp_path, plan, subjects=UNDATED_SUBJECTS, visits=visits)
    assert rows(values["score"], "AVISIT", "ARELTM")[:3] == [
        ("Week 0", 0),
        ("Week 4", 3.9 * 7),
        ("Week 8", 7.9 * 7),
    ]


@pytest.mark.parametrize("unit", ["days", "weeks", "years"])
def test_a_slope_in_another_unit_is_the_same_slope(unit: TimeUnit) -> None:
    """A point lost every 30.4375 days, from 8."""
    bds = pd.DataFrame({"USUBJID": "P1", "ARMCD": "a", "DTYPE": ""}, index=range(3))
    bds["ARELTM"] = [0.0, 91.3125, 182.625]
    bds["AVAL"] = [8.0, 5.0, 2.0]
    [slope] = ordinary_slopes(model_observations(bds, unit))["slope"]
    per = {"days": 30.4375, "weeks": 30.4375 / 7, "years": 1 / 12}[unit]
    assert slope == pytest.approx(-1 / per, rel=1e-12)


EXPOSURE = """\
patient,date,dose
P1,2020-01-03,0
P2,2020-02-03,0
P2,2020-02-05,2
P2,2020-02-04,2
"""
DOSED = {"exposure": {"file": "exposure.csv"}}


def test_a_dose_of_0_was_given_to_a_patient_on_placebo_alone(tmp_path: Path) -> None:
    plan = plan_of(
        data=DOSED,
        arms={
            "groups": [
                {"id": "a", "label": "Arm A", "dose": 0},
                {"id": "b", "label": "Arm B", "dose": 2, "titration": [0]},
            ]
        },
        time_origin="first_dose",
    )
    adsl, values, files = datasets_of(tmp_path, plan, exposure=EXPOSURE)
    assert rows(given_doses(plan, files), "patient", "date") == [
        ("P1", "2020-01-03"),
        ("P2", "2020-02-05"),
        ("P2", "2020-02-04"),
    ]
    # time starts at the first dose given: day 1 is 3 January and 4 February
    assert rows(adsl, "ZERODT", "TRTSDT") == [
        ("2020-01-03", "2020-01-03"),
        ("2020-02-04", "2020-02-04"),
    ]
    assert list(values["score"]["ADY"])[:2] == [-2, 27]


def test_a_dose_of_0_was_given_in_an_arm_that_has_no_other(tmp_path: Path) -> None:
    plan = plan_of(
        data=DOSED,
        arms={
            "groups": [
                {"id": "a", "label": "Arm A"},
                {"id": "b", "label": "Arm B", "dose": 2, "titration": [0]},
            ]
        },
    )
    adsl, _, _ = datasets_of(tmp_path, plan, exposure=EXPOSURE)
    assert rows(adsl, "USUBJID", "TRTSDT", "SAFFL") == [
        ("P1", "2020-01-03", "Y"),
        ("P2", "2020-02-04", "Y"),
    ]
