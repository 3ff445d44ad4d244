"""A run on bad input stops with a message for its user, and spoils nothing.

A few of each kind go through Snakemake here. The others go through the functions that
the scripts call: those of raw files in tests/unit/validation/test_consistency.py and
test_bad_inputs_corpus.py, those of a configuration in
tests/unit/settings/test_file.py.
"""

import csv
import json
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from alsdecline.raw.findings import read_findings
from support.audit_command import audit
from support.bad_inputs import corpus, edit, unlike
from support.data_faults import FAULTS, VISITS
from support.job_runs import TIMED
from support.rerun_changes import copy_project
from support.trial_folder import (
    ADSL,
    Edit,
    content,
    copy_bundled_trial,
    removed,
    replaced,
    results_of,
    run_snakemake,
    together,
)

# what a run writes about itself, beside its results
ABOUT_THE_RUN = (
    *TIMED,
    "validation",
    "records/validate.json",
    "records/accept.json",
)

THROUGH_SNAKEMAKE = [
    # one of a header, of bytes and across files; each fault by itself is tried in
    # tests/unit/validation
    "missing column",
    "latin-1 micro sign",
    "dose of the other arm",
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in (
            "text in a number",
            "decimal comma without quotes",
            "empty file",
            "duplicated visit",
        )
    ),
]


CORPUS_THROUGH_SNAKEMAKE = [
    "many faults at once, each told",
    "a quote that is never closed",
    "a visit after death",
    "a misspelt key",
]


