"""Names of visits and columns say when and what."""

import pytest

from alsdecline.new_trial.dates import read_dates
from alsdecline.new_trial.guesses import Guess
from alsdecline.new_trial.terminal import guess_table, width_of
from alsdecline.new_trial.words import time_of_label, unit_of_name


@pytest.mark.parametrize(
    ("label", "time"),
    [
        ("Baseline", (0, None)),
        ("Week 12", (12, "weeks")),
        ("Week 2.5", (2.5, "weeks")),
        ("WEEK_12", (12, "weeks")),
        ("4wks", (4, "weeks")),
        ("W8", (8, "weeks")),
        ("Visit Month 3", (3, "months")),
        ("M3", (3, "months")),
        ("week_4_arm_1", (4, "weeks")),
        ("第12週", (12, "weeks")),
        ("3か月", (3, "months")),
        ("１２週", (12, "weeks")),
        ("V3", None),
        ("VIS1", None),
        ("Early termination", None),
        ("End of treatment", None),
        ("Week", None),
    ],
)
def test_the_time_that_a_name_of_a_visit_tells(label, time):
    assert time_of_label(label) == time


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Days", "days"),
        ("RELDAYS", "days"),
        ("visitWeek", "weeks"),
        ("months_since_baseline", "months"),
        ("経過月", "months"),
        ("time", None),
        ("score", None),
        ("birthday", None),
    ],
)
def test_the_unit_that_a_name_of_a_column_tells(name, unit):
    assert unit_of_name(name) == unit


@pytest.mark.parametrize(
    ("texts", "iso", "forms"),
    [
        (["2020-01-31"], "2020-01-31", ("YYYY-MM-DD",)),
        (["31.01.2020"], "2020-01-31", ("DD.MM.YYYY",)),
        (["2020/1/31"], "2020-01-31", ("YYYY/MM/DD",)),
        (["31-Jan-2020"], "2020-01-31", ("DD Mon YYYY",)),
        (["January 31, 2020"], "2020-01-31", ("Mon DD, YYYY",)),
        (["2020年1月31日"], "2020-01-31", ("YYYY/MM/DD",)),
        (["04/03/2020", "31/01/2020"], "2020-03-04", ("DD/MM/YYYY",)),
        (["04/03/2020", "01/31/2020"], "2020-04-03", ("MM/DD/YYYY",)),
    ],
)
def test_dates_in_the_forms_that_people_write(texts, iso, forms):
    dates = read_dates(texts)

    assert dates.iso[texts[0]] == iso
    assert dates.forms == forms
    assert dates.ambiguous == ()


def test_a_date_that_may_be_two_days_is_ambiguous():
    assert read_dates(["04/03/2020"]).ambiguous == ("04/03/2020",)
    assert read_dates(["04/03/2020", "31/01/2020", "01/31/2020"]).ambiguous
    assert read_dates(["04/04/2020"]).ambiguous == ()
    assert read_dates(["04/03/2020"], "mdy").iso == {"04/03/2020": "2020-04-03"}


def test_what_is_no_date_is_none():
    for text in ("2020-02-30", "31/31/2020", "1-2-20", "44000", "12/2020", "today"):
        assert read_dates([text]) is None


def test_a_table_of_guesses_keeps_its_columns_with_wide_letters():
    wide = Guess(
        "arm", "投与群" * 9, "name; プラセボ 4", "likely", "data.subjects.columns.arm"
    )
    text = guess_table([wide, Guess("time", "week", "x" * 99, "sure", "y")], 90)

    assert all(width_of(line) <= 112 for line in text.splitlines())
    assert {line.index("likely") - 0 for line in text.splitlines() if "likely" in line}
    ends = [
        width_of(line.split("likely")[0])
        for line in text.splitlines()
        if "likely" in line
    ]
    assert ends == [width_of(text.splitlines()[0].split("how sure")[0])]
