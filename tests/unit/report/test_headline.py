"""The first screen gives the primary estimate, what stands beside it, and its prior."""

from collections.abc import Sequence
from typing import Any

import pytest

from alsdecline.report.headline import headline, primary_estimate
from alsdecline.settings.data import Arm
from support.first_screen import (
    ARMS,
    MINUS,
    MISSED,
    PRIMARY,
    TEST,
    WEAK,
    estimate,
    plan,
    results,
)


def test_adverse_events_are_told_of_each_arm_with_their_rate() -> None:
    found = headline(plan(), results(PRIMARY, WEAK))["harm"]
    assert [plain(said).partition(": ")[2] for said in found] == [
        "1 patient (25%) had 1 event, 0.3 a patient-year; 0 had serious ones",
        "3 patients (75%) had 12 events, 4.0 a patient-year; 1 had serious ones",
    ]
    assert found[1].ids == (
        *(f"harm/any/None/high:{c}" for c in ("patients", "percent", "events", "rate")),
        "harm/any serious/None/high:patients",
    )


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def beside(screen: dict[str, Any]) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in screen["beside"]]


@pytest.mark.parametrize("order", [(PRIMARY, WEAK), (WEAK, PRIMARY)])
def test_the_primary_estimate_is_that_under_the_plans_prior(
    order: tuple[dict[str, Any], ...],
) -> None:
    row = primary_estimate(plan(), results(*order))
    assert (row["estimate"], row["lower"], row["upper"]) == (0.5, -0.25, 1.25)


def test_a_difference_is_answered_with_both_arms() -> None:
    screen = headline(plan(), results(WEAK, PRIMARY))
    assert screen["compares"] is True
    assert plain(screen["answer"]) == (
        "Limb declined by an estimated 0.50 points a month more slowly on 3 mg than on "
        f"1 mg (90% credible interval of the difference {MINUS}0.25 to 1.25; "
        "probability that decline is slower: 88%)."
    )
    values = ("estimate", "lower", "upper", "probability")
    of = "limb/joint/slope_difference/high/default"
    assert screen["answer"].ids == tuple(f"{of}:{value}" for value in values)


def test_three_analyses_of_a_difference_stand_beside_each_other() -> None:
    screen = headline(plan(), results(PRIMARY, WEAK))
    assert beside(screen) == [
        [
            "Primary: joint model, prior of the plan",
            "0.50",
            f"{MINUS}0.25 to 1.25",
            "better: 88%",
        ],
        ["Joint model, weak prior", "0.75", "0.05 to 1.45", "better: 96%"],
        [
            "Patients' own slopes, permutation test",
            "0.60",
            f"{MINUS}0.10 to 1.30",
            "p = 0.061, 4 against 5 patients, all 1,260 allocations",
        ],
    ]
    assert screen["estimate"] == "0.50"
    assert screen["weak_estimate"] == "0.75"


def test_each_is_printed_to_the_leading_digit_of_its_monte_carlo_error() -> None:
    errors = {"error_of_estimate": 0.004, "error_of_lower": 0.02, "error_of_upper": 0.3}
    screen = headline(plan(), results(PRIMARY | errors, WEAK))
    assert beside(screen)[0][1:3] == ["0.500", f"{MINUS}0.25 to 1.2"]
    # without one by the width of the interval
    assert beside(screen)[1][1:3] == ["0.75", "0.05 to 1.45"]


def test_an_analysis_adjusted_for_planned_covariates_stands_beside_them() -> None:
    adjusted = TEST | {
        "test": "adjusted",
        "method": "least squares of patients' slopes, adjusted for Age, years",
        "estimate": 0.2,
        "n_allocations": float("nan"),
    }
    failed = adjusted | {"estimate": float("nan")}
    names = [
        [row[0] for row in headline(plan(), found)["beside"]]
        for found in (
            results(PRIMARY, WEAK, tests=[TEST, adjusted]),
            results(PRIMARY, WEAK, tests=[TEST, failed]),
        )
    ]
    assert names[0][3:] == ["Patients' own slopes, adjusted for Age, years"]
    assert names[1][3:] == []


