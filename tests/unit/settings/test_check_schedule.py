"""The visit schedule in the configuration: a wrong one is told with its line.

The faults are put into the configurations of two published trials (tests/validation),
one with dates and windows, one with planned weeks.
"""

import pytest

from alsdecline.settings.file import parse_settings
from alsdecline.settings.visits import Visits
from support.configurations import (
    LONG,
    PILOT,
    Fault,
    refusal,
    spoilt,
    told_at_its_line,
)

WINDOW = "    - {week: 8, from_day: 2, to_day: 84, target_day: 56}"

FAULTS: dict[str, Fault] = {
    "schedule given twice": (
        "  weeks: [0, 8, 16, 24]",
        "  weeks: [0, 8, 16, 24]\n  days: [0, 56, 112, 168]",
        "visits:\n  weeks",
        "visits: give the schedule once: `weeks`, `days`, `months` or `years`",
    ),
    "no schedule": (
        "  weeks: [0, 8, 16, 24]\n",
        "",
        "visits:\n  windows",
        "visits: give the schedule once: `weeks`, `days`, `months` or `years`",
    ),
    "one visit alone": (
        "  weeks: [0, 8, 16, 24]",
        "  weeks: [0]",
        "weeks: [0]",
        "visits.weeks: two scheduled visits at least are needed",
    ),
    "windows and days of tolerance": (
        "  weeks: [0, 8, 16, 24]",
        "  weeks: [0, 8, 16, 24]\n  window_days: 3",
        "window_days: 3",
        "visits.window_days: `windows` are given; leave one of them out",
    ),
    "window of a week that is not scheduled": (
        WINDOW,
        WINDOW.replace("week: 8", "week: 9"),
        "  windows:",
        "visits.windows: one window for each week is needed: 0, 8, 16, 24",
    ),
    "window left out": (
        f"{WINDOW}\n",
        "",
        "  windows:",
        "visits.windows: one window for each week is needed: 0, 8, 16, 24",
    ),
    "windows that overlap": (
        WINDOW,
        WINDOW.replace("to_day: 84", "to_day: 85"),
        "week: 16, from",
        (
            "visits.windows.2: starts before the window above ends; windows must not "
            "overlap"
        ),
    ),
    "window that is open in the middle": (
        WINDOW,
        WINDOW.replace("to_day: 84, ", ""),
        "week: 16, from",
        (
            "visits.windows.2: starts before the window above ends; windows must not "
            "overlap"
        ),
    ),
    "window that ends before it starts": (
        WINDOW,
        WINDOW.replace("from_day: 2", "from_day: 90"),
        "week: 8, from",
        "visits.windows.1: `from_day` is later than `to_day`",
    ),
    "target outside its window": (
        WINDOW,
        WINDOW.replace("target_day: 56", "target_day: 85"),
        "week: 8, from",
        "visits.windows.1.target_day: lies outside the window",
    ),
    "study day 0": (
        "    - {week: 0, to_day: 1, target_day: 1}",
        "    - {week: 0, to_day: 1, target_day: 0}",
        "week: 0, to_day",
        (
            "visits.windows.0.target_day: there is no study day 0: the time origin is "
            "day 1"
        ),
    ),
    "unknown way to carry forward": (
        "  carry_forward: baseline",
        "  carry_forward: all",
        "carry_forward: all",
        (
            "visits.carry_forward is 'all': input should be 'none', 'post_baseline' or "
            "'baseline'. Scheduled visits without a value"
        ),
    ),
    "dates counted from a baseline": (
        "time_origin: first_dose",
        "time_origin: baseline",
        "time_origin: baseline",
        "time_origin: visits have dates; count from 'randomisation' or 'first_dose'",
    ),
    "doses without dates": (
        "    file: raw/xpt/sv.xpt",
        "    file: raw/xpt/sv.xpt\n    time: day",
        "  exposure:",
        "data.exposure: has dates, and the visits have none; say what its times are by",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_dated_visits_is_told_with_its_line(name: str) -> None:
    told_at_its_line(PILOT, FAULTS[name])


LONG_FAULTS: dict[str, Fault] = {
    "no dates to count from": (
        "time_origin: baseline",
        "time_origin: randomisation",
        "time_origin: randomisation",
        "time_origin: visits have no dates; count from 'baseline'",
    ),
    "tolerance of planned weeks": (
        "  weeks: [0, 4, 12, 24, 52]",
        "  weeks: [0, 4, 12, 24, 52]\n  window_days: 6",
        "window_days: 6",
        (
            "visits.window_days: is of no use where visits have their planned time; "
            "leave it out"
        ),
    ),
    "tolerance missing where visits have dates": (
        "    time: week  # visits as planned; the file has no dates\n",
        "",
        "visits:\n  weeks",
        (
            "visits: `window_days` is missing: days that a visit may lie from its "
            "scheduled day; or give `windows`"
        ),
    ),
    "one file of subjects and visits though a row is a patient": (
        "    one_row_a_patient: false  # a long file: subjects and their visits\n",
        "    one_row_a_patient: true\n",
        "  visits:\n    file",
        (
            "data.visits: subjects and visits are read from "
            "'raw/armd0_long_with_baseline.csv'; if it has several rows a patient, as "
            "of a row a visit, write `one_row_a_patient: false` below `data: subjects:`"
        ),
    ),
    "unknown clock": (
        "    time: week  # visits",
        "    time: hour  # visits",
        "time: hour",
        (
            "data.visits.time is 'hour': input should be 'date', 'day', 'week', "
            "'month', 'year' or 'study_day'. What tells when a visit was:"
        ),
    ),
    "weeks before the origin": (
        "  weeks: [0, 4, 12, 24, 52]",
        "  days: [-7, 0, 28]",
        "days: [-7",
        "visits.days: days start at 0; leave out those before it",
    ),
    "years before their time zero": (
        "  weeks: [0, 4, 12, 24, 52]",
        "  years: [8, 10, 12]\n  time_zero: 9",
        "years: [8",
        "visits.years: years start at 9, time zero; leave out those before it",
    ),
    "two horizons": (
        "  horizon_week: 52",
        "  horizon_week: 52\n  horizon: 24",
        "horizon: 24",
        "summaries.horizon: `horizon_week` is given; leave one of them out",
    ),
    "a horizon at time zero": (
        "  horizon_week: 52",
        "  horizon: 0",
        "horizon: 0",
        "summaries.horizon: must be later than 0, time zero",
    ),
    "days that fall": (
        "  weeks: [0, 4, 12, 24, 52]",
        "  days: [0, 28, 7]",
        "days: [0, 28",
        "visits.days: days must rise, each once",
    ),
}


@pytest.mark.parametrize("name", LONG_FAULTS)
def test_a_fault_of_planned_visits_is_told_with_its_line(name: str) -> None:
    told_at_its_line(LONG, LONG_FAULTS[name])


def test_days_with_dates_need_windows() -> None:
    text = LONG.replace("    time: week  # visits", "    # visits")
    text = spoilt(text, "  weeks: [0, 4, 12, 24, 52]", "  days: [0, 28]")
    told = refusal(text)
    says = "visits.days: with dates it needs `windows`; or give `weeks`"
    assert [line for line in told if line.endswith(says)]


def test_dates_have_their_own_time_zero() -> None:
    text = spoilt(
        PILOT, "  weeks: [0, 8, 16, 24]", "  weeks: [0, 8, 16, 24]\n  time_zero: 8"
    )
    says = "visits.time_zero: dates have their time zero by `time_origin`; leave it out"
    assert [line for line in refusal(text) if line.endswith(says)]


def test_a_schedule_may_be_in_any_unit_and_start_anywhere() -> None:
    ages = Visits(years=[8, 10, 12, 14], time_zero=8)
    assert (ages.unit, ages.schedule[0]) == ("years", 0)
    assert ages.schedule[1:] == [years * 365.25 / 7 for years in (2, 4, 6)]
    assert [ages.label(week) for week in ages.schedule] == [
        *("Year 8", "Year 10", "Year 12", "Year 14"),
    ]
    assert ages.label(1.0) == "Unscheduled"
    later = Visits(months=[1, 3, 6])
    assert later.schedule == [months * 30.4375 / 7 for months in (1, 3, 6)]
    assert later.name_of(later.schedule[2]) == "month 6"
    assert Visits(weeks=[1, 13.0446]).label(13.0446) == "Week 13.0446"


@pytest.mark.parametrize(
    ("given", "week", "name"),
    [
        ("  horizon_week: 52", 52, "week 52"),
        ("  horizon: 24", 24, "week 24"),
        ("", 52, "week 52"),  # the last visit
        ("  horizon_week: 23.9999", 24, "week 24"),
    ],
)
def test_the_horizon_is_a_visit_unless_told(given: str, week: float, name: str) -> None:
    settings = parse_settings(spoilt(LONG, "  horizon_week: 52", given), "config.yaml")
    assert settings.horizon_week == week
    assert settings.summaries_at_horizon.horizon_week == week
    assert settings.visits.name_of(settings.horizon_week) == name


def test_a_scheduled_week_may_be_written_to_a_few_digits() -> None:
    # 30 days are 4.285714... weeks
    text = LONG.replace("  weeks: [0, 4, 12, 24, 52]", "  days: [0, 30]")
    text = text.replace("    time: week  #", "    time: day  #")
    text = spoilt(text, "visit_week: time", "visit_day: time")
    visits = parse_settings(text, "config.yaml").visits
    assert visits.scheduled_week(4.2857) == 30 / 7
    assert visits.scheduled_week(4.28) is None
    assert visits.label(30 / 7) == "Day 30"
