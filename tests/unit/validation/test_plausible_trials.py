"""Clean trials have no findings of what is merely improbable, or next to none."""

from collections import Counter
from pathlib import Path

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from support.simulated_trials import simulated_trial, trial_of_items

IMPROBABLE = {
    Rule.UNUSUAL,
    Rule.OUTLIER,
    Rule.GAIN,
    Rule.UNIT_CHANGED,
    Rule.UNIT_DIFFERS,
    Rule.COLUMNS_EXCHANGED,
    Rule.COPIED_VISITS,
    Rule.PATIENTS_ALIKE,
    Rule.SCALE_VERSION,
    Rule.ITEM_REVERSED,
}


def _rules(findings: list[Finding]) -> set[str]:
    return {str(f.rule) for f in findings if f.rule in IMPROBABLE}


def test_a_clean_trial_has_no_improbable_value(tmp_path: Path) -> None:
    assert _rules(simulated_trial(tmp_path / "visits", 1)) == set()
    (tmp_path / "items").mkdir()
    assert _rules(trial_of_items(tmp_path / "items", 1)) == set()


@pytest.mark.slow
def test_each_rule_finds_something_in_fewer_than_one_clean_trial_in_100(
    tmp_path: Path,
) -> None:
    trials, found = 200, Counter[str]()
    for number in range(trials):
        every_weeks = (2, 10)[number % 2]
        found.update(_rules(simulated_trial(tmp_path, 1000 + number, every_weeks)))
    assert all(count < trials / 100 for count in found.values()), found


@pytest.mark.slow
def test_each_rule_finds_something_in_fewer_than_one_clean_trial_of_items_in_100(
    tmp_path: Path,
) -> None:
    trials, found = 150, Counter[str]()
    for number in range(trials):
        patients = (9, 9, 40)[number % 3]
        found.update(_rules(trial_of_items(tmp_path, number, patients)))
    assert all(count < trials / 100 for count in found.values()), found
