"""Items and totals of two versions of a scale in one file are told apart."""

from pathlib import Path

from support.hand_trial import findings_in, plan_of, told

ITEMS = [f"q{number}" for number in range(1, 13)]
HEADER = ",".join(["patient,visit_week,visit_date", *ITEMS, "total"])
ALSFRS_R = {
    "id": "alsfrs_r",
    "label": "ALSFRS-R",
    "scale": "alsfrs_r",
    "column": "total",
    "items": ITEMS,
}


def _visits(*totals: int, points: str = "3") -> str:
    """Return three visits of each patient with one answer to all items."""
    weeks = ((0, "2020-01-01"), (4, "2020-01-29"), (8, "2020-02-26"))
    later = ((0, "2020-02-01"), (4, "2020-02-29"), (8, "2020-03-28"))
    at = [("P1", *visit) for visit in weeks] + [("P2", *visit) for visit in later]
    answers = ",".join([points] * 12)
    rows = [
        f"{patient},{week},{date},{answers},{total}"
        for (patient, week, date), total in zip(at, totals, strict=True)
    ]
    return "\n".join([HEADER, *rows, ""])


def test_a_total_of_the_ten_items_of_alsfrs_is_told_as_that(tmp_path: Path) -> None:
    visits = _visits(36, 36, 30, 36, 36, 36)
    _, found = findings_in(tmp_path, plan_of(ALSFRS_R), visits=visits)
    assert told(found) == [
        (
            "fatal: visits.csv, row 4, column total, value '30': the total of the "
            "items of ALSFRS-R is 36 (items 1 to 10 alone give 30, as an older version "
            "of the scale may have); correct the part or the sum if one is wrong. The "
            "recorded total is but checked: without `column:` of outcome 'alsfrs_r' it "
            "is not [sum]"
        )
    ]


def test_another_wrong_total_is_told_without_a_version(tmp_path: Path) -> None:
    visits = _visits(36, 36, 31, 36, 36, 36)
    _, found = findings_in(tmp_path, plan_of(ALSFRS_R), visits=visits)
    assert [f.value for f in found] == ["31"]
    assert "version" not in found[0].message


def test_last_items_of_no_points_say_nothing_of_a_version(tmp_path: Path) -> None:
    visits = _visits(0, 0, 1, 0, 0, 0, points="0")
    _, found = findings_in(tmp_path, plan_of(ALSFRS_R), visits=visits)
    assert [f.value for f in found] == ["1"]
    assert "version" not in found[0].message
