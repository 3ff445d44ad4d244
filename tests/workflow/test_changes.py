"""After a data update a page says what changed since the last release."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.audit_command import audit, failures
from support.blinded_trial import edit_config
from support.job_runs import TIMED, analyse
from support.once import Once
from support.trial_folder import (
    added_row,
    copy_bundled_trial,
    results_of,
    row_text,
    run_snakemake,
    together,
    without_rows,
)

VISITS = "data/visits.csv"
CHANGES = ("results/changes.html", "results/changes.json")

UPDATE = together(
    # the bulbar score was 27, and the total 82
    row_text(VISITS, 3, "IGF-001,2,2003-03-31,55,26,81,104"),
    # week 40 of IGF-009 had 44, 34, 78 and 110 on 2004-08-29
    without_rows(VISITS, "IGF-009,40,"),
    added_row(VISITS, "IGF-001,40,2003-12-22,56,20,76,98"),
    lambda folder: edit_config(folder, priors__outcomes__fvc__sd_slope=3.4),
)


@pytest.fixture(scope="module")
def updated(brief_once: Path, once: Once) -> Path:
    """Release, update and analyse again; to be read, not changed."""

    def make(folder: Path) -> None:
        shutil.copytree(brief_once, folder)
        assert not any((folder / path).exists() for path in CHANGES)
        assert audit(folder, "release").returncode == 0
        UPDATE(folder)
        assert "compare_with_release" in analyse(folder, "--cores", "2")

    return once("updated", make)


@pytest.fixture(scope="module")
def first_release(updated: Path) -> str:
    """Return the digits that name the release."""
    (release,) = (updated / "releases").glob("*/")
    return release.name


@pytest.fixture
def copied(updated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(updated, tmp_path / "another trial"))


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
        {"key": "priors.outcomes.fvc.sd_slope", "old": 3.3, "new": 3.4}
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


def test_the_page_names_the_release_and_no_folder(
    updated: Path, first_release: str
) -> None:
    page = (updated / "results/changes.html").read_text(encoding="utf-8")
    assert f"from release 1 ({first_release}) to this run" in page
    assert "Synthetic data: every value here is simulated" in page
    assert str(updated) not in page


def test_the_audit_finds_no_fault_and_that_the_release_differs(
    updated: Path, first_release: str
) -> None:
    assert failures(updated) == set()
    assert audit(updated, "diff", first_release, "now").returncode == 1


def test_nothing_runs_again_after_nothing(copied: Path) -> None:
    assert analyse(copied) == set()


def test_a_deleted_page_is_made_again_with_the_same_bytes(
    updated: Path, copied: Path
) -> None:
    (copied / "results/changes.html").unlink()
    assert analyse(copied) == {"compare_with_release"}
    assert results_of(copied, *TIMED) == results_of(updated, *TIMED)


def test_a_newer_release_is_compared_with_and_nothing_else_runs(copied: Path) -> None:
    done = audit(copied, "release")
    assert done.returncode == 0, done.stdout
    assert analyse(copied) == {"compare_with_release"}
    content = json.loads((copied / "results/changes.json").read_text(encoding="utf-8"))
    digits = json.loads(done.stdout)["digest"][:16]
    assert content["old"] == f"release 2 ({digits})"
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
