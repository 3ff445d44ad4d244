"""Errors that others planted in a file for those who check data are all found.

The file is ``als_data`` of R's package qualitycontrol (MIT): 31 rows of ALSFRS-R items,
onset and dates, one visit each.
"""

import shutil
from pathlib import Path

import pytest

from support.bad_inputs import validated

CONFIG = """\
trial: {id: QC, disease: amyotrophic lateral sclerosis, data_kind: synthetic}
data:
  subjects:
    file: als_data.csv
    columns: {patient: subjid, randomisation_date: baseline_date}
    characteristics:
      - {column: age_at_baseline, label: "Age, years", kind: number}
      - {column: age_at_onset, label: Age at onset, kind: number, usual: [18, 100]}
      - {column: onset, label: Site of onset, kind: category}
  visits:
    file: als_data.csv
    columns: {patient: subjid, visit_date: baseline_date}
    time: date
  events:
    file: als_data.csv
    columns: {patient: subjid, event: onset, date: death_date}
    recode: {event: {"*": died}}
  cutoff: 2026-01-01
arms: {reference: one, groups: [{id: one}]}
outcomes:
  - {id: alsfrs_r, items: [p1, p2, p3, p4, p5, p6, p7, p8, p9, x1r, x2r, x3r]}
visits:
  weeks: [0, 4]
  windows:
    - {week: 0, to_day: 1, target_day: 1}
    - {week: 4, from_day: 2, target_day: 29}
time_origin: randomisation
models:
  single: [alsfrs_r]
  covariates: [{column: onset, levels: [bulbar, spinal, respiratory]}]
priors:
  outcomes:
    alsfrs_r:
      baseline: {mean: 38, sd: 6}
      slope: {mean: -1, sd: 0.5}
      sd_baseline: 8
      sd_slope: 1
      sd_residual: 3
      covariates: {onset: {baseline_sd: 5, slope_sd: 0.5}}
"""

FATAL = {
    (3, "onset", "bulba"),
    (4, "death_date", "9999-12-30"),
    (7, "x2r", "5"),
    (25, "death_date", "2002-12-02"),  # before the baseline
    (25, "baseline_date", "2006-08-12"),  # the same, seen from the visit
    # patient 30 again
    (32, "subjid", "30"),
    (32, "age_at_baseline", "53"),
    (32, "age_at_onset", "48"),
    (32, "baseline_date", "2008-02-27"),
}
UNUSUAL = {(16, "age_at_onset", "376"), (29, "age_at_onset", "-23")}
WITHOUT_AN_ITEM = {12, 13, 14}


@pytest.mark.skip(reason="awaits b (several tables of one file) and e (usual:)")
def test_every_planted_error_is_found_and_nothing_else_is_fatal(
    reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(reference / "data/qualitycontrol_als/als_data.csv", tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    found = validated(tmp_path)
    assert not isinstance(found, str), found
    fatal = {(f.row, f.column, f.value) for f in found if f.severity == "fatal"}
    assert fatal == FATAL
    assert {(f.row, f.column, f.value) for f in found if f.rule == "unusual"} >= UNUSUAL
    assert {f.row for f in found if f.rule == "no_values"} == WITHOUT_AN_ITEM
