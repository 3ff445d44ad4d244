"""What the pipeline finds in a trial that new-trial has made."""

from pathlib import Path

from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.validation.consistency import check_trial


def fatal_findings(folder: Path) -> list[str]:
    """Return the fatal findings on a trial's raw files; its settings must be right."""
    plan = data_plan(read_settings(folder / "config.yaml"))
    found = check_trial(plan, folder)[1]
    return [str(finding) for finding in found if finding.severity == "fatal"]
