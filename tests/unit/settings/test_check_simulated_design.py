"""Simulated designs in the configuration: a wrong one is told, and none is plan."""

import copy
from typing import Any

import pytest
import yaml

from alsdecline.fits.simulated import assumed_course
from alsdecline.settings.decision_rule import DecisionRule, Futility, Success
from alsdecline.settings.file import parse_settings
from alsdecline.settings.plan_lock import deviations, plan_of
from support.configurations import refusal
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text("utf-8")
DESIGN = {
    "trials": 100,
    "scenarios": {
        "slower": {
            "patients": {"low": 20, "high": 20},
            "differences": {"high": 1.0},
        }
    },
}


def text_with(design: dict[str, Any]) -> str:
    content = yaml.safe_load(TEXT)
    return yaml.safe_dump(content | {"simulated_design": design}, sort_keys=False)


def test_it_is_no_part_of_the_locked_plan() -> None:
    with_it = parse_settings(text_with(DESIGN), "config.yaml")
    assert with_it.simulated_design is not None
    assert plan_of(with_it) == plan_of(parse_settings(TEXT, "config.yaml"))


def test_what_a_scenario_leaves_out_is_of_priors_and_design() -> None:
    """Of the total: means of limb and bulbar added, SDs at time zero in quadrature."""
    settings = parse_settings(TEXT, "config.yaml")
    found = assumed_course(settings)
    assert (found.outcome, found.reference, found.better) == ("total", "low", "higher")
    assert found.slope == pytest.approx(-2.2 - 0.85)
    assert (found.sd_slope, found.sd_residual) == (2.2, 3.0)
    assert found.weeks[0] == 0
    assert found.time_of_week == pytest.approx(7 / 30.4375)
    assert (found.floor, found.ceiling, found.whole_points) == (0, 102, True)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("patients", {"low": 20, "hihg": 20}, "did you mean 'high'"),
        ("patients", {"high": 20}, "simulated_design.scenarios.slower.patients"),
        ("patients", {"high": 20, "low": 1}, "patients.low"),
        ("differences", {"low": 1.0}, "'low' is no arm of `patients:`"),
        ("ratios", {"high": 0.5}, "arm 'high' has differences too"),
        ("design_prior", {"high": {"mean": 0, "sd": 1}}, "has differences too"),
        ("ratios", {"high": 0}, "ratios.high"),
        ("weeks", [0, 8, 4], "must rise, and begin at 0"),
        ("weeks", [4, 8], "must rise, and begin at 0"),
        ("missed_visit", 1, "less than 1"),
    ],
)
def test_a_wrong_scenario_is_told(key: str, value: object, says: str) -> None:
    design: dict[str, Any] = copy.deepcopy(DESIGN)
    design["scenarios"]["slower"][key] = value
    told = refusal(text_with(design))
    assert any(says in line for line in told), told


def test_a_method_is_named_once_and_a_scenario_as_a_file_can_be() -> None:
    twice = refusal(text_with(DESIGN | {"methods": ["welch", "welch"]}))
    assert any("welch" in line for line in twice), twice
    slower = DESIGN["scenarios"]["slower"]  # type: ignore[index]
    named = refusal(text_with(DESIGN | {"scenarios": {"../Slower": slower}}))
    assert any("scenarios" in line for line in named), named


def test_trials_are_fitted_where_single_takes_the_primary_outcome() -> None:
    content = yaml.safe_load(text_with(DESIGN | {"fitted": 10}))
    parse_settings(yaml.safe_dump(content), "config.yaml")
    content["models"]["single"] = ["fvc"]
    told = refusal(yaml.safe_dump(content))
    assert any("'single' does not fit 'total'" in line for line in told), told


def test_models_that_fit_trials_are_those_of_the_primary_outcome() -> None:
    design = DESIGN | {"fitted": 10, "fitted_by": ["joint", "single"]}
    simulated = parse_settings(text_with(design), "config.yaml").simulated_design
    assert simulated is not None
    assert (simulated.decided_by("joint"), simulated.decided_by("ratio")) == (
        "joint",
        "joint",
    )
    told = refusal(text_with(design | {"fitted_by": ["ratio", "joint", "joint"]}))
    assert any("'ratio' does not fit 'total'" in line for line in told), told
    assert any("model 'joint' is there 2 times" in line for line in told), told
    content = yaml.safe_load(text_with(DESIGN | {"fitted_by": ["bounded"]}))
    content["models"]["bounded"] = ["total"]
    parse_settings(yaml.safe_dump(content), "config.yaml")  # none is fitted
    content["simulated_design"]["fitted"] = 5
    told = refusal(yaml.safe_dump(content))
    assert any("give `as_recorded: true`" in line for line in told), told


