"""Records of two runs are compared one by one, and what follows is counted alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alsdecline.changes.patient_matching import match_rows
from alsdecline.changes.patients import compare_patients
from alsdecline.jobs.recorded_runs import open_run
from support.hand_runs import LIMB, adsl, adverse_events, bds, hand_run


def compared(
    folder: Path, old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Compare two runs that have these datasets."""
    return compare_patients(
        open_run(hand_run(folder / "old", datasets=old)),
        open_run(hand_run(folder / "new", datasets=new)),
    )


def limb(folder: Path, new: list[Any], old: list[Any] = LIMB) -> list[tuple[Any, ...]]:
    """Compare the limb scores and return each change as a tuple."""
    changes = compared(folder, {"bds/limb": bds(old)}, {"bds/limb": bds(new)})
    return [
        (c["change"], c["patient"], c["visit"], c["date"], *told(c))
        for c in changes["changes"]
    ]


def told(change: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(f["field"], f["old"], f["new"]) for f in change["fields"]]


def test_equal_runs_have_no_changes_of_any_kind(tmp_path: Path) -> None:
    same = {"bds/limb": bds(LIMB), "adsl": adsl()}
    assert not any(compared(tmp_path, same, same).values())


def test_a_corrected_value_is_one_change_with_both_values(tmp_path: Path) -> None:
    new = [LIMB[0], ("P1", 4, "2020-01-29", 29, 37.5), *LIMB[2:]]
    assert limb(tmp_path, new) == [
        ("changed", "P1", 4.0, "2020-01-29", ("AVAL", 38.0, 37.5))
    ]


def test_a_difference_in_the_last_bit_is_a_change(tmp_path: Path) -> None:
    new = [LIMB[0], ("P1", 4, "2020-01-29", 29, 38.00000000000001), *LIMB[2:]]
    assert [c[0] for c in limb(tmp_path, new)] == ["changed"]


def test_a_corrected_date_is_a_change_of_that_visit(tmp_path: Path) -> None:
    new = [LIMB[0], ("P1", 4, "2020-01-30", 30, 38), *LIMB[2:]]
    assert limb(tmp_path, new) == [
        ("changed", "P1", 4.0, "2020-01-30", ("ADT", "2020-01-29", "2020-01-30"))
    ]


def test_a_visit_that_got_another_week_is_a_change_of_that_day(tmp_path: Path) -> None:
    new = [LIMB[0], ("P1", 6, "2020-01-29", 29, 38), *LIMB[2:]]
    assert limb(tmp_path, new) == [
        ("changed", "P1", 6.0, "2020-01-29", ("AVISITN", 4.0, 6.0))
    ]


def test_visits_added_and_removed_are_told_with_their_values(tmp_path: Path) -> None:
    new = [*LIMB[:2], ("P1", 8, "2020-02-26", 57, 35), LIMB[2]]
    assert limb(tmp_path, new) == [
        (
            "added",
            "P1",
            8.0,
            "2020-02-26",
            ("AVISITN", None, 8.0),
            ("ADT", None, "2020-02-26"),
            ("AVAL", None, 35.0),
        ),
        (
            "removed",
            "P2",
            4.0,
            "2020-02-29",
            ("AVISITN", 4.0, None),
            ("ADT", "2020-02-29", None),
            ("AVAL", 41.0, None),
        ),
    ]


def test_two_unscheduled_visits_are_not_taken_for_one(tmp_path: Path) -> None:
    old = [*LIMB, ("P2", None, "2020-03-05", 34, 40)]
    new = [*LIMB, ("P2", None, "2020-03-09", 38, 39)]
    assert [c[0] for c in limb(tmp_path, new, old)] == ["removed", "added"]


def test_without_dates_records_are_compared_by_day(tmp_path: Path) -> None:
    old = [(p, w, None, day, v) for p, w, _, day, v in LIMB]
    new = [old[0], ("P1", 4, None, 30, 38), *old[2:]]
    assert limb(tmp_path, new, old) == [
        ("changed", "P1", 4.0, None, ("ARELTM", 28, 29))
    ]


def test_a_new_day_of_zero_is_no_change_of_what_was_measured(tmp_path: Path) -> None:
    new = [(p, w, date, day - 1, v) for p, w, date, day, v in LIMB]
    assert limb(tmp_path, new) == []


