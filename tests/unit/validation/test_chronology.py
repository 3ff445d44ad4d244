"""Dates that contradict each other, the plan or the file are told."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.raw.findings import Finding
from support.hand_trial import findings_in, plan_of

WINDOWS: dict[str, Any] = {
    "weeks": [0, 4, 8],
    "window_days": None,
    "windows": [
        {"week": 0, "to_day": 1, "target_day": 1},
        {"week": 4, "from_day": 2, "to_day": 42, "target_day": 29},
        {"week": 8, "from_day": 43, "target_day": 57},
    ],
}


def checked(
    folder: Path, dates: str, rules: tuple[str, ...], **changes: Any
) -> list[Finding]:
    """Return findings of these rules on a trial whose first patient has these dates."""
    rows = [f"P1,{4 * i},{date},8" for i, date in enumerate(dates.split())]
    others = "P2,0,2020-02-01,9\nP2,4,2020-02-29,6\nP2,8,2020-03-28,4\n"
    header = "patient,visit_week,visit_date,score\n"
    visits = header + others + "\n".join(rows) + "\n"
    found = findings_in(folder, plan_of(**changes), visits=visits)[1]
    return [f for f in found if f.rule in rules]


def test_dates_in_the_order_of_the_plan_are_no_finding(tmp_path: Path) -> None:
    dates = "2020-01-01 2020-02-20 2020-02-26"
    assert checked(tmp_path, dates, ("visit_order", "year_slip")) == []


def test_of_two_visits_in_the_wrong_order_the_one_off_its_plan_is_told(
    tmp_path: Path,
) -> None:
    # the first is four weeks late, the second on its day
    (found,) = checked(tmp_path, "2020-02-02 2020-01-29 2020-02-26", ("visit_order",))
    assert (found.row, found.severity) == (5, "warning")
    assert "day 32, though it is planned before the visit in row 6" in found.message


def test_without_a_plan_the_order_of_the_file_tells(tmp_path: Path) -> None:
    dates = "2020-01-01 2020-02-28 2020-01-26"
    changes = {"visits": WINDOWS}
    other = "P3,0,2020-01-01,8\n" + "".join(
        f"P3,0,2020-05-{day:02},8\n" for day in range(1, 20)
    )
    rows = [f"P1,{i},{date},8" for i, date in enumerate(dates.split())]
    visits = "patient,x,visit_date,score\n" + other + "\n".join(rows) + "\n"
    subjects = (
        "patient,arm,randomisation_date\nP1,a,2020-01-01\nP2,b,2020-02-01\n"
        "P3,b,2020-01-01\n"
    )
    found = findings_in(tmp_path, plan_of(**changes), visits=visits, subjects=subjects)[
        1
    ]
    (order,) = [f for f in found if f.rule == "visit_order"]
    assert order.row == 24
    assert "though it is in the file after the visit in row 23" in order.message


def test_a_file_in_no_order_of_time_tells_nothing(tmp_path: Path) -> None:
    dates = "2020-02-26 2020-01-29 2020-01-01"
    rows = "".join(f"{p},{date},8\n" for p in ("P1", "P2") for date in dates.split())
    visits = f"patient,visit_date,score\n{rows}"
    subjects = "patient,arm,randomisation_date\nP1,a,2020-01-01\nP2,b,2020-01-01\n"
    plan = plan_of(visits=WINDOWS)
    found = findings_in(tmp_path, plan, visits=visits, subjects=subjects)[1]
    assert [f for f in found if f.rule == "visit_order"] == []


@pytest.mark.parametrize(
    ("dates", "row"),
    [("2020-01-01 2021-01-29 2020-02-26", 6), ("2020-01-01 2020-01-29 2021-02-26", 7)],
)
def test_a_year_one_off_is_fatal_and_told_with_the_date_that_fits(
    dates: str, row: int, tmp_path: Path
) -> None:
    rules = ("year_slip", "visit_order")
    changes = {"data": {"cutoff": None}}
    (found,) = checked(tmp_path, dates, rules, **changes)
    assert (found.rule, found.severity, found.row) == ("year_slip", "fatal", row)
    right = "2020-01-29" if row == 6 else "2020-02-26"
    assert f"{right} is near it. Look up the year" in found.message


def test_a_visit_a_year_late_with_the_others_late_too_is_no_slip(
    tmp_path: Path,
) -> None:
    dates = "2020-01-01 2020-06-29 2021-02-26"
    changes = {"data": {"cutoff": None}}
    assert checked(tmp_path, dates, ("year_slip", "visit_order"), **changes) == []


def test_of_visits_a_year_off_those_are_told_if_the_first_is_in_place(
    tmp_path: Path,
) -> None:
    dates = "2020-01-01 2021-01-29 2021-02-26"
    changes = {"data": {"cutoff": None}}
    found = checked(tmp_path, dates, ("year_slip",), **changes)
    assert [(f.file, f.row) for f in found] == [("visits.csv", 6), ("visits.csv", 7)]


@pytest.mark.parametrize("dose", ["2019-01-01", "2021-01-01"])
def test_a_first_dose_a_year_off_is_told_and_not_the_randomisation(
    dose: str, tmp_path: Path
) -> None:
    plan = plan_of(
        data={"exposure": {"file": "doses.csv"}, "cutoff": None},
        time_origin="first_dose",
    )
    doses = f"patient,date,dose\nP2,2020-02-01,2\nP1,{dose},0\nP1,2021-05-01,0\n"
    _, found = findings_in(tmp_path, plan, exposure=doses)
    (slip,) = [f for f in found if f.rule == "year_slip"]
    assert (slip.file, slip.row, slip.column) == ("doses.csv", 3, "date")
    assert "with 2020 they are not" in slip.message


ENDS = {"exposure": {"file": "doses.csv"}, "events": {"file": "events.csv"}}


@pytest.mark.parametrize(
    ("end", "dose", "told"),
    [
        # of a day that is not known nothing is said that one of its days would deny
        ("2020-02", "2020-02-20", 0),
        ("2020-02", "2020-03-01", 1),
        ("2020-02-19", "2020-02", 0),
        ("2020-02-10", "2020-03", 1),
    ],
)
def test_of_dates_known_in_part_what_is_so_on_any_day_is_told(
    end: str, dose: str, told: int, tmp_path: Path
) -> None:
    partial = {"partial_dates": "first"}
    plan = plan_of(data={name: table | partial for name, table in ENDS.items()})
    events = f"patient,event,date,reason\nP2,completed,{end},\n"
    doses = f"patient,date,dose\nP1,2020-01-01,0\nP2,2020-02-01,2\nP2,{dose},2\n"
    _, found = findings_in(tmp_path, plan, exposure=doses, events=events)
    after = [f for f in found if f.rule == "after_end" and f.file == "doses.csv"]
    assert [f.value for f in after] == [dose] * told


def test_an_adverse_event_of_another_year_is_told_though_its_day_is_not_known(
    tmp_path: Path,
) -> None:
    table = {"file": "ae.csv", "partial_dates": "keep"}
    plan = plan_of(data={"adverse_events": table})
    events = "patient,term,start_date,severity,serious,related\n"
    events += "P1,Rash,2010-02,mild,N,N\nP1,Rash,2020,mild,N,N\n"
    _, found = findings_in(tmp_path, plan, adverse_events=events)
    assert [(f.rule, f.row, f.value) for f in found] == [("early_event", 2, "2010-02")]


@pytest.mark.parametrize(
    ("time", "end", "told"),
    # the last visit of P2 is of week 8, day 56
    [("week", "6", 1), ("week", "7", 0), ("day", "54", 1), ("month", "1", 0)],
)
def test_times_after_an_end_are_told_where_there_are_no_dates(
    time: str, end: str, told: int, tmp_path: Path
) -> None:
    plan = plan_of(
        data={
            "visits": {"time": "week"},
            "events": {"file": "events.csv", "time": time},
        }
    )
    visits = "".join(
        f"{p},{w},{9 - w / 4:g}\n" for p in ("P1", "P2") for w in (0, 4, 8)
    )
    events = f"patient,event,date,reason\nP2,completed,{end},\n"
    _, found = findings_in(
        tmp_path,
        plan,
        subjects="patient,arm\nP1,a\nP2,b\n",
        visits=f"patient,visit_week,score\n{visits}",
        events=events,
    )
    after = [(f.row, f.column) for f in found if f.rule == "after_end"]
    assert after == [(7, "visit_week")] * told


@pytest.mark.parametrize(
    ("until", "told"), [("2020-03-01", []), ("2020-03-20", [(3, "end_date")])]
)
def test_a_period_of_dosing_that_runs_past_the_end_is_told(
    until: str, told: list[tuple[int, str]], tmp_path: Path
) -> None:
    plan = plan_of(data=ENDS)
    events = "patient,event,date,reason\nP1,withdrawn,2020-03-02,\n"
    doses = "patient,date,dose,end_date\nP1,2020-01-01,0,2020-01-31\n"
    doses += f"P1,2020-02-01,0,{until}\n"
    _, found = findings_in(tmp_path, plan, exposure=doses, events=events)
    after = [(f.row, f.column) for f in found if f.rule == "after_end"]
    assert after == told


def test_a_visit_on_its_day_confirms_the_randomisation(tmp_path: Path) -> None:
    """Two screenings of who left at once are no sign of a wrong date."""
    visits = "patient,visit_week,visit_date,score\n"
    others = "P2,0,2020-02-01,9\nP2,4,2020-02-29,6\nP2,8,2020-03-28,4\n"
    own = "P1,,2019-12-10,8\nP1,,2019-12-20,8\nP1,{},{},8\n"
    for week, date, told in (("0", "2020-01-01", 0), ("", "2019-12-25", 1)):
        text = visits + others + own.format(week, date)
        _, found = findings_in(tmp_path, plan_of(), visits=text)
        assert len([f for f in found if f.rule == "mostly_before"]) == told


@pytest.mark.parametrize("columns", [{}, {"end_date": "end_date"}])
def test_doses_none_of_which_has_an_end_are_told_once(
    columns: dict[str, str], tmp_path: Path
) -> None:
    """A column of ends that is there needs no entry to be looked into."""
    plan = plan_of(data={"exposure": {"file": "doses.csv", "columns": columns}})
    doses = "patient,date,dose,end_date\nP1,2020-01-01,0,\nP2,2020-02-01,2,\n"
    (found,) = findings_in(tmp_path, plan, exposure=doses)[1]
    assert (found.rule, found.row) == ("no_end_date", 2)
    assert found.message.endswith("; the first of 2 such rows")
    single = "patient,date,dose\nP1,2020-01-01,0\nP2,2020-02-01,2\n"
    if not columns:
        assert findings_in(tmp_path, plan, exposure=single)[1] == []