def test_several_outcomes_have_a_truth_together() -> None:
    design: dict[str, Any] = copy.deepcopy(DESIGN)
    design |= {"fitted": 10, "fitted_by": ["joint"]}
    settings = parse_settings(text_with(design), "config.yaml")
    found = assumed_course(settings)
    assert [one.outcome for one in found.outcomes] == ["limb", "bulbar", "fvc"]
    assert [one.outcome for one in found.parts] == ["limb", "bulbar"]
    assert found.correlation_of_slopes == 0.3
    # 1.5 x the SDs of the literature, by the median of a half-normal prior
    assert found.outcomes[0].sd_slope == pytest.approx(1.72, abs=0.01)
    design["scenarios"]["slower"]["correlation"] = -0.9
    told = refusal(text_with(design))
    assert any("give one nearer to 0 than 0.837" in line for line in told), told
    del design["scenarios"]["slower"]["correlation"]
    design["scenarios"]["slower"]["baseline"] = 70
    content = yaml.safe_load(text_with(design))
    for part in ("limb", "bulbar"):
        content["priors"]["outcomes"][part]["baseline"]["mean"] = 0
        content["priors"]["outcomes"][part]["slope"]["mean"] = 0
    told = refusal(yaml.safe_dump(content))
    assert any("have means of 0 in `priors:`" in line for line in told), told
    assert any("the mean slope of 'total' is 0" in line for line in told), told


def test_sizes_make_a_scenario_each_with_arms_in_proportion() -> None:
    design: dict[str, Any] = copy.deepcopy(DESIGN)
    slower = design["scenarios"]["slower"]
    slower |= {"patients": {"low": 20, "high": 30}, "sizes": [5, 40]}
    design["scenarios"]["none"] = {"patients": {"low": 5, "high": 4}}
    simulated = parse_settings(text_with(design), "config.yaml").simulated_design
    assert simulated is not None
    found = {name: one.patients for name, one in simulated.each("low").items()}
    assert found == {
        "slower_n5": {"low": 5, "high": 8},
        "slower_n40": {"low": 40, "high": 60},
        "none": {"low": 5, "high": 4},
    }
    assert simulated.curves("low") == {"slower_n5": "slower", "slower_n40": "slower"}


def test_sizes_that_do_not_rise_and_names_made_twice_are_told() -> None:
    design: dict[str, Any] = copy.deepcopy(DESIGN)
    design["scenarios"]["slower"]["sizes"] = [40, 20]
    told = refusal(text_with(design))
    assert any("sizes must rise" in line for line in told), told
    design["scenarios"]["slower"]["sizes"] = [20, 40]
    design["scenarios"]["slower_n40"] = {"patients": {"low": 5, "high": 4}}
    told = refusal(text_with(design))
    assert any("'slower' makes a scenario of that name" in line for line in told), told


def test_rules_need_fits_and_are_calibrated_to_a_scenario() -> None:
    rules = {"half": {"margin": 0.5, "probability": 0.8}}
    told = refusal(text_with(DESIGN | {"rules": rules}))
    assert any("give `fitted:`" in line for line in told), told
    fitted = DESIGN | {"fitted": 10, "rules": rules | {"plan": rules["half"]}}
    told = refusal(text_with(fitted))
    assert any("'plan' is the plan's own rule" in line for line in told), told
    fitted |= {"rules": rules, "calibrated": {"scenario": "slowr"}}
    told = refusal(text_with(fitted))
    assert any("did you mean 'slower'" in line for line in told), told


def test_fits_keep_the_probabilities_of_all_margins() -> None:
    rules = {"half": {"margin": 0.5, "probability": 0.8}}
    text = text_with(DESIGN | {"fitted": 10, "rules": rules})
    simulated = parse_settings(text, "config.yaml").simulated_design
    assert simulated is not None
    assert simulated.margins(None) == [0.0, 0.5]
    rule = DecisionRule(
        success=Success(margin=0.5, probability=0.9),
        futility=Futility(margin=1.0, probability=0.1),
        basis="posterior",
        reason="Made up.",
    )
    assert simulated.margins(rule) == [0.5, 1.0]
    assert list(simulated.rules_compared(rule)) == ["plan", "half"]