def test_what_follows_is_counted_and_not_listed(tmp_path: Path) -> None:
    total = bds(LIMB, "NORTOT", SRCDOM="")
    fewer = bds([LIMB[0], ("P1", 4, "2020-01-29", 29, 60), LIMB[2]], "NORTOT")
    changed = [LIMB[0], ("P1", 4, "2020-01-29", 29, 37), *LIMB[2:]]
    found = compared(
        tmp_path,
        {"bds/limb": bds(LIMB), "bds/total": total},
        {"bds/limb": bds(changed), "bds/total": fewer.assign(SRCDOM="")},
    )
    assert [c["dataset"] for c in found["changes"]] == ["bds/limb"]
    assert found["followed"] == [{"dataset": "bds/limb", "column": "CHG", "rows": 1}]
    assert found["derived"] == [
        {"dataset": "bds/total", "added": 0, "changed": 1, "removed": 1}
    ]


def test_a_carried_value_follows_too(tmp_path: Path) -> None:
    carried = ("P2", 8, "2020-02-29", 29, 41)
    frame = bds([*LIMB, carried], DTYPE=["", "", "", "", "LOCF"])
    found = compared(tmp_path, {"bds/limb": bds(LIMB)}, {"bds/limb": frame})
    assert found["changes"] == []
    assert found["derived"] == [
        {"dataset": "bds/limb", "added": 1, "changed": 0, "removed": 0}
    ]


def test_of_a_patient_what_the_raw_file_says_is_told(tmp_path: Path) -> None:
    later = pd.Series(pd.to_datetime(["2020-01-01", "2020-02-02"])).astype(
        "datetime64[s]"
    )
    found = compared(
        tmp_path, {"adsl": adsl()}, {"adsl": adsl(AGE=[60.0, 71.0], TRTSDT=later)}
    )
    assert [(c["patient"], told(c)) for c in found["changes"]] == [
        ("P2", [("AGE", 70.0, 71.0)])
    ]
    assert found["followed"] == [{"dataset": "adsl", "column": "TRTSDT", "rows": 1}]


def test_a_column_that_one_run_alone_has_is_named(tmp_path: Path) -> None:
    found = compared(tmp_path, {"adsl": adsl()}, {"adsl": adsl(SEX=["F", "M"])})
    assert found["columns"] == [{"dataset": "adsl", "column": "SEX", "change": "added"}]
    assert found["changes"] == []


def test_a_dataset_that_one_run_alone_has_is_named(tmp_path: Path) -> None:
    found = compared(tmp_path, {"bds/limb": bds(LIMB)}, {})
    assert found["datasets"] == [{"dataset": "bds/limb", "change": "removed"}]
    assert found["changes"] == []


def test_an_outcome_that_the_plan_has_not_is_a_leftover(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {"bds/grip": bds(LIMB)})
    assert not any(found.values())


FALL = ("P1", "Fall", "2020-01-05", "mild")


def test_equal_adverse_events_are_counted_and_not_merged(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {"adae": adverse_events(FALL, FALL)},
        {"adae": adverse_events(FALL, FALL, FALL)},
    )
    assert [(c["change"], c["term"], c["date"]) for c in found["changes"]] == [
        ("added", "Fall", "2020-01-05")
    ]


def test_an_adverse_event_with_a_new_severity_is_changed(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {"adae": adverse_events(FALL)},
        {"adae": adverse_events((*FALL[:3], "severe"))},
    )
    assert [(c["change"], told(c)) for c in found["changes"]] == [
        ("changed", [("AESEV", "mild", "severe")])
    ]


def test_events_that_nothing_tells_apart_are_not_matched(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {"adae": adverse_events(FALL, (*FALL[:3], "severe"))},
        {"adae": adverse_events((*FALL[:3], "moderate"), (*FALL[:3], "fatal"))},
    )
    assert sorted(c["change"] for c in found["changes"]) == [
        "added",
        "added",
        "removed",
        "removed",
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_rows_does_not_matter(turned: bool) -> None:
    old = [{"id": 1, "x": 1}, {"id": 2, "x": 2}, {"id": 3, "x": 3}]
    new = [{"id": 1, "x": 1}, {"id": 2, "x": 5}, {"id": 4, "x": 3}]
    matched = match_rows(old, new[::-1] if turned else new, ("id", "x"), [("id",)])
    assert sorted((a["id"], b["id"]) for a, b in matched.pairs) == [(1, 1), (2, 2)]
    assert matched.removed == [{"id": 3, "x": 3}]
    assert matched.added == [{"id": 4, "x": 3}]