def test_the_agreement_names_the_analyses_and_the_ends_of_their_range() -> None:
    said = headline(plan(), results(PRIMARY, WEAK))["agreement"]
    assert plain(said) == (
        "Their estimates run from 0.50 to 0.75; the interval of the primary analysis "
        "and the permutation test contains zero, that of the one with a weak prior "
        "does not: the answer depends on the analysis."
    )
    of = "limb/joint/slope_difference/high"
    assert said.ids == (f"{of}/default:estimate", f"{of}/weak:estimate")


def test_equal_estimates_are_traced_to_one_value() -> None:
    tests = [TEST | {"estimate": 0.5}]
    same = headline(plan(), results(PRIMARY, WEAK | {"estimate": 0.5}, tests=tests))
    assert same["agreement"].startswith("Their estimates are 0.50; ")
    assert len(same["agreement"].ids) == 1


def test_a_fit_that_missed_its_gates_says_so_and_counts_all_the_same() -> None:
    screen = headline(plan(), results(PRIMARY, WEAK | {"passed": False}))
    assert [row[0].endswith(MISSED) for row in beside(screen)] == [False, True, False]
    assert "that of the one with a weak prior does not: the answer depends" in plain(
        screen["agreement"]
    )


def test_an_interval_without_bounds_contains_zero() -> None:
    unbounded = [TEST | {"lower": -float("inf"), "upper": float("inf")}]
    screen = headline(plan(), results(PRIMARY, WEAK, tests=unbounded))
    assert "of the primary analysis and the permutation test contains zero" in plain(
        screen["agreement"]
    )
    assert beside(screen)[2][2:] == [
        f"{MINUS}\N{INFINITY} to \N{INFINITY}",
        (
            "p = 0.061, 4 against 5 patients, all 1,260 allocations; the smallest "
            "possible is p = 0.020"
        ),
    ]


def test_a_test_that_could_not_be_done_is_left_out() -> None:
    none = [TEST | dict.fromkeys(("estimate", "lower", "upper"), float("nan"))]
    assert len(beside(headline(plan(), results(PRIMARY, WEAK, tests=none)))) == 2


@pytest.mark.parametrize(
    ("ends", "printed"),
    [((-0.25, 1.25), ("lower", "upper")), ((0.01, 1.51), ()), ((-1.51, -0.01), ())],
)
def test_the_certainty_has_the_ends_of_an_interval_that_contains_zero(
    ends: tuple[float, float], printed: tuple[str, ...]
) -> None:
    row = PRIMARY | dict(zip(("lower", "upper"), ends, strict=True))
    certainty = headline(plan(), results(row, WEAK))["certainty"]
    assert [one.split(":")[1] for one in certainty.ids] == list(printed)
    assert certainty.startswith("The interval contains zero") is bool(printed)


def test_patients_are_those_of_all_arms() -> None:
    n_patients = headline(plan(), results(PRIMARY, WEAK))["n_patients"]
    assert (n_patients, n_patients.ids) == ("9", ("Patients/all:value",))


def test_a_comparison_has_its_design_and_the_slope_of_the_reference_arm() -> None:
    screen = headline(plan(), results(PRIMARY, WEAK))
    assert screen["design"] == {"power": 0.3, "n_treated": 4.0}
    assert screen["design_ids"] == {
        "power": ("high/power:value",),
        "n_treated": ("high/n_treated:value",),
    }
    reference, treated = screen["slopes"]
    assert reference[:2] == ("1\N{NO-BREAK SPACE}mg", f"{MINUS}1.50")
    assert plain(reference[2]) == f"{MINUS}2.00 to {MINUS}1.00"
    assert treated[:2] == ("3\N{NO-BREAK SPACE}mg", f"{MINUS}1.00")


def test_what_the_interval_is_worth_is_told_by_simulation_and_by_formula() -> None:
    table = headline(plan(), results(PRIMARY, WEAK))["intervals"]
    assert table.rows == [
        [
            "1.00",
            "Joint model, simulated trials (made with earlier code)",
            "200",
            "95% (SE 1.2%)",
            f"{MINUS}0.25 (SE 0.02)",
            "31% (SE 3.0%)",
        ],
        ["1.00", "Formula, variances known", "", "95%", f"{MINUS}0.25", "31%"],
    ]


