"""Who the patients are stands nowhere in what a run leaves; every byte is read.

Names, dates of birth, identifiers, calendar dates and the key are looked for under
results/ and .snakemake: in files, their names, and what is packed in them.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from support.once import Once
from support.planted_identities import (
    COLUMNS,
    KEY,
    NAMES,
    dropped_and_pseudonymised,
    leaks,
    planted_trial,
    secrets_of,
)
from support.trial_folder import ADSL, added_row, cell, run_snakemake

pytestmark = pytest.mark.runs

KEY_VARIABLE = "ALSDECLINE_PSEUDONYM_KEY"


def _run(
    folder: Path, *arguments: str, key: str = KEY
) -> subprocess.CompletedProcess[str]:
    before = os.environ.get(KEY_VARIABLE)
    os.environ[KEY_VARIABLE] = key
    try:
        return run_snakemake(folder, *arguments, timeout=1500)
    finally:
        if before is None:
            del os.environ[KEY_VARIABLE]
        else:
            os.environ[KEY_VARIABLE] = before


def _told(run: subprocess.CompletedProcess[str]) -> str:
    return (run.stdout + run.stderr).lower()


def test_a_refused_run_tells_nobody_who_the_patients_are(tmp_path: Path) -> None:
    """Identities in unused columns, malformed rows and wrong cells."""
    trial = planted_trial(tmp_path / "trial")
    refused = _run(trial, ADSL)
    assert refused.returncode == 1
    assert all(f"column {name}" in _told(refused) for name in COLUMNS)
    dropped_and_pseudonymised(trial, smallest_count=3)
    missing = _run(trial, ADSL, key="")
    assert missing.returncode == 1
    (line,) = missing.stderr.strip().splitlines()
    assert f"needs the key in {KEY_VARIABLE}" in line
    added_row("data/visits.csv", f"IGF-001,40,2004-01-05,1,2,3,4,{NAMES[0]}")(trial)
    cell("data/visits.csv", 4, "subject_id", NAMES[1])(trial)
    cell("data/events.csv", 2, "event_date", "1941-07-11")(trial)
    wrong = _run(trial, ADSL)
    assert wrong.returncode == 1
    assert "row_cells" in wrong.stderr
    assert "unknown_patient" in wrong.stderr
    shown = [refused, missing, wrong]
    secrets = secrets_of(trial) - {b"igf-001"}
    for run in shown[1:]:
        assert not [s for s in secrets_of(trial) if s.decode() in _told(run)]
    assert not [s for s in secrets if s.decode() in _told(refused)]
    assert leaks([trial / "results", trial / ".snakemake"], secrets_of(trial)) == []


@pytest.fixture(scope="module")
def analysed(once: Once) -> Path:
    def make(folder: Path) -> None:
        trial = folder / "trial"
        planted_trial(trial)
        dropped_and_pseudonymised(trial, smallest_count=3)
        run = _run(trial)
        assert run.returncode == 0, run.stderr
        (folder / "told.txt").write_text(_told(run), encoding="utf-8")

    return once("planted identities", make)


@pytest.mark.slow
def test_no_byte_of_a_whole_run_tells_who_the_patients_are(analysed: Path) -> None:
    trial = analysed / "trial"
    secrets = secrets_of(trial)
    for file in ("report.html", "ro-crate-metadata.json", "ledger/ledger.jsonl"):
        assert (trial / "results" / file).is_file()
    assert leaks([trial / "results", trial / ".snakemake"], secrets) == []
    told = (analysed / "told.txt").read_text(encoding="utf-8")
    assert not [secret for secret in secrets if secret.decode() in told]


@pytest.mark.slow
def test_what_is_shareable_holds_no_patient_and_something(analysed: Path) -> None:
    results = analysed / "trial/results"
    shared = results / "shareable"
    patients = pd.read_parquet(results / "data/adsl.parquet")["USUBJID"]
    slopes = [
        f"{value:.12g}"
        for path in (results / "tables/patient_slopes").glob("*.csv")
        for value in pd.read_csv(path)["slope"]
    ]
    assert len(slopes) > 20
    secrets = {text.lower().encode() for text in [*patients, *slopes]}
    assert leaks([shared], secrets | secrets_of(analysed / "trial")) == []
    manifest = json.loads((shared / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["groups"] == {"high": 4, "low": 5}
    there = {p.relative_to(shared).as_posix() for p in shared.rglob("*.csv")}
    assert there == set(manifest["files"])
    assert manifest["files"]["tables/rate_of_decline.csv"]["rows"] > 5
    assert manifest["files"]["tables/baseline_characteristics.csv"]["rows_left_out"] > 5
    assert not {p.name for p in (analysed / "trial/data").iterdir()} & {
        p.name for p in shared.rglob("*")
    } - {"exposure.csv", "adverse_events.csv"}


@pytest.mark.slow
def test_another_key_redoes_ingest_and_the_same_nothing(
    analysed: Path, tmp_path: Path
) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(analysed / "trial", trial)
    assert "nothing to be done" in _told(_run(trial, "-n"))
    assert "ingest" in _told(_run(trial, "-n", key=f"{KEY}!"))
