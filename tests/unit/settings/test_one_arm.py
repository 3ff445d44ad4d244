"""Settings of a trial with one arm alone: what it needs, and what has no use in it."""

from pathlib import Path

import pytest
import yaml

from alsdecline.settings.file import SettingsError, parse_settings
from support.configurations import Change, changed

TEXT = (Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8")


def one_arm(*changes: Change) -> str:
    """Write the bundled configuration for one arm alone, then change it."""
    content = yaml.safe_load(TEXT)
    taken = ["design", "summaries.equality_of_effects", "priors.effect_correlation"]
    taken.append("priors.basis")
    taken += [f"priors.outcomes.{k}.effect_sd" for k in content["priors"]["outcomes"]]
    standard: list[Change] = [
        ("arms.groups", content["arms"]["groups"][:1]),
        ("summaries.ratio_thresholds", []),
        ("priors.alternatives", {"weak": {"slope": 10}}),
        *((name, None) for name in taken),
    ]
    for i in range(len(content["estimands"])):
        standard += [
            (f"estimands.{i}.treatment", "low"),
            (f"estimands.{i}.summary", "mean_slope"),
        ]
    return yaml.safe_dump(changed(content, *standard, *changes), sort_keys=False)


def refusal(text: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, "config.yaml")
    return [line.partition(": ")[2] for line in str(refused.value).split("\n")]


def test_one_arm_needs_no_design_and_no_prior_of_an_effect() -> None:
    settings = parse_settings(one_arm(), "config.yaml")
    assert settings.design is None
    assert settings.priors.outcomes["limb"].effect_sd is None


# what is changed in a configuration of one arm, and what must be said
OF_NO_USE: dict[str, tuple[Change, str]] = {
    "design": (
        ("design", {"sd_slope": 2, "sd_residual": 3, "effect": 1}),
        "design: has no use where there is one arm alone; leave it out",
    ),
    "prior of an effect": (
        ("priors.outcomes.fvc.effect_sd", 1),
        (
            "priors.outcomes.fvc.effect_sd: has no use where there is one arm alone; "
            "leave it out"
        ),
    ),
    "correlation of effects": (
        ("priors.effect_correlation", 0.2),
        (
            "priors.effect_correlation: has no use where there is one arm alone; "
            "leave it out"
        ),
    ),
    "factor on that prior": (
        ("priors.alternatives.weak.effect", 10),
        (
            "priors.alternatives.weak.effect: has no use where there is one arm alone; "
            "leave it out"
        ),
    ),
    "ratios": (
        ("summaries.ratio_thresholds", [0.9]),
        (
            "summaries.ratio_thresholds: has no use where there is one arm alone; "
            "empty it: []"
        ),
    ),
    "equality of effects": (
        ("summaries.equality_of_effects", [["limb", "bulbar"]]),
        (
            "summaries.equality_of_effects: has no use where there is one arm alone; "
            "leave it out"
        ),
    ),
    "allocation": (
        ("data.allocation", {"file": "data/allocation.csv"}),
        "data.allocation: has no use where there is one arm alone; leave it out",
    ),
    "blinding": (
        ("trial.blinded", True),
        "trial.blinded: has no use where there is one arm alone; leave it out",
    ),
    "difference": (
        ("estimands.0.summary", "slope_difference"),
        (
            "estimands.0.summary: there is one arm alone, and nothing to compare; use "
            "'mean_slope'"
        ),
    ),
    "arm that there is not": (
        ("estimands.0.treatment", "high"),
        "estimands.0.treatment: 'high' is no arm; use one of low",
    ),
}


@pytest.mark.parametrize("name", OF_NO_USE)
def test_what_compares_is_refused_where_there_is_one_arm(name: str) -> None:
    change, says = OF_NO_USE[name]
    assert refusal(one_arm(change)) == [says]


# what is changed in the bundled configuration of two arms, and what must be said
NEEDED: dict[str, tuple[Change, str]] = {
    "prior of an effect": (
        ("priors.outcomes.fvc.effect_sd", None),
        (
            "priors.outcomes.fvc: `effect_sd` is missing: SD of the prior of an effect "
            "on the slope; write below it, for example: `effect_sd: 1`"
        ),
    ),
    "arm that is compared with itself": (
        ("estimands.0.treatment", "low"),
        "estimands.0.treatment: 'low' is no arm to compare; use one of high",
    ),
}


@pytest.mark.parametrize("name", NEEDED)
def test_a_comparison_of_arms_needs_its_settings(name: str) -> None:
    change, says = NEEDED[name]
    text = yaml.safe_dump(changed(yaml.safe_load(TEXT), change), sort_keys=False)
    assert refusal(text) == [says]


def test_the_mean_slope_may_be_that_of_the_reference_arm() -> None:
    of_low = [("estimands.0.treatment", "low"), ("estimands.0.summary", "mean_slope")]
    text = yaml.safe_dump(changed(yaml.safe_load(TEXT), *of_low), sort_keys=False)
    assert parse_settings(text, "config.yaml").estimands[0].summary == "mean_slope"