def test_the_patients_own_slopes_stand_beside_those_of_the_model() -> None:
    said = headline(plan(), results(PRIMARY, WEAK))["own_slopes"]
    assert plain(said).startswith(
        f"their means are {MINUS}1.50 on 1 mg, where the model has {MINUS}1.50, and "
        f"{MINUS}0.90 on 3 mg, where the model has {MINUS}1.00. The model takes"
    )
    assert [value_id.split(":")[1] for value_id in said.ids] == [
        "mean_reference",
        "estimate",
        "mean_treated",
        "estimate",
    ]


def test_the_test_is_told_without_single_patients_where_they_were_left_out() -> None:
    screen = headline(plan(), results(PRIMARY, WEAK))
    assert screen["test_without"] == (
        "The permutation test has p = 0.021 without P3 and p = 0.200 without P7."
    )
    assert screen["test_without"].ids == ("test:p_least", "test:p_most")
    many = [TEST | {"p_least": float("nan")}]
    assert headline(plan(), results(PRIMARY, WEAK, tests=many))["test_without"] == ""


SLOPES = [
    estimate((-1.0, -1.5, -0.5), quantity="mean_slope", probability=0.999),
    estimate((-1.1, -1.7, -0.5), quantity="mean_slope", prior="weak"),
]


@pytest.mark.parametrize(
    ("arms", "on"),
    [(ARMS, " on 3 mg"), ([Arm(id="high", label="3 mg")], "")],
)
def test_a_course_names_its_arm_where_there_is_another(
    arms: Sequence[Arm], on: str
) -> None:
    screen = headline(plan("mean_slope", arms), results(*SLOPES, others=()))
    assert plain(screen["answer"]) == (
        f"Limb declined by an estimated 1.00 points a month{on} (90% credible interval "
        f"of the mean slope {MINUS}1.50 to {MINUS}0.50; probability that it worsens: "
        "> 99%)."
    )


def test_a_course_has_neither_a_test_nor_a_design_beside_it() -> None:
    screen = headline(plan("mean_slope"), results(*SLOPES, others=()))
    assert screen["compares"] is False
    assert not {"design", "slopes"} & screen.keys()
    assert [row[0] for row in beside(screen)] == [
        "Primary: joint model, prior of the plan",
        "Joint model, weak prior",
    ]
    assert screen["agreement"].endswith("neither of their intervals contains zero.")


def test_a_course_that_may_go_either_way_prints_no_ends_of_its_interval() -> None:
    rows = [row | {"upper": 0.5} for row in SLOPES]
    certainty = headline(plan("mean_slope"), results(*rows, others=()))["certainty"]
    assert certainty.endswith("a course in either direction.")
    assert certainty.ids == ()


@pytest.mark.parametrize("side", [1, -1])
def test_a_probability_of_the_contrary_is_known_as_that(side: int) -> None:
    """Where the answer and the row beside it have the contrary, and nowhere else."""
    ends = {"estimate": side * 0.5, "lower": side * 0.5 - 1, "upper": side * 0.5 + 1}
    primary = PRIMARY | ends | {"probability": 0.88 if side > 0 else 0.12}
    screen = headline(plan(), results(primary, WEAK))
    turned = ("limb/joint/slope_difference/high/default:probability",)
    for cell in (screen["answer"], screen["beside"][0][3]):
        assert "88%" in cell
        assert cell.complements == (() if side > 0 else turned)


def test_of_many_arms_the_compared_ones_tell_their_adverse_events() -> None:
    more = [Arm(id=name, label=name) for name in ("mid", "top")]
    found = headline(plan(arms=[*ARMS, *more]), results(PRIMARY, WEAK))["harm"]
    assert [said.partition(":")[0] for said in found] == [
        *("1\N{NO-BREAK SPACE}mg", "3\N{NO-BREAK SPACE}mg"),
    ]
