"""The primary result follows the signs of slopes and the direction of the scale."""

import dataclasses

import pytest

from alsdecline.report.primary_sentences import Compared, Course, Digits, MeanSlope

DIFFERENCE = Compared(
    outcome="Score",
    unit="points",
    per="month",
    better="higher",
    estimate=0.5,
    lower=-0.25,
    upper=1.25,
    probability=0.9,
    level=0.95,
    digits=Digits(2, 2, 2),
    treated=MeanSlope("drug", -1.0, -1.5, -0.5),
    reference=MeanSlope("placebo", -1.5, -2.0, -1.0),
)
SLOPE = Course(
    outcome="Reaction time",
    unit="ms",
    per="month",
    better="lower",
    estimate=10.5,
    lower=7.5,
    upper=13.5,
    probability=0.999,
    level=0.9,
    digits=Digits(2, 1, 3),
    arm="",
)
WAYS = {"worsening": -1.0, "steady": 0.0, "improving": 1.0}
"""Mean slopes where higher is better; intervals reach half a point to both sides."""


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def compared(treated: str, reference: str, better: str, benefit: float) -> Compared:
    """Make a comparison of arms that went so; it is within half a point of zero."""
    sign = 1 if better == "higher" else -1

    def slope(arm: str, way: str) -> MeanSlope:
        at = sign * WAYS[way]
        return MeanSlope(arm, at, at - 0.5, at + 0.5)

    return dataclasses.replace(
        DIFFERENCE,
        better=better,
        estimate=benefit,
        lower=benefit - 0.5,
        upper=benefit + 0.5,
        probability=0.7 if benefit > 0 else 0.3,
        treated=slope("drug", treated),
        reference=slope("placebo", reference),
    )


# treated, reference, better, benefit: how it begins, and of what the probability is
CASES = {
    ("worsening", "worsening", "higher", 0.2): (
        (
            "Score declined by an estimated 0.20 points a month more slowly on drug "
            "than on placebo ("
        ),
        "probability that decline is slower: 70%",
    ),
    ("worsening", "worsening", "higher", -0.2): (
        (
            "Score declined by an estimated 0.20 points a month faster on drug than on "
            "placebo ("
        ),
        "probability that decline is faster: 70%",
    ),
    ("worsening", "worsening", "lower", 0.2): (
        (
            "Score worsened by an estimated 0.20 points a month more slowly on drug "
            "than on placebo ("
        ),
        "probability that worsening is slower: 70%",
    ),
    ("improving", "improving", "lower", 0.2): (
        (
            "Score improved by an estimated 0.20 points a month faster on drug than on "
            "placebo ("
        ),
        "probability that improvement is faster: 70%",
    ),
    ("improving", "improving", "higher", -0.2): (
        (
            "Score improved by an estimated 0.20 points a month more slowly on drug "
            "than on placebo ("
        ),
        "probability that improvement is slower: 70%",
    ),
    ("improving", "worsening", "higher", 0.2): (
        (
            "Score improved on drug and declined on placebo: by an estimated 0.20 "
            "points a month the course was better on drug ("
        ),
        "probability that it is better: 70%",
    ),
    ("worsening", "improving", "lower", -0.2): (
        (
            "Score worsened on drug and improved on placebo: by an estimated 0.20 "
            "points a month the course was worse on drug ("
        ),
        "probability that it is worse: 70%",
    ),
    ("steady", "worsening", "higher", 0.2): (
        "Score did not clearly change on drug and declined on placebo: by an",
        "probability that it is better: 70%",
    ),
    ("worsening", "steady", "lower", -0.2): (
        "Score worsened on drug and did not clearly change on placebo: by an",
        "probability that it is worse: 70%",
    ),
    ("steady", "improving", "higher", -0.2): (
        "Score did not clearly change on drug and improved on placebo: by an",
        "probability that it is worse: 70%",
    ),
    ("improving", "steady", "lower", 0.2): (
        "Score improved on drug and did not clearly change on placebo: by an",
        "probability that it is better: 70%",
    ),
    ("steady", "steady", "higher", 0.2): (
        "Score did not clearly change on drug or on placebo: by an estimated 0.20",
        "probability that it is better: 70%",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_follows_both_courses_and_names_its_probability(
    case: tuple[str, str, str, float],
) -> None:
    beginning, probability = CASES[case]
    answer = plain(compared(*case).answer())
    assert answer.startswith(beginning)
    assert answer.endswith(f"; {probability}).")


# how both arms went: what an open interval reaches from and to, and above zero
OPEN = {
    "worsening": ("0.30 points a month faster to 0.70 slower.", "slower decline"),
    "steady": ("0.30 points a month worse to 0.70 better.", "better"),
    "improving": ("0.30 points a month slower to 0.70 faster.", "faster improvement"),
}


@pytest.mark.parametrize("way", OPEN)
def test_what_an_interval_leaves_open_is_in_the_words_of_the_courses(way: str) -> None:
    ends, above = OPEN[way]
    both = compared(way, way, "higher", 0.2)
    assert both.certainty().endswith(ends)
    assert both.above_zero == above


@pytest.mark.parametrize(
    ("way", "benefit", "side"),
    [
        ("worsening", 0.8, "slower course"),
        ("worsening", -0.8, "faster course"),
        ("improving", 0.8, "faster improvement"),
        ("improving", -0.8, "slower improvement"),
        ("steady", -0.8, "worse course"),
    ],
)
def test_a_whole_interval_lies_on_a_side(way: str, benefit: float, side: str) -> None:
    certainty = compared(way, way, "lower", benefit).certainty()
    assert certainty == f"The whole interval lies on the side of the {side}."


def test_each_number_has_decimals_of_its_own() -> None:
    assert plain(SLOPE.answer()) == (
        "Reaction time rose by an estimated 10.50 ms a month (90% credible interval of "
        "the mean slope 7.5 to 13.500; probability that it worsens: > 99%)."
    )


# better, estimate, ends of the interval: verb, probability, and the side that is said
COURSES = {
    "higher is better, falls": ("higher", -2, -3, -1, "declined", "worsens: 80%", "wo"),
    "higher is better, rises": ("higher", 2, 1, 3, "rose", "improves: 20%", "im"),
    "lower is better, falls": ("lower", -2, -3, -1, "fell", "improves: 20%", "im"),
    "lower is better, rises": ("lower", 2, 1, 3, "rose", "worsens: 80%", "wo"),
    "open": ("lower", 2, -1, 5, "rose", "worsens: 80%", "either direction."),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_course_is_worsening_by_the_scale(name: str) -> None:
    better, estimate, lower, upper, verb, probability, side = COURSES[name]
    course = dataclasses.replace(
        SLOPE,
        better=better,
        estimate=estimate,
        lower=lower,
        upper=upper,
        arm="3 mg",
        probability=0.8,
    )
    assert f"Reaction time {verb} by an estimated 2.00 ms a month on 3 mg (" in (
        course.answer()
    )
    assert f"probability that it {probability})" in course.answer()
    sides = {"wo": "side of worsening.", "im": "side of improvement."}
    assert course.certainty().endswith(sides.get(side, side))
