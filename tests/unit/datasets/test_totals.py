"""Totals of items: the sum of all, or prorated from those that were answered.

The rule of ADAS-Cog (11) is that of the trial CDISC Pilot 01: the sum of the items
there are, times 70, over the sum of their maxima, which are 10, 5, 5, 5, 5, 8, 12, 5,
5, 5, 5.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.datasets.totals import item_total
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.scales import Scale
from support.hand_trial import ITEMS, datasets_of, findings_in, plan_of, rows, told

NO = float("nan")
ADAS = catalogue().scales["adas_cog_11"]
SHORT = Scale(
    name="short",
    unit="points",
    minimum=0,
    maximum=10,
    better="higher",
    item_maxima=[2, 3, 5],
    source="made up",
)


def total(
    *items: float, rule: str = "prorate", needed: int = 1, scale: Scale = SHORT
) -> float | None:
    (found,) = item_total(np.array([items]), scale, rule, needed)
    return None if np.isnan(found) else float(found)


def test_the_items_of_each_scale_reach_its_maximum() -> None:
    for scale in catalogue().scales.values():
        assert not scale.item_maxima or sum(scale.item_maxima) == scale.maximum
    assert ADAS.item_maxima == [10, 5, 5, 5, 5, 8, 12, 5, 5, 5, 5]


@pytest.mark.parametrize("rule", ["missing", "prorate"])
def test_the_total_of_all_items_is_their_sum(rule: str) -> None:
    assert total(2, 1, 4, rule=rule) == 7
    assert total(0, 0, 0, rule=rule) == 0
    assert total(0.5, 1, 4, rule=rule) == 5.5


def test_a_total_with_a_missing_item_is_missing_where_the_rule_says_so() -> None:
    assert total(2, NO, 4, rule="missing") is None
    assert total(NO, NO, NO, rule="missing") is None


def test_a_prorated_total_is_the_sum_by_the_part_of_the_maximum_that_was_asked() -> (
    None
):
    assert total(2, NO, 4) == pytest.approx(6 * 10 / 7)  # of 2 + 5 points
    assert total(NO, NO, 4) == 8  # 4 of 5 points
    assert total(NO, 0, NO) == 0
    assert total(NO, NO, NO) is None


def test_adas_cog_is_prorated_as_in_the_trial() -> None:
    # all items but 12 (item 7) and 8 (item 6): sum 20 of 70 - 12 - 8 = 50 points
    items = [5, 2, 1, 3, 0, NO, NO, 2, 3, 4, 0]
    assert sum(item for item in items if item == item) == 20
    assert total(*items, scale=ADAS) == 20 * 70 / 50 == 28


def test_half_points_of_an_item_are_kept() -> None:
    assert total(0.5, NO, 2.5) == pytest.approx(3 * 10 / 7)


def test_nothing_is_prorated_from_fewer_items_than_needed() -> None:
    assert total(2, NO, 4, needed=2) == pytest.approx(60 / 7)
    assert total(2, NO, 4, needed=3) is None
    assert total(2, 1, 4, needed=3) == 7
    assert total(NO, NO, 4, needed=2) is None


@given(
    fraction=st.floats(0, 1),
    answered=st.lists(st.booleans(), min_size=11, max_size=11).filter(any),
)
def test_items_at_one_fraction_of_their_maxima_give_that_fraction_of_the_scale(
    fraction: float, answered: list[bool]
) -> None:
    items = [
        fraction * most if there else NO
        for most, there in zip(ADAS.item_maxima, answered, strict=True)
    ]
    assert total(*items, scale=ADAS) == pytest.approx(70 * fraction, rel=1e-12)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.booleans()), min_size=11, max_size=11
    ).filter(lambda items: any(there for _, there in items))
)
def test_a_prorated_total_stays_within_the_scale(
    items: list[tuple[int, bool]],
) -> None:
    points = [float(value) if there else NO for value, there in items]
    found = total(*points, scale=ADAS)
    assert found is not None
    assert 0 <= found <= 70


def test_totals_are_of_each_row_by_itself() -> None:
    rows_of = np.array([[2, 3, 5], [2, NO, 5], [NO, NO, NO]])
    assert item_total(rows_of, SHORT, "prorate", 1) == pytest.approx(
        [10, 10, NO], nan_ok=True
    )
    assert item_total(rows_of[:0], SHORT, "prorate", 1).shape == (0,)


# of the trial by hand: items of 2, 3 and 5 points; row 3 of P1 has no second item
VISITS = """\
patient,visit_week,visit_date,i1,i2,i3
P1,0,2020-01-01,2,2,4
P1,4,2020-01-29,2,,4
P2,0,2020-02-01,1,3,5
P2,4,2020-02-29,,,
"""
PRORATED = {**ITEMS, "missing_items": "prorate"}


def test_totals_reach_the_analysis_dataset(tmp_path: Path) -> None:
    _, values, _ = datasets_of(tmp_path, plan_of(PRORATED), visits=VISITS)
    score = values["score"]
    found = rows(score, "USUBJID", "AVISITN", "AVAL", "PARAMTYP", "SRCVAR")
    assert found == [
        ("P1", 0, 8, "DERIVED", ""),
        ("P1", 4, pytest.approx(60 / 7), "DERIVED", ""),
        ("P2", 0, 9, "DERIVED", ""),
    ]
    _, values, _ = datasets_of(tmp_path, plan_of(ITEMS), visits=VISITS)
    assert rows(values["score"], "USUBJID", "AVISITN", "AVAL") == [
        ("P1", 0, 8),
        ("P2", 0, 9),
    ]


def test_a_sum_of_outcomes_takes_totals_of_items_as_parts(tmp_path: Path) -> None:
    first = {
        "id": "first",
        "label": "First",
        "parameter": "FIRST",
        "scale": "score",
        **ITEMS,
    }
    rest = {"id": "rest", "label": "Rest", "parameter": "REST", "scale": "fvc_percent"}
    both = {"id": "both", "label": "Both", "parameter": "BOTH", "scale": "fvc_percent"}
    plan = plan_of(
        outcomes=[
            first,
            {**rest, "column": "more"},
            {**both, "sum_of": ["first", "rest"], "column": "sum"},
        ]
    )
    visits = "patient,visit_week,visit_date,i1,i2,i3,more,sum\n"
    one = "P1,0,2020-01-01,2,2,4,30,38\nP2,0,2020-02-01,1,3,5,,"
    _, values, _ = datasets_of(tmp_path, plan, visits=visits + one)
    assert rows(values["both"], "USUBJID", "AVAL") == [("P1", 38)]
    _, found = findings_in(tmp_path, plan, visits=visits + one.replace("38", "37"))
    assert told(found)[0] == (
        "fatal: visits.csv, row 2, column sum, value '37': First 8 + more 30 is 38; "
        "correct the part or the sum if one is wrong. The recorded total is but "
        "checked: without `column:` of outcome 'both' it is not [sum]"
    )


def test_a_recorded_total_is_checked_against_the_items(tmp_path: Path) -> None:
    plan = plan_of({**PRORATED, "column": "score"})
    header, *lines = VISITS.strip().split("\n")

    def with_totals(*totals: str) -> list[str]:
        pairs = zip(lines, totals, strict=True)
        text = "\n".join([f"{header},score", *(f"{a},{b}" for a, b in pairs)])
        _, found = findings_in(tmp_path, plan, visits=text)
        return told([f for f in found if f.rule == "sum"])

    # 60 / 7 is 8.571...; a prorated total may be recorded rounded
    for rounded in ("8.571428571428571", "8.57", "8.6", "9", ""):
        assert with_totals("8", rounded, "9", "") == []
    for wrong in ("8", "8.5", "8.58"):
        assert with_totals("8", wrong, "9", "") == [
            (
                f"fatal: visits.csv, row 3, column score, value '{wrong}': the total "
                "of the items of Score is 8.57143, prorated without i2; enter what is "
                "missing if it is known, as the recorded total may have it; correct "
                "the part or the sum if one is wrong. The recorded total is but "
                "checked: without `column:` of outcome 'score' it is not [sum]"
            )
        ]
    # one that all items make is not rounded
    assert with_totals("8.1", "", "9", "") == [
        (
            "fatal: visits.csv, row 2, column score, value '8.1': the total of the "
            "items of Score is 8; correct the part or the sum if one is "
            "wrong. The recorded total is but "
            "checked: without `column:` of outcome 'score' it is not [sum]"
        )
    ]


def test_a_recorded_total_of_absent_items_is_told_not_to_be_used(
    tmp_path: Path,
) -> None:
    plan = plan_of({**ITEMS, "column": "score"})
    header, *lines = VISITS.strip().split("\n")
    totals = ("8", "9", "9", "5")
    pairs = zip(lines, totals, strict=True)
    text = "\n".join([f"{header},score", *(f"{a},{b}" for a, b in pairs)])
    _, values, _ = datasets_of(tmp_path, plan, visits=text)
    assert list(values["score"]["AVAL"]) == [8, 9]
    _, found = findings_in(tmp_path, plan, visits=text)
    assert told(found) == [
        (
            "warning: visits.csv, row 3, column score, value '9': parts of Score are "
            "missing, so this total is not used; enter them if they are known; the "
            "first of 2 such rows [unused_total]"
        )
    ]


def test_a_total_that_no_visit_has_the_items_of_is_told(tmp_path: Path) -> None:
    visits = (
        "patient,visit_week,visit_date,i1,i2,i3\nP1,0,2020-01-01,2,,\n"
        "P2,0,2020-02-01,,3,5\n"
    )
    _, found = findings_in(tmp_path, plan_of(ITEMS), visits=visits)
    assert told(found) == [
        (
            "fatal: visits.csv: no visit has the items that Score needs: i1, i2, i3; "
            "enter them, or leave the outcome out [no_total]"
        )
    ]
    plan = plan_of({**PRORATED, "items_needed": 2})
    _, found = findings_in(tmp_path, plan, visits=visits)
    assert not any(f.severity == "fatal" for f in found)


def test_an_item_has_limits_of_its_own(tmp_path: Path) -> None:
    for row, column, value, says in (
        (2, "i1", "3", "outside 0 to 2, the range of i1 of score; correct it"),
        (2, "i3", "-1", "outside 0 to 5, the range of i3 of score; correct it"),
        (2, "i2", "1.5", "i2 of score has whole points only; correct it"),
    ):
        cells = {"i1": "2", "i2": "2", "i3": "4", column: value}
        visits = VISITS.replace("2,2,4", ",".join(cells.values()))
        _, found = findings_in(tmp_path, plan_of(ITEMS), visits=visits)
        place = f"fatal: visits.csv, row {row}, column {column}, value '{value}': "
        assert told(found)[0].startswith(place + says)
