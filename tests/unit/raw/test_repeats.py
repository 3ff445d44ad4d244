"""Several values of a visit or a day: refused, or chosen by the plan's rule.

The trial is that of support.hand_trial: a score of 0 to 10, higher being better. The
values that are expected are read off the rows by hand.
"""

from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import measured_values
from alsdecline.datasets.lineage import value_lineage
from alsdecline.raw.files import TrialFiles
from alsdecline.settings.data_plan import DataPlan
from support.hand_trial import ITEMS, datasets_of, findings_in, plan_of, rows, told

# week 4 of P1 stands in rows 3, 4 and 5: on its day twice, and two days later
REPEATED = """\
patient,visit_week,visit_date,score
P1,0,2020-01-01,8
P1,4,2020-01-29T15:00,7
P1,4,2020-01-29T09:30,4
P1,4,2020-01-31,10
P1,8,2020-02-26,5
P2,0,2020-02-01,9
P2,4,2020-02-29,6
P2,8,2020-03-28,4
"""

CHOSEN = {
    # at 9:30, before the row above it
    "first": (4, "2020-01-29", [4]),
    "last": (10, "2020-01-31", [5]),
    "worst": (4, "2020-01-29", [4]),
    "best": (10, "2020-01-31", [5]),
    "mean": (7, "2020-01-29", [3, 4, 5]),
}


