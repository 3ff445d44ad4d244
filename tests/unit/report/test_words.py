"""Sentences of the report: direction, numbers, singular and plural."""

import dataclasses

import pytest

from alsdecline.report.words import Compared, Course, agreement, two_digits

DIFFERENCE = Compared(
    outcome="Norris total",
    unit="points",
    better="higher",
    estimate=0.5,
    lower=-0.25,
    upper=1.25,
    probability=0.9,
    level=0.95,
    treated="3 mg",
    reference="1 mg",
)
SLOPE = Course(
    outcome="Reaction time",
    unit="ms",
    better="lower",
    estimate=10.5,
    lower=7.5,
    upper=13.5,
    probability=0.999,
    level=0.9,
    arm="",
)


def test_a_difference_is_said_with_both_arms() -> None:
    assert DIFFERENCE.answer().replace("\N{NO-BREAK SPACE}", " ") == (
        "Norris total declined by an estimated 0.50 points a month more slowly on 3 mg "
        "than on 1 mg (95% credible interval of the difference \N{MINUS SIGN}0.25 to "
        "1.25; probability that decline is slower: 90%)."
    )


def test_a_slope_of_one_arm_is_said_without_another() -> None:
    assert SLOPE.answer().replace("\N{NO-BREAK SPACE}", " ") == (
        "Reaction time rose by an estimated 10.50 ms a month (90% credible interval of "
        "the mean slope 7.50 to 13.50; probability that it worsens: > 99%)."
    )


# better, estimate, ends of the interval: the verb, and the side that is said
COURSES = {
    "higher is better, falls": ("higher", -2, -3, -1, "declined", "worsening."),
    "higher is better, rises": ("higher", 2, 1, 3, "rose", "improvement."),
    "lower is better, falls": ("lower", -2, -3, -1, "fell", "improvement."),
    "lower is better, rises": ("lower", 2, 1, 3, "rose", "worsening."),
    "open": ("lower", 2, -1, 5, "rose", "either direction."),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_course_is_worsening_by_the_scale(name: str) -> None:
    better, estimate, lower, upper, verb, end = COURSES[name]
    course = dataclasses.replace(
        SLOPE, better=better, estimate=estimate, lower=lower, upper=upper, arm="3 mg"
    )
    assert f"Reaction time {verb} by an estimated 2.00 ms a month on 3 mg (" in (
        course.answer()
    )
    assert course.certainty().endswith(end)


def test_analyses_are_counted_in_words() -> None:
    one, other = ("the one", 1.0, 0.5, 1.5), ("the other", 1.0, -0.5, 2.5)
    third = ("the third", 2.0, 0.5, 3.5)
    assert agreement([one]) == ""
    assert agreement([one, one]) == (
        "Their estimates are 1.00; neither of their intervals contains zero."
    )
    assert agreement([other, other]).endswith("; both their intervals contain zero.")
    assert agreement([one, one, third]).endswith(
        "; none of their intervals contains zero."
    )
    assert "of the other contains zero, that of the one and the third do not" in (
        agreement([one, other, third])
    )


def test_small_numbers_keep_two_digits() -> None:
    """Else an assumed effect of 0.17 points would be printed as 0.2."""
    assert [two_digits(x) for x in (3.46, 0.17, 0.7, 0.034, 0)] == [
        "3.5",
        "0.17",
        "0.70",
        "0.034",
        "0.0",
    ]
