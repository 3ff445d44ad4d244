"""Severity is overruled for a reason alone, and where analysis can go on."""

import re
from pathlib import Path
from typing import Any

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.raw.severities import MAY_BE_LOWERED
from alsdecline.settings.data_planning import for_ingest
from alsdecline.validation.consistency import check_trial
from support.hand_trial import SUBJECTS, VISITS, plan_of
from support.trial_folder import PROJECT

LATE = VISITS.replace("P1,8,2020-02-26", "P1,8,2021-01-15")


def findings(folder: Path, visits: str = LATE, **severities: Any) -> list[Finding]:
    """Check a trial of two patients with these severities, for the reason x."""
    said = {name: {"severity": s, "reason": "x"} for name, s in severities.items()}
    (folder / "subjects.csv").write_text(SUBJECTS)
    (folder / "visits.csv").write_text(visits)
    return check_trial(plan_of(data={"severities": said}), folder)[1]


def test_a_lowered_finding_says_why(tmp_path: Path) -> None:
    found = findings(tmp_path, date_after_cutoff="warning")
    (late,) = [f for f in found if f.rule == "date_after_cutoff"]
    assert late.severity == "warning"
    assert late.message.endswith("(fatal by its rule, warning by config.yaml: x)")


def test_a_warning_is_made_fatal(tmp_path: Path) -> None:
    found = findings(tmp_path, VISITS.replace("P1,8,2020-02-26,5\n", ""))
    assert not [f for f in found if f.severity == "fatal"]
    visits = VISITS.replace("P1,4,2020-01-29", "P1,4,2020-02-09")
    found = findings(tmp_path, visits, visit_window="fatal")
    assert [f.rule for f in found if f.severity == "fatal"] == ["visit_window"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("date_after_cutof", "did you mean 'date_after_cutoff'?"),
        ("unreadable", "nothing can be analysed"),
        ("no_rows", "nothing can be analysed"),
        ("decision_unfit", "nobody overrules this rule"),
    ],
)
def test_what_cannot_be_lowered_is_told(tmp_path: Path, rule: str, says: str) -> None:
    found = findings(tmp_path, VISITS, **{rule: "warning"})
    (told,) = [f for f in found if f.severity == "fatal"]
    assert (told.rule, told.file) == ("severity", "config.yaml")
    assert says in told.message


def test_no_rule_of_a_file_or_cell_that_cannot_be_read_may_be_lowered() -> None:
    of_reading = {Rule.UNREADABLE, Rule.QUOTES, Rule.ROW_CELLS, Rule.NOT_A_NUMBER}
    assert not of_reading & MAY_BE_LOWERED
    assert all(rule.severities[0] == "fatal" for rule in MAY_BE_LOWERED)


def test_the_page_on_decisions_names_the_rules_that_may_be_lowered() -> None:
    page = (PROJECT / "docs/how_to/decisions.md").read_text(encoding="utf-8")
    may = page.partition("A warning can be made of ")[2].partition(":")[0]
    assert set(re.findall("`(.*?)`", may)) == MAY_BE_LOWERED


def test_ingest_does_not_depend_on_severities() -> None:
    said = {"sum": {"severity": "warning", "reason": "x"}}
    plans = [plan_of(), plan_of(data={"severities": said})]
    assert for_ingest(plans[0]) == for_ingest(plans[1])
