"""The picture has the numbers of the answer at their places on one axis with zero."""

import math
from typing import Any

import pytest

from alsdecline.report.answer_picture import Axis, Picture, answer_picture
from support.first_screen import MINUS, PRIMARY, TEST, WEAK, estimate, plan, results


def picture(*rows: dict[str, Any]) -> Picture:
    found = answer_picture(plan(), results(*rows))
    assert found is not None
    return found


def test_each_estimate_lies_where_its_number_is_on_the_axis() -> None:
    found = picture(PRIMARY, WEAK)
    assert [span.label for span in found.spans] == [
        "Primary analysis",
        "With a weak prior",
        "Permutation test of slopes",
    ]
    # from -0.25 to 1.45 with a twentieth of that at each end
    low, width = -0.25 - 0.085, 1.7 + 0.17
    primary = found.spans[0]
    for place, value in (
        (primary.low, -0.25),
        (primary.at, 0.5),
        (primary.high, 1.25),
        (found.zero, 0),
    ):
        assert place == pytest.approx(100 * (value - low) / width, abs=0.01)
    assert [span.primary for span in found.spans] == [True, False, False]
    assert found.spans[0].estimate == "0.50"
    assert found.spans[0].estimate.ids == (
        "limb/joint/slope_difference/high/default:estimate",
    )


def test_an_infinite_end_reaches_the_edge_and_says_so() -> None:
    endless = TEST | {"lower": -math.inf, "upper": math.inf}
    found = answer_picture(plan(), results(PRIMARY, WEAK, tests=[endless]))
    assert found is not None
    span = found.spans[2]
    assert (span.low, span.high, span.open_low, span.open_high) == (0, 100, True, True)
    assert not found.spans[0].open_low


def test_a_mean_slope_stands_alone_and_far_from_zero_still_has_zero() -> None:
    slopes = [
        estimate((-2, -3, -1), quantity="mean_slope", prior=prior)
        for prior in ("default", "weak")
    ]
    found = answer_picture(plan("mean_slope"), results(*slopes, others=()))
    assert found is not None
    assert len(found.spans) == 2
    assert found.spans[0].high < found.zero < 100


def test_what_was_not_estimated_is_not_drawn() -> None:
    nothing = (math.nan, math.nan, math.nan)
    found = answer_picture(
        plan(),
        results(
            estimate(nothing),
            estimate(nothing, prior="weak"),
            tests=[TEST | {"estimate": math.nan}],
        ),
    )
    assert found is None


@pytest.mark.parametrize("width", [3e-4, 0.07, 1.7, 12, 4321])
def test_marks_are_few_round_and_have_zero(width: float) -> None:
    ticks = Axis.of([-0.3 * width, 0.7 * width]).ticks()
    assert 2 <= len(ticks) <= 6
    assert "0" in [label for _, label in ticks]
    assert all(len(label.strip(MINUS).strip("0.")) <= 2 for _, label in ticks)
