"""Baselines that stand in a column of the subjects: rows, changes, sums, lineage."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alsdecline.datasets.bds import measured_values
from alsdecline.datasets.lineage import record_lineage, value_lineage
from alsdecline.datasets.study_time import observed_values, recorded_values
from support.hand_trial import PLAN, datasets_of, findings_in, plan_of, rows, told

SUBJECTS = """\
patient,arm,randomisation_date,entry
P1,a,2020-01-01,8
P2,b,2020-02-01,9
P3,b,2020-02-01,
"""
# no visit of P1 and P3 is at time zero; P2's is
VISITS = """\
patient,visit_week,visit_date,score
P1,4,2020-01-29,7
P1,8,2020-02-26,5
P2,0,2020-02-01,9
P2,4,2020-02-29,6
P3,4,2020-02-29,3
"""
FILES = {"subjects": SUBJECTS, "visits": VISITS}


def score(use: str, folder: Path) -> pd.DataFrame:
    plan = plan_of({"baseline": {"column": "entry", "use": use}})
    _, values, _ = datasets_of(folder, plan, **FILES)
    return values["score"]


@pytest.mark.parametrize("use", ["row", "change"])
def test_change_is_from_the_recorded_baseline_where_none_was_measured(
    use: str, tmp_path: Path
) -> None:
    kind = "" if use == "row" else "BASELINE"
    shown = ("USUBJID", "ADT", "ARELTM", "AVAL", "ABLFL", "DTYPE", "BASE", "CHG")
    assert rows(score(use, tmp_path), *shown) == [
        ("P1", "2020-01-01", 0, 8, "Y", kind, 8, None),
        ("P1", "2020-01-29", 28, 7, "", "", 8, -1),
        ("P1", "2020-02-26", 56, 5, "", "", 8, -3),
        ("P2", "2020-02-01", 0, 9, "Y", "", 9, None),
        ("P2", "2020-02-29", 28, 6, "", "", 9, -3),
        ("P3", "2020-02-29", 28, 3, "", "", None, None),
    ]


@pytest.mark.parametrize(("use", "n_values"), [("row", 6), ("change", 5)])
def test_models_take_it_only_as_a_row(use: str, n_values: int, tmp_path: Path) -> None:
    frame = score(use, tmp_path)
    assert len(observed_values(frame)) == n_values
    assert len(recorded_values(frame)) == 6


def test_a_schedule_without_a_visit_at_zero_has_it_as_time_zero(tmp_path: Path) -> None:
    plan = plan_of(
        {"baseline": {"column": "entry", "use": "row"}}, visits={"weeks": [4, 8]}
    )
    _, values, _ = datasets_of(tmp_path, plan, **FILES)
    assert list(values["score"]["AVISIT"]) == [
        *("Time zero", "Week 4", "Week 8", "Time zero", "Week 4", "Week 4"),
    ]


def test_without_dates_it_needs_none(tmp_path: Path) -> None:
    plan = plan_of(
        {"baseline": {"column": "entry", "use": "row"}},
        data={"visits": {"time": "week"}},
        time_origin="baseline",
        visits={"weeks": [4, 8], "window_days": None},
    )
    texts = {
        "subjects": "patient,arm,entry\nP1,a,8\nP2,b,9\n",
        "visits": "patient,visit_week,score\nP1,4,7\nP2,8,6\n",
    }
    _, values, _ = datasets_of(tmp_path, plan, **texts)
    assert rows(values["score"], "ADT", "ARELTM", "CHG") == [
        (None, 0, None),
        (None, 28, -1),
        (None, 0, None),
        (None, 56, -3),
    ]


def test_a_sum_has_the_baselines_of_its_parts(tmp_path: Path) -> None:
    one = PLAN["outcomes"][0] | {"baseline": {"column": "entry", "use": "change"}}
    two = one | {"id": "other", "column": "other", "parameter": "OTHER", "label": "O"}
    two |= {"baseline": {"column": "other_entry", "use": "change"}}
    total = {"id": "both", "label": "Both", "parameter": "BOTH", "scale": "score"}
    plan = plan_of(outcomes=[one, two, total | {"sum_of": ["score", "other"]}])
    texts = {
        "subjects": (
            "patient,arm,randomisation_date,entry,other_entry\n"
            "P1,a,2020-01-01,4,3\nP2,b,2020-02-01,4,\n"
        ),
        "visits": (
            "patient,visit_week,visit_date,score,other\n"
            "P1,4,2020-01-29,2,3\nP2,4,2020-02-29,1,1\n"
        ),
    }
    _, values, _ = datasets_of(tmp_path, plan, **texts)
    assert rows(values["both"], "USUBJID", "ARELTM", "AVAL", "DTYPE", "CHG") == [
        ("P1", 0, 7, "BASELINE", None),
        ("P1", 28, 5, "", -2),
        ("P2", 28, 2, "", None),
    ]


def test_its_cell_is_in_the_lineage_and_no_visit_is(tmp_path: Path) -> None:
    plan = plan_of({"baseline": {"column": "entry", "use": "row"}})
    adsl, _, files = datasets_of(tmp_path, plan, **FILES)
    measured = measured_values(plan, files, adsl)
    sha256 = {"subjects.csv": "s", "visits.csv": "v"}
    cells = value_lineage(plan, files, measured, sha256)
    of_p1 = cells[cells["USUBJID"] == "P1"]
    assert rows(of_p1, "SRCSEQ", "file", "row", "column") == [
        (1, "subjects.csv", 2, "entry"),
        (2, "visits.csv", 2, "score"),
        (3, "visits.csv", 3, "score"),
    ]
    records = record_lineage(plan, files, adsl, measured, sha256)
    visits = records[(records["domain"] == "VISITS") & (records["USUBJID"] == "P1")]
    assert rows(visits, "SEQ", "row") == [(2, 2), (3, 3)]


def test_only_who_has_neither_is_told_to_have_no_baseline(tmp_path: Path) -> None:
    plan = plan_of({"baseline": {"column": "entry", "use": "row"}})
    _, found = findings_in(tmp_path, plan, **FILES)
    assert told(found) == [
        (
            "warning: visits.csv, row 6, column score: patient P3 has no baseline "
            "(week 0) value; there is no change from baseline. Enter it if it was "
            "measured; the models take the other values all the same [no_baseline]"
        )
    ]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("11", "outside 0 to 10, the range of score; correct it"),
        ("7.5", "score has whole points only; correct it"),
        ("x", "not a number; write digits with a decimal point, or leave it empty"),
    ],
)
def test_it_is_held_to_the_scale(entry: str, says: str, tmp_path: Path) -> None:
    plan = plan_of({"baseline": {"column": "entry", "use": "row"}})
    texts: dict[str, Any] = FILES | {
        "subjects": SUBJECTS.replace(",8\n", f",{entry}\n")
    }
    _, found = findings_in(tmp_path, plan, **texts)
    assert f"fatal: subjects.csv, row 2, column entry, value '{entry}': {says}" in str(
        told(found)[0]
    )
