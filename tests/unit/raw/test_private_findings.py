"""Findings of a trial with pseudonyms show no text of a cell."""

import re
from pathlib import Path

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.private_findings import with_pseudonyms
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_planning import keyed_plan
from alsdecline.settings.file import parse_settings
from support.pseudonymised_trial import pseudonymised_trial
from support.trial_folder import (
    cell,
    findings_of,
    together,
)


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return pseudonymised_trial(tmp_path / "trial", monkeypatch)


def test_findings_show_no_text_of_a_cell_in_their_remedies(trial: Path) -> None:
    """Neither that of another row, nor the beginning of a long one."""
    events, adverse = "data/events.csv", "data/adverse_events.csv"
    together(
        cell(events, 2, "reason", "moved to Osaka with Ken"),
        cell(events, 3, "reason", "Moved to Osaka with Ken"),
        cell(events, 4, "event", "withdrawn by wife Mary Jones as Osaka is far away"),
        cell(adverse, 2, "severity", "severe says the wife: Mary of Osaka is far away"),
        cell(adverse, 3, "severity", "wife's opinion is that of Mary"),
        cell("data/visits.csv", 5, "fvc_percent", "80 says Mary of Osaka at the phone"),
    )(trial)
    told = [str(finding) for finding in findings_of(trial)]
    assert len(told) >= 5
    for text in told:
        assert not {"Osaka", "Mary", "wife", "Ken", "far"} & {*re.findall(r"\w+", text)}
    assert any("`recode: {reason: {(not shown): (not shown)}}`" in t for t in told)
    assert any("`recode: {severity: {(not shown): MEANING}}`" in t for t in told)


@pytest.mark.parametrize(
    "said",
    [
        *("the patient's row has 'Mary of Osaka' in it", '"Mary\'s Osaka" is none'),
        *("'Mary's Osaka' is none", r"'Mary\'s \"Osaka\"' and 'Mary' are none"),
    ],
)
def test_quoted_texts_are_hidden_beside_apostrophes(said: str, trial: Path) -> None:
    text = (trial / "config.yaml").read_text(encoding="utf-8")
    plan = keyed_plan(parse_settings(text, "config.yaml"))
    finding = Finding.by_rule(Rule.RANGE, "data/visits.csv", 2, "x", "", said)
    (hidden,) = with_pseudonyms(plan, [finding], [])
    assert not {"Mary", "Osaka"} & {*re.findall(r"\w+", hidden.message)}
    assert hidden.message.endswith(said[-4:])