def test_the_report_states_the_rule_where_there_is_one_and_trials_are_fitted() -> None:
    told = refusal(text_with(DESIGN | {"in_report": ["slower", "other"]}))
    for words in ("give `decision:`", "give `fitted:`", "'other'"):
        assert any(words in line for line in told), told


def test_what_the_report_states_of_it_is_no_deviation_from_a_locked_plan() -> None:
    content = yaml.safe_load(text_with(DESIGN | {"fitted": 10}))
    content["decision"] = {
        "success": {"probability": 0.95},
        "basis": "type I error",
        "reason": "Simulated.",
    }
    before = parse_settings(yaml.safe_dump(content), "config.yaml")
    content["simulated_design"]["in_report"] = ["slower"]
    after = parse_settings(yaml.safe_dump(content), "config.yaml")
    assert deviations(plan_of(before), after) == []


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ({"differences": {"high": 1.0}}, "has an effect of arm 'high'"),
        ({"ratios": {"high": 0.7}}, "has an effect of arm 'high'"),
        ({"design_prior": {"high": {"mean": 0, "sd": 1}}}, "has an effect of arm"),
        ({"differences": {"high": 0.0}}, ""),
        ({"ratios": {"high": 1.0}}, ""),
    ],
)
def test_rules_are_calibrated_by_a_scenario_that_has_a_type_i_error(
    scenario: dict[str, Any], says: str
) -> None:
    design = copy.deepcopy(DESIGN)
    design |= {"fitted": 10, "calibrated": {"scenario": "even"}}
    design["rules"] = {"half": {"margin": 0.5, "probability": 0.8}}
    design["scenarios"] |= {"even": {"patients": {"low": 20, "high": 20}} | scenario}
    if says:
        (told,) = refusal(text_with(design))
        assert says in told
    else:
        parse_settings(text_with(design), "config.yaml")


def test_rules_are_calibrated_by_a_scenario_with_all_arms() -> None:
    design = copy.deepcopy(DESIGN)
    design |= {"fitted": 10, "calibrated": {"scenario": "even"}}
    design["rules"] = {"half": {"margin": 0.5, "probability": 0.8}}
    design["scenarios"] |= {
        "even": {"patients": {"low": 20, "high": 20}},
        "three": {"patients": {"low": 20, "mid": 20, "high": 20}},
    }
    content = yaml.safe_load(text_with(design))
    content["arms"]["groups"].insert(1, {"id": "mid", "label": "1 mg", "dose": 1.0})
    (told,) = refusal(yaml.safe_dump(content, sort_keys=False))
    assert "'even' does not have arm 'mid', which other scenarios have" in told


def test_what_would_be_calibrated_without_rules_is_told() -> None:
    design = copy.deepcopy(DESIGN)
    design |= {"fitted": 10, "calibrated": {"scenario": "even"}}
    design["scenarios"]["even"] = {"patients": {"low": 20, "high": 20}}
    (told,) = refusal(text_with(design))
    assert "`rules:` are calibrated, of which there are none" in told


def test_no_more_trials_are_fitted_than_there_are() -> None:
    parse_settings(text_with(DESIGN | {"fitted": 100}), "config.yaml")
    (told,) = refusal(text_with(DESIGN | {"fitted": 101}))
    assert "there are 100 trials (`trials:`), of which 101 cannot be fitted" in told


def test_a_rule_on_a_mean_slope_is_not_held_to_differences() -> None:
    content = yaml.safe_load(text_with(DESIGN | {"fitted": 10}))
    content["decision"] = {
        "success": {"margin": -1.0, "probability": 0.95},
        "basis": "posterior",
        "reason": "Historical controls decline by 2 a month.",
    }
    primary = next(e for e in content["estimands"] if e["id"] == content["primary"])
    parse_settings(yaml.safe_dump(content, sort_keys=False), "config.yaml")
    primary |= {"summary": "mean_slope"}
    (told,) = refusal(yaml.safe_dump(content, sort_keys=False))
    assert "`decision:` is of a mean slope, and simulated trials" in told
    content["simulated_design"].pop("fitted")
    parse_settings(yaml.safe_dump(content, sort_keys=False), "config.yaml")
