"""Outcomes are said to agree, to differ or to leave it open as their intervals do."""

import pytest

from alsdecline.report.coherence import (
    OfOutcome,
    directions,
    relation,
    share_of_parts,
)

BETTER = OfOutcome("Total", 0.3, 4.3)
WORSE = OfOutcome("Limb", -3.0, -0.2)
OPEN = OfOutcome("FVC", -2.0, 2.4)
ALSO_OPEN = OfOutcome("Bulbar", -0.4, 1.1)
SAME = OfOutcome("Grip", 0.1, 3.5)


@pytest.mark.parametrize(
    ("primary", "other", "said"),
    [
        (BETTER, SAME, "points the same way"),
        (BETTER, WORSE, "points the other way"),
        (WORSE, WORSE, "points the same way"),
        (BETTER, OPEN, "leaves the direction open"),
        (OPEN, ALSO_OPEN, "leaves the direction open"),
        (OPEN, SAME, "points to a better course"),
        (OPEN, WORSE, "points to a worse course"),
    ],
)
def test_an_interval_that_contains_zero_points_nowhere(
    primary: OfOutcome, other: OfOutcome, said: str
) -> None:
    assert relation(primary, other) == said


def test_outcomes_that_say_the_same_stand_together() -> None:
    assert directions(BETTER, [OPEN, SAME, ALSO_OPEN]) == (
        "FVC and Bulbar leave the direction open; Grip points the same way as Total."
    )


def test_a_contradiction_is_named_as_one() -> None:
    assert directions(BETTER, [WORSE]) == (
        "Limb points the other way. The outcomes contradict each other: no one of them "
        "speaks for all."
    )


def test_a_primary_outcome_that_leaves_it_open_says_so_first() -> None:
    assert directions(OPEN, [SAME]) == (
        "FVC itself leaves the direction open; Grip points to a better course."
    )


def test_others_that_are_as_open_are_not_told_apart() -> None:
    assert directions(OPEN, [ALSO_OPEN]) == (
        "FVC itself leaves the direction open; so does Bulbar."
    )
    assert directions(OPEN, [ALSO_OPEN, OPEN, SAME]) == (
        "FVC itself leaves the direction open; so do Bulbar and FVC; "
        "Grip points to a better course."
    )


def test_parts_have_shares_of_a_sum_only_where_they_point_one_way() -> None:
    assert share_of_parts(2.4, [1.8, 0.6]) == pytest.approx([0.75, 0.25])
    assert share_of_parts(-2.4, [-1.8, -0.6]) == pytest.approx([0.75, 0.25])
    assert share_of_parts(1.0, [2.0, -1.0]) == []
    assert share_of_parts(0.0, [0.0, 0.0]) == []
