"""What is said of the decision rule: what was asked, what it gave, which side it is."""

from typing import Any

import pandas as pd
import pytest

from alsdecline.report.decision_rule import JudgedRule, judged_rule, told_apart
from alsdecline.report.plan import Results
from alsdecline.settings.decision_rule import DecisionRule, Futility, Success
from alsdecline.value_ids import ROW_ID
from support.first_screen import plan

RULE = DecisionRule(
    success=Success(margin=0.25, probability=0.975),
    futility=Futility(margin=1, probability=0.1),
    basis="type I error",
    reason="By 10,000 simulated trials",
    inconclusive="not settled",
)


def told(
    success: float, futility: float, summary: str = "slope_difference", **more: Any
) -> JudgedRule:
    rows = [
        {
            "statement": name,
            "margin": margin,
            "probability": probability,
            "error": more.get("error", 0.001),
            "threshold": threshold,
            "met": (probability > threshold) == (name == "success"),
            "reason": more.get("reason", float("nan")),
            ROW_ID: f"decision_rule/{name}",
        }
        for name, margin, probability, threshold in (
            ("success", 0.25, success, 0.975),
            ("futility", 1.0, futility, 0.1),
        )
    ]
    results = Results({"decision_rule": pd.DataFrame(rows)}, pd.DataFrame())
    stated = plan(summary).model_copy(update={"decision": RULE})
    found = judged_rule(stated, results)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("success", "futility", "verdict"),
    [
        (0.99, 0.5, "this is a success."),
        (0.5, 0.05, "this is futile."),
        (0.5, 0.5, "the result is called not settled."),
        (0.99, 0.05, "smaller than the least that was said to be worth having."),
    ],
)
def test_the_verdict_is_one_of_those_the_plan_names(
    success: float, futility: float, verdict: str
) -> None:
    assert told(success, futility).verdict.endswith(verdict)


def test_what_was_asked_and_found_stands_beside_it() -> None:
    said = told(0.9791, 0.5)
    assert said.statements[0].replace("\u00a0", " ") == (
        "The plan calls the trial a success where the probability that the course is "
        "better on 3 mg by more than 0.25 points a month is above 0.975; it is 0.979."
    )
    assert said.statements[0].ids == ("decision_rule/success:probability",)
    assert said.basis == (
        "The numbers were chosen by how often a trial without an effect would succeed "
        "(type I error): By 10,000 simulated trials."
    )
    slope = told(0.5, 0.5, "mean_slope").statements[0].replace("\u00a0", " ")
    assert "that the mean slope on 3 mg is better than 0.25 points a month" in slope


def test_a_probability_near_its_threshold_is_called_close() -> None:
    assert told(0.9791, 0.5).close == ""
    assert told(0.9791, 0.5, error=0.003).close
    assert told(0.99, 0.101).close


def test_nothing_is_called_where_nothing_is_identified() -> None:
    nan = float("nan")
    said = told(nan, nan, reason="one visit each", error=nan)
    assert "nothing can be called" in said.verdict
    assert "it cannot be told: one visit each." in said.statements[0]


def test_a_plan_without_a_rule_says_nothing() -> None:
    assert judged_rule(plan(), Results({}, pd.DataFrame())) is None


@pytest.mark.parametrize(
    ("value", "text"), [(0.97504, "0.97504"), (0.9749, "0.9749"), (0.98, "0.980")]
)
def test_digits_tell_on_which_side_it_lies(value: float, text: str) -> None:
    assert told_apart(value, 0.975) == text
