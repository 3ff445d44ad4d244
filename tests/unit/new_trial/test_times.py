"""What is taken for the time of a visit, and what is refused or left open."""

import pytest

from support.new_trials import make, renamed, visits


@pytest.mark.parametrize(
    ("names", "unit", "recode"),
    [
        (("Baseline", "Week 12", "Week 24"), "weeks", '"Week 12": "12"'),
        (("BL", "M3", "M6"), "months", 'M3: "3"'),
        (("Day 0", "Day 28", "Day 56"), "days", '"Day 28": "28"'),
        (("登録時", "12週", "24週"), "weeks", '"12週": "12"'),
        (("baseline", "4wks", "12wks"), "weeks", '4wks": "4"'),
    ],
)
def test_names_of_visits_tell_their_times(tmp_path, names, unit, recode):
    rows = [row | {"visit": names[int(row["week"]) // 4]} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.guessed("unit of time") in ("", unit)
    assert recode in made.config
    assert f"  {unit}: [0, " in made.config


def test_names_of_visits_that_tell_no_time_are_left_open(tmp_path):
    rows = [row | {"visit": f"V{int(row['week']) // 4 + 1}"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert "times of visits" in made.decisions
    assert "        V2:\n" in made.config


def test_a_number_without_a_unit_leaves_the_unit_open(tmp_path):
    made = make(tmp_path, renamed(visits(), week="time"))

    assert "unit of time" in made.decisions
    assert made.config.count("    columns: {patient: patient, visit_") == 4
    said = make(tmp_path, renamed(visits(), week="time"), unit="weeks")
    assert said.decisions == ["reference arm", "data"]


def test_a_unit_by_name_that_visits_contradict_is_refused(tmp_path):
    rows = [row | {"visit": f"Month {row['week']}"} for row in visits()]

    assert (
        "is in weeks by its name, and in months by other columns"
        in make(tmp_path, rows).faults
    )


def test_dates_with_randomisation_and_planned_weeks_are_dates(tmp_path):
    rows = [
        row
        | {
            "visit_date": f"2020-0{1 + int(row['week']) // 4}-10",
            "randomisation_date": "2020-01-10",
        }
        for row in visits()
    ]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert "time: date" in made.config
    assert "randomisation_date: randomisation_date" in made.config
    assert "visit_week: week" in made.config


def test_dates_alone_become_days_since_each_first_visit(tmp_path):
    rows = [row | {"date": f"2020-0{1 + int(row['week']) // 4}-10"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.guessed("time zero") == "each patient's first visit"
    (written,) = (text for name, text in made.files.items() if "converted" in name)
    assert [line.rsplit(",", 1)[1] for line in written.splitlines()[:4]] == [
        "visit_day",
        "0",
        "31",
        "60",
    ]


def test_a_date_that_is_said_to_be_the_time_is_counted_from_each_first_visit(tmp_path):
    rows = [row | {"came": f"2020-0{1 + int(row['week']) // 4}-10"} for row in visits()]
    made = make(tmp_path, rows, time="came")

    assert made.faults == ""
    assert "visit_day: visit_day" in made.config


@pytest.mark.parametrize("cell", ["1e400", "inf", "nan", "99999999999", "-3"])
def test_times_that_are_no_times_end_in_no_traceback(tmp_path, cell):
    for rows in (visits(patients=1), visits()):
        rows[0]["week"] = cell
        for row in rows[1::2]:
            row["week"] = f"{row['week']}.{row['patient'][1:]}"
        make(tmp_path, rows)
        make(tmp_path, rows[:2], unit="days")


def test_day_numbers_of_excel_are_told(tmp_path):
    rows = [row | {"week": str(43_831 + int(row["week"]))} for row in visits()]

    faults = make(tmp_path, renamed(rows, week="visit date")).faults
    assert (
        "'visit date' holds day numbers of Excel: format the cells as dates" in faults
    )


def test_the_time_is_no_outcome(tmp_path):
    faults = make(tmp_path, visits(), outcomes=("week",)).faults

    assert "'week' is the patient or the time already" in faults


def test_ambiguous_dates_are_refused_until_their_order_is_given(tmp_path):
    rows = [row | {"date": f"0{1 + int(row['week']) // 4}/05/2020"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]

    assert "say --dates dmy or mdy" in make(tmp_path, rows).faults
    assert make(tmp_path, rows, dates="mdy").faults == ""
