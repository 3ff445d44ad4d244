"""Every finding is of a rule of the catalogue, and every rule of it finds something."""

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from support.chronology_faults import CHRONOLOGY_FAULTS
from support.configured_faults import CONFIGURED_FAULTS
from support.data_faults import FAULTS
from support.implausible_faults import IMPLAUSIBLE_FAULTS
from support.near_faults import NEAR_FAULTS


def test_a_fault_is_tried_for_each_rule_and_severity() -> None:
    """That each fault is found is tested in tests/unit/validation."""
    faults = {
        **FAULTS,
        **CONFIGURED_FAULTS,
        **NEAR_FAULTS,
        **CHRONOLOGY_FAULTS,
        **IMPLAUSIBLE_FAULTS,
    }.values()
    tried = {(f.rule, f.severity) for f in faults}
    assert tried == {(rule, s) for rule in Rule for s in rule.severities}


def test_a_finding_of_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="'dose' is not a valid Rule"):
        Finding("fatal", "dose", "a.csv", 2, "", "", "")


def test_a_severity_that_the_rule_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="rule quotes has no finding that is warn"):
        Finding("warning", Rule.QUOTES, "a.csv", 2, "", "", "")


def test_a_finding_has_the_first_severity_of_its_rule_unless_told() -> None:
    found = Finding.by_rule(Rule.NO_ROWS, "a.csv", None, "", "", "")
    mild = Finding.by_rule(Rule.NO_ROWS, "a.csv", None, "", "", "", "warning")
    assert (found.severity, mild.severity) == ("fatal", "warning")