def rows_behind(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return the lineage of values, of files without digests."""
    digests = dict.fromkeys((table.file for table in files.sources.values()), "")
    measured = measured_values(plan, files, subject_level(plan, files))
    return value_lineage(plan, files, measured, digests)


def week_4(plan: DataPlan, folder: Path, **texts: str) -> tuple[object, ...]:
    """Return the value of P1 at week 4, its day, and the rows that made it."""
    _, values, files = datasets_of(folder, plan, **texts)
    bds = values["score"]
    at = bds[(bds["USUBJID"] == "P1") & (bds["AVISITN"] == 4)]
    (found,) = rows(at, "AVAL", "ADT", "SRCSEQ")
    lineage = rows_behind(plan, files)
    behind = lineage[(lineage["USUBJID"] == "P1") & (lineage["SRCSEQ"] == found[2])]
    return found[0], found[1], sorted(set(behind["row"]))


@pytest.mark.parametrize("rule", CHOSEN)
def test_the_rule_chooses_and_the_lineage_names_the_rows(
    rule: str, tmp_path: Path
) -> None:
    plan = plan_of(visits={"repeats": rule})
    assert week_4(plan, tmp_path, visits=REPEATED) == CHOSEN[rule]


def test_worst_is_by_the_direction_of_the_scale(tmp_path: Path) -> None:
    lower = {"score": {"better": "lower"}}
    plan = plan_of(visits={"repeats": "worst"}, scales=lower)
    assert week_4(plan, tmp_path, visits=REPEATED) == CHOSEN["best"]


def test_what_was_chosen_is_told_once_with_rows_and_count(tmp_path: Path) -> None:
    text = REPEATED + "P2,8,2020-03-28,3\n"
    plan = plan_of(visits={"repeats": "worst"})
    _, found = findings_in(tmp_path, plan, visits=text)
    assert told(found) == [
        (
            "warning: visits.csv, row 3, column score: patient P1 has several values "
            "of Score at one visit (rows 3 and 4 and 5); used is row 4, by `repeats: "
            "worst`. Check that the protocol has this rule; the first of 2 such rows "
            "[repeated_value]"
        )
    ]


def test_without_a_rule_repeats_are_refused_by_the_setting(tmp_path: Path) -> None:
    _, found = findings_in(tmp_path, plan_of(), visits=REPEATED)
    assert {(f.severity, f.rule, f.row) for f in found} == {
        ("fatal", "duplicate_visit", 4),
        ("fatal", "duplicate_visit", 5),
    }
    assert all("`repeats: first`" in f.message for f in found)
    assert not any("keep the right" in f.message for f in found)


def test_two_planned_visits_on_a_day_are_no_repeats(tmp_path: Path) -> None:
    text = REPEATED.replace("P1,8,2020-02-26", "P1,8,2020-01-31")
    plan = plan_of(visits={"repeats": "first"})
    _, found = findings_in(tmp_path, plan, visits=text)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row, f.value) for f in fatal] == [
        ("duplicate_visit", 6, "2020-01-31")
    ]


# in the second measurement of week 4 the first item is missing: 2 + 2 + 3 is whole
ITEM_ROWS = """\
patient,visit_week,visit_date,i1,i2,i3
P1,0,2020-01-01,2,3,3
P1,4,2020-01-29,,1,1
P1,4,2020-01-29,2,2,3
P1,4,2020-01-29,1,3,4
P1,8,2020-02-26,1,2,2
P2,0,2020-02-01,2,2,2
"""


@pytest.mark.parametrize(
    ("rule", "total", "of_rows"),
    [("first", 7, [4]), ("worst", 7, [4]), ("best", 8, [5]), ("mean", 7.5, [4, 5])],
)
def test_items_of_a_total_are_of_one_complete_measurement(
    rule: str, total: float, of_rows: list[int], tmp_path: Path
) -> None:
    plan = plan_of(ITEMS, visits={"repeats": rule})
    assert week_4(plan, tmp_path, visits=ITEM_ROWS)[::2] == (total, of_rows)


def test_rows_that_have_a_part_each_are_put_together(tmp_path: Path) -> None:
    text = ITEM_ROWS.replace("P1,4,2020-01-29,2,2,3\nP1,4,2020-01-29,1,3,4\n", "")
    text += "P1,4,2020-01-29,2,,\n"
    plan = plan_of(ITEMS, visits={"repeats": "first"})
    assert week_4(plan, tmp_path, visits=text)[::2] == (4, [3, 6])


VISITS = "patient,visit,visit_week,visit_date\n" + "".join(
    f"{patient},{n},{4 * (n - 1)},{date}\n"
    for patient, dates in (
        ("P1", ("2020-01-01", "2020-01-29", "2020-02-26")),
        ("P2", ("2020-02-01", "2020-02-29", "2020-03-28")),
    )
    for n, date in enumerate(dates, start=1)
)
LONG = """\
patient,visit,parameter,value,date
P1,2,SCORE,7,2020-01-29T15:00
P1,2,SCORE,4,2020-01-29T09:30
P1,1,SCORE,8,
P2,1,SCORE,9,
P1,2,SCORE,10,2020-01-29T16:00
P1,2,SCORE,,2020-01-29T17:00
"""


@pytest.mark.parametrize(
    ("rule", "value", "of_rows"),
    [
        ("first", 4, [3]),
        ("last", 10, [6]),
        ("worst", 4, [3]),
        ("best", 10, [6]),
        ("mean", 7, [2, 3, 6]),
    ],
)
def test_measurements_one_a_row_are_chosen_by_the_same_rule(
    rule: str, value: float, of_rows: list[int], tmp_path: Path
) -> None:
    table = {"measurements": {"file": "long.csv"}}
    plan = plan_of({"column": "SCORE"}, data=table, visits={"repeats": rule})
    found = week_4(plan, tmp_path, visits=VISITS, measurements=LONG)
    assert found == (value, "2020-01-29", of_rows)


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("29/01/2020 9:30", "29/01/2020 10:15"),
        ("29/01/2020 11:00 AM", "29/01/2020 01:30 PM"),
        ("29/01/2020 12:10 AM", "29/01/2020 9:00 AM"),
        ("29/01/2020", "29/01/2020 0:01"),
        ("2020-01-29T09", "2020-01-29T10:15"),
    ],
)
def test_times_of_day_are_ordered_as_times_however_they_are_written(
    early: str, late: str, tmp_path: Path
) -> None:
    iso = "T" in early
    visits = {} if iso else {"visits": {"date_format": "DD/MM/YYYY"}}
    first, other = ("2020-01-01", "2020-02-01") if iso else ("01/01/2020", "01/02/2020")
    text = "patient,visit_week,visit_date,score\n"
    text += f"P1,0,{first},8\nP1,4,{late},7\nP1,4,{early},4\nP2,0,{other},9\n"
    for rule, found in (("first", (4, [4])), ("last", (7, [3]))):
        plan = plan_of(data=visits, visits={"repeats": rule})
        assert week_4(plan, tmp_path, visits=text)[::2] == found


def long_items(*sessions: tuple[str, dict[str, int | None]]) -> str:
    """Write items of week 4 of P1 one a row, by their time of day; None is blank."""
    lines = ["patient,visit,parameter,value,date"]
    for clock, points in sessions:
        lines += [
            f"P1,2,{item},{'' if value is None else value},2020-01-29{clock}"
            for item, value in points.items()
        ]
    return "\n".join(lines) + "\nP2,1,i1,1,\nP2,1,i2,1,\nP2,1,i3,1,\n"


WHOLE = {"i1": 2, "i2": 3, "i3": 4}


@pytest.mark.parametrize(
    "part",
    [{"i1": None, "i2": 1, "i3": 1}, {"i2": 1, "i3": 1}],
    ids=["blank", "no row"],
)
def test_items_one_a_row_are_of_one_measurement(
    part: dict[str, int | None], tmp_path: Path
) -> None:
    """Two items at 9:00 and three at 15:00: the complete one is that of 15:00."""
    plan = plan_of(
        ITEMS, data={"measurements": {"file": "long.csv"}}, visits={"repeats": "first"}
    )
    long = long_items(("T09:00", part), ("T15:00", WHOLE))
    whole_rows = [len(part) + k for k in (2, 3, 4)]
    assert week_4(plan, tmp_path, visits=VISITS, measurements=long)[::2] == (
        9,
        whole_rows,
    )


def test_without_a_time_of_day_a_blank_item_was_measured_with_the_others(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        ITEMS, data={"measurements": {"file": "long.csv"}}, visits={"repeats": "first"}
    )
    long = long_items(("", {"i1": None, "i2": 1, "i3": 1}), ("", WHOLE))
    found = week_4(plan, tmp_path, visits=VISITS, measurements=long)
    assert found[::2] == (9, [5, 6, 7])


def test_items_that_were_asked_minutes_apart_are_of_one_measurement(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        ITEMS, data={"measurements": {"file": "long.csv"}}, visits={"repeats": "last"}
    )
    long = long_items(
        *(("T09:0" + str(k), {item: 1}) for k, item in enumerate(WHOLE)),
        *(("T15:0" + str(k), {item: WHOLE[item]}) for k, item in enumerate(WHOLE)),
    )
    found = week_4(plan, tmp_path, visits=VISITS, measurements=long)
    assert found[::2] == (9, [5, 6, 7])


def test_a_measurement_is_of_the_row_of_its_visit_that_has_its_date(
    tmp_path: Path,
) -> None:
    """Visit 2 was on two days: the value of the second is worse."""
    visits = VISITS + "P1,2,4,2020-02-02\n"
    long = LONG.replace("2020-01-29T16:00", "2020-02-02").replace("10,", "1,")
    table = {"measurements": {"file": "long.csv"}}
    plan = plan_of({"column": "SCORE"}, data=table, visits={"repeats": "worst"})
    found = week_4(plan, tmp_path, visits=visits, measurements=long)
    assert found == (1, "2020-02-02", [6])


def test_a_wrong_sum_is_told_though_its_row_is_not_chosen(tmp_path: Path) -> None:
    text = ITEM_ROWS.replace("i3\n", "i3,score\n")
    text = text.replace("P1,4,2020-01-29,1,3,4\n", "P1,4,2020-01-29,1,3,4,9\n")
    plan = plan_of(ITEMS | {"column": "score"}, visits={"repeats": "first"})
    lines = [line if line.count(",") == 6 else f"{line}," for line in text.split("\n")]
    _, found = findings_in(tmp_path, plan, visits="\n".join(lines[:-1]) + "\n")
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row, f.value) for f in fatal] == [("sum", 5, "9")]


@pytest.mark.parametrize("carried", ["none", "post_baseline"])
@pytest.mark.parametrize(
    ("rule", "value"), [("worst", 5), ("last", 5), ("best", 7), ("first", 7)]
)
def test_what_is_chosen_on_the_day_of_a_planned_visit_is_of_that_visit(
    rule: str, value: int, carried: str, tmp_path: Path
) -> None:
    """Week 4 would else have no value, or one that is carried over two measured."""
    visits = "patient,visit_week,visit_date,score\n"
    visits += "P1,0,2020-01-01,8\nP1,4,2020-01-29,7\nP1,Unscheduled,2020-01-29,5\n"
    visits += "P1,8,2020-02-26,6\nP2,0,2020-02-01,9\n"
    plan = plan_of(visits={"repeats": rule, "carry_forward": carried})
    values = datasets_of(tmp_path, plan, visits=visits)[1]["score"]
    first = values[values["USUBJID"] == "P1"]
    assert rows(first, "AVISIT", "ADY", "AVAL", "DTYPE") == [
        ("Week 0", 1, 8, ""),
        ("Week 4", 29, value, ""),
        ("Week 8", 57, 6, ""),
    ]


def test_a_baseline_that_a_screening_row_of_its_day_repeats_is_one(
    tmp_path: Path,
) -> None:
    visits = "patient,visit_week,visit_date,score\nP1,Screening,2020-01-01,9\n"
    visits += "P1,0,2020-01-01,8\nP1,4,2020-01-29,7\nP2,0,2020-02-01,9\n"
    plan = plan_of(visits={"repeats": "first"})
    values = datasets_of(tmp_path, plan, visits=visits)[1]["score"]
    base = values[(values["USUBJID"] == "P1") & (values["ABLFL"] == "Y")]
    assert rows(base, "AVISIT", "AVAL", "BASE") == [("Week 0", 9, 9)]
