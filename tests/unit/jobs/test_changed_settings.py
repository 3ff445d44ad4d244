"""Settings that differ are told by the keys of the configuration."""

from typing import Any

import pytest

from alsdecline.jobs.changed_settings import changed_settings

THEN: dict[str, Any] = {
    "sampler": {"draws": 1000, "seed": 7},
    "priors": {
        "outcomes": {
            "limb": {"slope": {"mean": -2.2, "sd": 0.8}},
            "fvc": {"slope": {"mean": -2.5, "sd": 0.8}},
        }
    },
    "influence": {"patients_at_most": 40},
    "outcomes": [{"id": "limb", "label": "Limb"}, {"id": "fvc", "label": "FVC"}],
    "note": "short",
}
PLAN: dict[str, Any] = {
    "sampler": {"draws": 1000},
    "priors": {"fvc": {"slope": {"mean": -2.5, "sd": 0.8}}},
    "leave_out_at_most": 40,
    "prior_sd": 0.5,
}
"""What a job takes of it, under names of its own."""


def with_value(tree: Any, path: str, value: Any) -> Any:
    """Copy a tree with another value at a dotted path; digits are places in lists."""
    name, _, rest = path.partition(".")
    if isinstance(tree, list):
        return [
            (with_value(part, rest, value) if rest else value)
            if place == int(name)
            else part
            for place, part in enumerate(tree)
        ]
    inner = with_value(tree[name], rest, value) if rest else value
    return tree | {name: inner}


def told(
    path: str, key: str, value: Any, *, then: Any = THEN, plans: bool = False
) -> list[str]:
    """Say what differs where a value is changed in a job's plan and at its key."""
    plan, changed = PLAN, with_value(PLAN, path, value)
    spec = [{"plans": [PLAN, p]} if plans else {"plan": p} for p in (plan, changed)]
    return changed_settings(*spec, (then, with_value(THEN, key, value)))


@pytest.mark.parametrize("then", [THEN, None])
def test_a_setting_is_named_by_its_key_with_both_values(then: Any) -> None:
    found = told("sampler.draws", "sampler.draws", 2000, then=then)
    assert found == ["setting sampler.draws: 1000 -> 2000"]


@pytest.mark.parametrize("then", [THEN, None])
def test_a_prior_is_named_by_its_key_and_not_by_that_of_another_outcome(
    then: Any,
) -> None:
    key = "priors.outcomes.fvc.slope.sd"
    found = told("priors.fvc.slope.sd", key, 1.6, then=then)
    assert found == [f"setting {key}: 0.8 -> 1.6"]


def test_a_setting_in_one_of_several_plans_is_named_by_its_key() -> None:
    key = "priors.outcomes.fvc.slope.sd"
    found = told("priors.fvc.slope.sd", key, 1.6, plans=True)
    assert found == [f"setting {key}: 0.8 -> 1.6"]


def test_a_setting_that_a_job_takes_under_another_name_is_named_by_its_key() -> None:
    found = told("leave_out_at_most", "influence.patients_at_most", 30)
    assert found == ["setting influence.patients_at_most: 40 -> 30"]


def test_a_last_report_of_other_settings_does_not_mislead() -> None:
    older = with_value(THEN, "sampler.draws", 500)
    found = told("sampler.draws", "sampler.draws", 2000, then=older)
    assert found == ["setting sampler.draws: 1000 -> 2000"]


def test_what_follows_from_several_settings_is_named_as_the_job_has_it() -> None:
    changed = with_value(PLAN, "prior_sd", 0.75)
    found = changed_settings({"plan": PLAN}, {"plan": changed}, (THEN, THEN))
    assert found == ["setting prior_sd (as the job takes it): 0.5 -> 0.75"]


def test_a_setting_that_a_job_has_twice_is_told_once() -> None:
    now = with_value(THEN, "sampler.seed", 8)
    spec = {"all": THEN, "plan": {"seed": 7}}, {"all": now, "plan": {"seed": 8}}
    assert changed_settings(*spec, (THEN, now)) == ["setting sampler.seed: 7 -> 8"]


WHOLE: dict[str, tuple[str, Any, str]] = {
    "a number": ("sampler.seed", 8, "setting sampler.seed: 7 -> 8"),
    "a text": ("note", "x", 'setting note: "short" -> "x"'),
    "a long text": ("note", "x" * 100, "setting note changed"),
    "nothing any more": ("note", None, 'setting note: "short" -> none'),
    "an entry by its name": (
        "outcomes.1.label",
        "Vital capacity",
        'setting outcomes.fvc.label: "FVC" -> "Vital capacity"',
    ),
    "the order of entries": (
        "outcomes",
        THEN["outcomes"][::-1],
        'setting outcomes: ["limb","fvc"] -> ["fvc","limb"]',
    ),
    "an entry that is gone": (
        "outcomes",
        THEN["outcomes"][:1],
        "setting outcomes.fvc is gone",
    ),
    "an entry more": (
        "outcomes",
        [*THEN["outcomes"], {"id": "total", "label": "Total"}],
        "setting outcomes.total is new",
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_each_kind_of_change_has_its_words(case: str) -> None:
    key, value, words = WHOLE[case]
    now = with_value(THEN, key, value)
    assert changed_settings({"settings": THEN}, {"settings": now}, (THEN, now)) == [
        words
    ]


def test_an_edit_of_the_rules_is_told_by_their_file() -> None:
    then, now = (
        {"settings": THEN, "workflow": {"rules/models.smk": digit * 64}}
        for digit in "12"
    )
    assert changed_settings(then, now, (THEN, THEN)) == [
        "workflow: rules/models.smk changed"
    ]


def test_settings_that_mean_the_same_are_no_reason() -> None:
    assert changed_settings({"plan": PLAN}, {"plan": PLAN}, (THEN, THEN)) == []
