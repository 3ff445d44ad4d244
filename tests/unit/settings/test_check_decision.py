"""The decision rule in the configuration: a wrong one is told with its line."""

import copy

import pytest
import yaml

from alsdecline.settings.file import parse_settings
from alsdecline.settings.plan_lock import plan_of
from support.configurations import LONG, refusal

RULE = {
    "success": {"probability": 0.975},
    "futility": {"margin": 0.5, "probability": 0.1},
    "basis": "posterior",
    "reason": "Made up",
}


def text_with(rule: dict, summary: str = "slope_difference") -> str:
    content = yaml.safe_load(LONG)
    primary = next(e for e in content["estimands"] if e["id"] == content["primary"])
    primary["summary"] = summary
    return yaml.safe_dump(content | {"decision": rule}, sort_keys=False)


def test_the_rule_is_part_of_the_locked_plan() -> None:
    plan = plan_of(parse_settings(text_with(RULE), "config.yaml"))
    assert plan["decision"]["success"] == {"margin": 0.0, "probability": 0.975}
    assert plan["decision"]["inconclusive"] == "inconclusive"


def test_a_mean_slope_needs_a_mark() -> None:
    said = refusal(text_with(RULE, "mean_slope"))
    assert len(said) == 1
    assert "decision.success: `margin` is missing" in said[0]
    with_mark = copy.deepcopy(RULE) | {"success": {"margin": -1, "probability": 0.9}}
    parse_settings(text_with(with_mark, "mean_slope"), "config.yaml")


@pytest.mark.parametrize(
    ("at", "value", "says"),
    [
        (("success", "probability"), 0.5, "greater than 0.5"),
        (("success", "probability"), 1, "less than 1"),
        (("futility", "probability"), 0.5, "less than 0.5"),
        (("futility", "margin"), float("inf"), "decision.futility.margin"),
        (("basis",), "p value", "type I error"),
        (("reason",), " ", "decision.reason"),
    ],
)
def test_a_wrong_value_is_told(at: tuple, value: object, says: str) -> None:
    rule = copy.deepcopy(RULE)
    part: dict = rule
    for key in at[:-1]:
        part = part[key]
    part[at[-1]] = value
    assert any(says in line for line in refusal(text_with(rule)))
