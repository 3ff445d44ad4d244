"""Files of others, each by at most twelve lines: what is filled in is what they hold.

Facts of the files are those of their SOURCE.md and of who published on them.
"""

import shutil
from pathlib import Path

import pytest

from alsdecline.settings.file import SettingsError, read_settings
from alsdecline.settings.trial import Settings

ARMD = """\
trial: {id: ARMD, disease: age-related macular degeneration, data_kind: real}
data:
  subjects: {file: trial.csv, columns: {patient: subject, arm: treat.f}}
  visits: {columns: {visit_week: time}}
arms:
  reference: Placebo
  groups: [{id: Placebo}, {id: Active}]
scales:
  visual: {minimum: 0, maximum: 100, whole_points: true, better: higher}
outcomes: [{id: visual}]
"""

DEPRESSION = """\
trial: {id: DEPRESSION, disease: major depression, data_kind: real}
data:
  subjects: {file: trial.csv, columns: {patient: PATIENT, arm: THERAPY}}
  visits:
    columns: {visit_day: RELDAYS, visit_week: VISIT}
    recode: {visit_week: {"4": "1", "5": "2", "6": "4", "7": "6"}}
arms:
  reference: PLACEBO
  groups: [{id: PLACEBO}, {id: DRUG}]
scales:
  hamd17: {minimum: 0, maximum: 52, whole_points: true, better: lower}
outcomes: [{id: hamd17, column: HAMDTL17, baseline: {column: BASVAL, use: row}}]
"""

SLEEP = """\
trial: {id: SLEEPSTUDY, disease: none (healthy volunteers), data_kind: real}
data:
  subjects: {file: trial.csv, columns: {patient: Subject}}
  visits: {columns: {visit_day: Days}}
arms:
  groups: [{id: all_subjects}]
scales:
  reaction: {minimum: 0, better: lower, unit: ms}
outcomes: [{id: reaction, column: Reaction}]
time_unit: day
"""


def completed(folder: Path, config: str, raw: Path) -> Settings:
    assert len(config.splitlines()) <= 12
    shutil.copyfile(raw, folder / "trial.csv")
    (folder / "config.yaml").write_text(config, "utf-8")
    return read_settings(folder / "config.yaml")


def test_armd(reference: Path, tmp_path: Path) -> None:
    raw = reference / "data/armd_interferon/armd0_long_with_baseline.csv"
    settings = completed(tmp_path, ARMD, raw)
    assert settings.visits.weeks == [0, 4, 12, 24, 52]
    assert (settings.data.visits.time, settings.time_origin) == ("week", "baseline")
    reason = settings.priors.outcomes["visual"].basis["slope"].reason
    assert "of 240 baseline values / 12 months planned" in reason
    assert settings.priors.outcomes["visual"].slope.sd == 1.2  # SD 14.9 letters


def test_antidepressant(reference: Path, tmp_path: Path) -> None:
    """Visits really were on many days; which is which tells the visit's number."""
    raw = reference / "data/rbmi_antidepressant/antidepressant_data.csv"
    settings = completed(tmp_path, DEPRESSION, raw)
    assert settings.data.visits.time == "day"
    assert settings.visits.weeks == [0, 1, 2, 4, 6]  # 0 that of the baseline column
    reason = settings.priors.outcomes["hamd17"].basis["sd_residual"].reason
    assert "of 172 baseline values" in reason


def test_days_on_which_visits_were_are_not_taken_for_a_schedule(
    reference: Path, tmp_path: Path
) -> None:
    raw = reference / "data/rbmi_antidepressant/antidepressant_data.csv"
    lines = [line for line in DEPRESSION.splitlines() if "recode" not in line]
    config = "\n".join(lines).replace(", visit_week: VISIT", "")
    with pytest.raises(SettingsError, match="different times, up to 4 of a patient"):
        completed(tmp_path, config, raw)


def test_sleepstudy(reference: Path, tmp_path: Path) -> None:
    raw = reference / "data/sleepstudy/sleepstudy.csv"
    settings = completed(tmp_path, SLEEP, raw)
    assert settings.visits.days == list(range(10))
    assert settings.estimands[0].summary == "mean_slope"
    prior = settings.priors.outcomes["reaction"]
    assert "of 18 baseline values / 9 days planned" in prior.basis["slope"].reason
    assert prior.effect_sd is None
