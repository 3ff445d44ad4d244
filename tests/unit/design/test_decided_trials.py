"""What counts as significantly better and as a success of the plan's rule, by hand."""

import math

import pandas as pd
import pytest

from alsdecline.design.decided_trials import counted, decided
from alsdecline.settings.decision_rule import DecisionRule, Futility, Success

RULE = DecisionRule(
    success=Success(margin=0.5, probability=0.8),
    futility=Futility(margin=1.0, probability=0.3),
    basis="posterior",
    reason="Made up.",
)
ANALYSES = pd.DataFrame(
    {
        "trial": range(5),
        "estimate": [1.0, -1.0, 2.0, 0.5, 0.2],
        "p_value": [0.01, 0.01, 0.05, 0.06, math.nan],
        "missed_gates": [True, False, False, False, False],
        # each margin calls other trials a success
        "better[0.0]": [0.9, 0.9, 0.9, 0.9, 0.9],
        "better[0.5]": [0.81, 0.1, 0.8, 0.9, 0.2],
        "better[1.0]": [0.5, 0.0, 0.3, 0.2, 0.1],
    }
)


def test_trials_count_that_are_better_by_the_test_or_by_the_rule() -> None:
    found = counted(ANALYSES, RULE, 0.95)
    assert list(found) == ["significantly_better", "success"]
    assert found["significantly_better"].tolist() == [True, False, True, False, False]
    # above the probability, not at it
    assert found["success"].tolist() == [True, False, False, True, False]


def test_methods_without_a_posterior_and_plans_without_a_rule_have_no_successes() -> (
    None
):
    of_method = ANALYSES.assign(**{"better[0.5]": math.nan})
    assert list(counted(of_method, RULE, 0.95)) == ["significantly_better"]
    bare = ANALYSES.drop(columns="better[0.5]")
    assert list(counted(bare, RULE, 0.95)) == ["significantly_better"]
    assert list(counted(ANALYSES, None, 0.95)) == ["significantly_better"]


def test_a_p_value_at_a_level_that_floats_miss_counts() -> None:
    tenth = ANALYSES.assign(p_value=0.1)
    found = counted(tenth, None, 0.9)["significantly_better"]
    assert found.tolist() == [True, False, True, True, True]


def test_the_rule_decides_by_its_own_margins() -> None:
    found = decided(ANALYSES, RULE, 0.95)
    assert found["missed_gates"] == 1
    assert (found["success"], found["futile"]) == (2 / 5, 3 / 5)
    assert found["success_error"] == pytest.approx(math.sqrt(0.4 * 0.6 / 5))
    ordered = (0.1, 0.2, 0.8, 0.81, 0.9)
    names = [f"probability_q{q:02d}" for q in (5, 25, 50, 75, 95)]
    assert tuple(found[name] for name in names) == ordered
    # of a plan without a rule, that of being better at all
    without = decided(ANALYSES, None, 0.95)
    assert "success" not in without
    assert {without[name] for name in names} == {0.9}