def told(run: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what comes last, behind the name of the job that failed."""
    lines = run.stderr.splitlines()
    return lines[lines.index("accept failed:") + 1 :]


def findings(folder: Path) -> list[dict[str, str]]:
    path = folder / "results" / "validation" / "findings.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def assert_refused(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("name", THROUGH_SNAKEMAKE)
def test_fatal_data_stop_the_run_and_leave_earlier_results(
    name: str, ingested: Path
) -> None:
    fault = FAULTS[name]
    before = results_of(ingested, *ABOUT_THE_RUN)
    fault.spoil(ingested)

    run = run_snakemake(ingested, ADSL)

    assert_refused(run)
    line, summary = told(run)
    assert line.startswith(f"fatal: {fault.file}")
    for part in (fault.row and f", row {fault.row}", fault.column, fault.value):
        assert not part or part in line
    assert fault.says in line
    assert "results/validation/findings.csv" in summary
    fatal = [f for f in findings(ingested) if f["severity"] == "fatal"]
    assert [(f["file"], f["row"], f["column"], f["value"]) for f in fatal] == [
        (fault.file, str(fault.row or ""), fault.column, fault.value)
    ]
    assert results_of(ingested, *ABOUT_THE_RUN) == before


@pytest.mark.slow
def test_the_corpus_refused_by_a_run_leaves_earlier_results(tmp_path: Path) -> None:
    cases = corpus()
    trial = edit(cases["the clean trial"], tmp_path / "trial")
    first = run_snakemake(trial, ADSL)
    assert first.returncode == 0, first.stderr
    before = results_of(trial, *ABOUT_THE_RUN)
    assert before
    for i, name in enumerate(CORPUS_THROUGH_SNAKEMAKE):
        spoilt = edit(cases[name], tmp_path / str(i))
        shutil.copytree(spoilt, trial, dirs_exist_ok=True)
        run = run_snakemake(trial, ADSL)
        assert_refused(run)
        if cases[name].refused:
            assert cases[name].refused in run.stderr
        else:
            path = trial / "results/validation/findings.csv"
            assert unlike(cases[name], read_findings(path)) == []
        assert results_of(trial, *ABOUT_THE_RUN) == before


@pytest.mark.runs
def test_all_faults_are_told_at_once_and_the_run_goes_on_when_they_are_mended(
    ingested: Path,
) -> None:
    names = ["text in a number", "unknown arm", "dose before randomisation"]
    before = results_of(ingested, *ABOUT_THE_RUN)
    originals = {p: p.read_bytes() for p in (ingested / "data").glob("*.csv")}
    together(*(FAULTS[name].spoil for name in names))(ingested)

    run = run_snakemake(ingested, ADSL)

    assert_refused(run)
    lines = told(run)
    assert len(lines) == len(names) + 1
    assert lines[-1].startswith("3 fatal findings in the raw data")
    for name in names:
        fault = FAULTS[name]
        place = f"{fault.file}, row {fault.row}, column {fault.column}"
        assert any(place in line and fault.value in line for line in lines)
    assert_refused(run_snakemake(ingested, ADSL))  # as long as nothing is mended
    assert results_of(ingested, *ABOUT_THE_RUN) == before
    for path, original in originals.items():
        path.write_bytes(original)
    again = run_snakemake(ingested, ADSL)
    assert again.returncode == 0, again.stderr
    assert results_of(ingested, *ABOUT_THE_RUN) == before


def test_a_warning_is_listed_and_the_run_goes_on(ingested: Path) -> None:
    FAULTS["no baseline"].spoil(ingested)
    run = run_snakemake(ingested, ADSL)
    assert run.returncode == 0, run.stderr
    assert [(f["severity"], f["rule"], f["row"]) for f in findings(ingested)] == [
        ("warning", "no_baseline", "2")
    ]
    assert "Warnings  on the raw data 1 (no baseline 1)" in run.stderr


# spoil, arguments, what the message must say
BEFORE_PLANNING: dict[str, tuple[Edit, tuple[str, ...], str]] = {
    "unknown key": (
        replaced("config.yaml", "  window_days: 6", "  window_dayz: 6"),
        (),
        "unknown key 'visits.window_dayz'; did you mean 'window_days'?",
    ),
    "wrong value": (
        replaced("config.yaml", "  chains: 4", "  chains: many"),
        (),
        "sampler.chains is 'many'",
    ),
    "unknown scale": (
        replaced("config.yaml", "scale: norris_limb", "scale: norris_leg"),
        (),
        "'norris_leg' is no scale; did you mean 'norris_limb'?",
    ),
    "not YAML": (
        replaced("config.yaml", "  chains: 4", "  chains: [4"),
        (),
        "not valid YAML",
    ),
    "key twice": (
        replaced("config.yaml", "  chains: 4", "  chains: 4\n  chains: 8"),
        (),
        "key 'chains' is there twice; keep one",
    ),
    "no configuration": (
        removed("config.yaml"),
        (),
        "has no config.yaml, so it is no trial's folder",
    ),
    "not UTF-8": (
        content("config.yaml", lambda old: old.decode().encode("latin-1")),
        (),
        "not UTF-8; save the file as UTF-8",
    ),
    "raw file missing": (removed(VISITS), (), f"{VISITS}: no such raw file"),
    "--config given": (
        lambda _: None,
        ("--config", "primary=rate_limb"),
        "--configfile and --config are refused",
    ),
}


def assert_told_before_planning(
    run: subprocess.CompletedProcess[str], message: str
) -> None:
    assert_refused(run)
    assert sum(message in line for line in run.stderr.splitlines()) == 1
    assert "rule" not in run.stderr


@pytest.mark.parametrize("name", BEFORE_PLANNING)
def test_a_bad_configuration_stops_the_run_before_anything_is_planned(
    name: str, ingested: Path
) -> None:
    spoil, arguments, message = BEFORE_PLANNING[name]
    before = results_of(ingested)
    spoil(ingested)
    run = run_snakemake(ingested, ADSL, *arguments)
    assert_told_before_planning(run, message)
    assert results_of(ingested) == before


def test_another_configuration_cannot_be_merged_over_a_trials_own(
    ingested: Path, tmp_path: Path
) -> None:
    other = copy_bundled_trial(tmp_path / "other") / "config.yaml"
    before = results_of(ingested)
    run = run_snakemake(ingested, ADSL, "--configfile", str(other))
    assert_told_before_planning(run, "--configfile and --config are refused")
    assert results_of(ingested) == before


def test_a_label_may_have_what_rules_would_fill_in(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    label = "    label: Norris limb"
    replaced("config.yaml", f"{label}\n", f'{label} {{x}} <b> {{{{y}}}} "$5"\n')(trial)
    run = run_snakemake(trial, "-n")
    assert run.returncode == 0, run.stderr


def test_other_packages_than_the_lock_pins_are_refused_before_anything_is_planned(
    tmp_path: Path,
) -> None:
    project, folder = tmp_path / "project", copy_bundled_trial(tmp_path / "trial")
    copy_project(project)
    lock = project / "envs" / "requirements.txt"
    text = re.sub(
        r"^numpy==\S+", "numpy==1.0.0", lock.read_text("utf-8"), flags=re.MULTILINE
    )
    lock.write_text(text, encoding="utf-8")
    says = f"numpy {version('numpy')} for 1.0.0; run `make runtime`"

    for arguments in (
        [],
        ["--dry-run"],
        ["results/report.html", "--until", "validate"],
    ):
        run = run_snakemake(folder, *arguments, project=project)
        assert_refused(run)
        assert [line for line in run.stderr.splitlines() if says in line]
    assert not (folder / "results").exists()

    (finding,) = json.loads(audit(folder, "verify", project=project).stdout)["findings"]
    assert finding["path"] == "envs/requirements.txt"
    assert says in finding["message"]
