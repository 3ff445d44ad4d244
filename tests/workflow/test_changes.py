"""After a data update a page says what changed since the last release."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from alsdecline.digests import sha256_of_file
from support.job_runs import TIMED, analyse
from support.once import Once
from support.trial_folder import (
    PROJECT,
    added_row,
    copy_bundled_trial,
    replaced,
    results_of,
    row_text,
    run_snakemake,
    together,
    without_rows,
)

VISITS = "data/visits.csv"
RAW_FILES = [
    "data/subjects.csv",
    VISITS,
    "data/exposure.csv",
    "data/events.csv",
    "data/adverse_events.csv",
]
CHANGES = ("results/changes.html", "results/changes.json")

NONE_LEFT_OUT = "influence: {patients_at_most: 0}"

# so few draws that nothing about the numbers can be said, which is not asked here
QUICK = together(
    *[
        replaced("config.yaml", f"  {key}: {value}\n", f"  {key}: {relaxed}\n")
        for key, value, relaxed in (
            ("chains", "4", "2"),
            ("tune", "1000", "100"),
            ("draws", "1000", "100"),
            ("r_hat", "1.01", "9"),
            ("ess", "400", "1"),
            ("divergences", "0", "999"),
            ("e_bfmi", "0.3", "0.001"),
        )
    ],
    replaced(
        "config.yaml", "\nfigures:", "\ninfluence: {patients_at_most: 0}\nfigures:"
    ),
)

UPDATE = together(
    # the bulbar score was 27, and the total 82
    row_text(VISITS, 3, "IGF-001,2,2003-03-31,55,26,81,104"),
    # week 40 of IGF-009 had 44, 34, 78 and 110 on 2004-08-29
    without_rows(VISITS, "IGF-009,40,"),
    added_row(VISITS, "IGF-001,40,2003-12-22,56,20,76,98"),
    replaced("config.yaml", "sd_slope: 3.3  # 1.5 x 2.2 [a]", "sd_slope: 3.4"),
)


def release(trial: Path, digits: str, sequence: int) -> Path:
    """Copy a run as a release."""
    folder = trial / "releases" / digits
    folder.mkdir(parents=True)
    shutil.copytree(trial / "results", folder / "results")
    shutil.copy2(trial / "config.yaml", folder)
    shutil.copy2(PROJECT / "envs/requirements.txt", folder)
    raw = {name: sha256_of_file(trial / name) for name in RAW_FILES}
    manifest = {"digest": digits * 4, "sequence": sequence, "raw": raw}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def updated(once: Once) -> Path:
    """Analyse, release, update and analyse again; to be read, not changed."""

    def make(folder: Path) -> None:
        QUICK(copy_bundled_trial(folder))
        analyse(folder, "--cores", "2")
        assert not any((folder / path).exists() for path in CHANGES)
        release(folder, "00000000feedbeef", 1)
        UPDATE(folder)
        assert "compare_with_release" in analyse(folder, "--cores", "2")

    return once("updated", make)


@pytest.fixture(scope="module")
def changes(updated: Path) -> dict[str, Any]:
    content = (updated / "results/changes.json").read_text(encoding="utf-8")
    return dict(json.loads(content))


def as_tuple(change: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a change of a measured value: what, of whom, when, old and new."""
    values = {f["field"]: (f["old"], f["new"]) for f in change["fields"]}
    keys = ("change", "patient", "parameter", "visit", "date")
    return (*(change[key] for key in keys), *values["AVAL"])


def test_the_records_are_exactly_those_that_were_edited(
    changes: dict[str, Any],
) -> None:
    added, removed = ("IGF-001", "2003-12-22"), ("IGF-009", "2004-08-29")
    assert [as_tuple(change) for change in changes["records"]["changes"]] == [
        ("changed", "IGF-001", "NORBULB", 2.0, "2003-03-31", 27.0, 26.0),
        ("added", added[0], "FVCPP", 40.0, added[1], None, 98.0),
        ("added", added[0], "NORBULB", 40.0, added[1], None, 20.0),
        ("added", added[0], "NORLIMB", 40.0, added[1], None, 56.0),
        ("removed", removed[0], "FVCPP", 40.0, removed[1], 110.0, None),
        ("removed", removed[0], "NORBULB", 40.0, removed[1], 34.0, None),
        ("removed", removed[0], "NORLIMB", 40.0, removed[1], 44.0, None),
    ]


def test_what_follows_from_them_is_counted(changes: dict[str, Any]) -> None:
    assert changes["records"]["derived"] == [
        {"dataset": "bds/total", "added": 1, "changed": 1, "removed": 1}
    ]
    assert changes["records"]["followed"] == [
        {"dataset": "bds/bulbar", "column": "CHG", "rows": 1},
        {"dataset": "bds/bulbar", "column": "PCHG", "rows": 1},
    ]


def test_the_setting_and_the_raw_file_are_exactly_those_that_were_edited(
    changes: dict[str, Any],
) -> None:
    assert changes["settings"] == [
        {"key": "priors.outcomes.total.sd_slope", "old": 3.3, "new": 3.4}
    ]
    assert [entry["file"] for entry in changes["raw_files"]] == [VISITS]


def test_every_estimate_of_a_model_is_told_with_its_monte_carlo_error(
    changes: dict[str, Any],
) -> None:
    modelled = [
        e
        for e in changes["estimates"]
        if e["table"] in {"rate_of_decline", "prior_sensitivity"}
    ]
    assert all(e["old"] and e["new"] for e in modelled)
    # of probabilities alone, where a row has no estimate
    assert all("probability" in e["monte_carlo_limit"] for e in modelled)
    (primary,) = [e["of"] for e in modelled if e["primary"]]
    assert primary == {
        "model": "joint",
        "outcome": "total",
        "quantity": "slope_difference",
        "arm": "high",
        "prior": "default",
    }


def test_the_page_names_the_release_and_no_folder(updated: Path) -> None:
    page = (updated / "results/changes.html").read_text(encoding="utf-8")
    assert "from release 1 (00000000feedbeef) to this run" in page
    assert "Synthetic data: every value here is simulated" in page
    assert str(updated) not in page


def test_nothing_runs_again_after_nothing(updated: Path, tmp_path: Path) -> None:
    trial = Path(shutil.copytree(updated, tmp_path / "trial"))
    assert analyse(trial) == set()


def test_a_deleted_page_is_made_again_with_the_same_bytes(
    updated: Path, tmp_path: Path
) -> None:
    trial = Path(shutil.copytree(updated, tmp_path / "another trial"))
    before = results_of(trial, *TIMED)
    (trial / "results/changes.html").unlink()
    assert analyse(trial) == {"compare_with_release"}
    assert results_of(trial, *TIMED) == before


def test_a_newer_release_is_compared_with_and_nothing_else_runs(
    updated: Path, tmp_path: Path
) -> None:
    trial = Path(shutil.copytree(updated, tmp_path / "trial"))
    release(trial, "00000000000000aa", 2)
    assert analyse(trial) == {"compare_with_release"}
    content = json.loads((trial / "results/changes.json").read_text(encoding="utf-8"))
    assert content["old"] == "release 2 (00000000000000aa)"
    assert content["same"]


def test_a_release_without_a_number_stops_the_run_in_a_line(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    manifest = trial / "releases" / "00000000feedbeef" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}", encoding="utf-8")
    run = run_snakemake(trial, "--dry-run")
    assert run.returncode == 1
    assert "`sequence` is None, not the release's number" in run.stderr
    assert "Traceback" not in run.stderr
