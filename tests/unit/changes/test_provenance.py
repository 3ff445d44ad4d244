"""Code, raw files and software are compared by what the jobs recorded."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.changes.runs import compare_runs
from alsdecline.digests import file_digest_param, sha256_of_file
from alsdecline.jobs.recorded_runs import RecordedRun, open_run
from alsdecline.project import LOCK as PROJECT_LOCK
from support.hand_runs import hand_run, record


def code(**files: tuple[str, str]) -> dict[str, Any]:
    """Make the code of a record: bytes and meaning by module."""
    return {
        "files": {
            f"scripts/{name}.py": {"sha256": sha, "meaning": meaning}
            for name, (sha, meaning) in files.items()
        }
    }


def run(folder: Path, *records: dict[str, Any], **parts: Any) -> RecordedRun:
    return open_run(hand_run(folder, records=records, **parts))


def compared(
    tmp_path: Path, old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> dict[str, Any]:
    return compare_runs(run(tmp_path / "old", *old), run(tmp_path / "new", *new))


def test_a_changed_meaning_is_told_apart_from_changed_bytes(tmp_path: Path) -> None:
    old = code(fit=("1", "a"), sampling=("2", "b"), same=("3", "c"), gone=("4", "d"))
    new = code(fit=("9", "a"), sampling=("8", "z"), same=("3", "c"), came=("5", "e"))
    found = compared(
        tmp_path, [record("fit_joint", code=old)], [record("fit_joint", code=new)]
    )
    assert [(c["file"], c["change"], c["jobs"]) for c in found["code"]] == [
        ("scripts/came.py", "added", ["fit_joint"]),
        ("scripts/fit.py", "bytes", ["fit_joint"]),
        ("scripts/gone.py", "removed", ["fit_joint"]),
        ("scripts/sampling.py", "meaning", ["fit_joint"]),
    ]


def test_a_template_means_its_bytes(tmp_path: Path) -> None:
    old, new = (
        {"files": {"scripts/templates/report/page.html.j2": {"sha256": sha}}}
        for sha in ("1", "2")
    )
    found = compared(
        tmp_path, [record("report", code=old)], [record("report", code=new)]
    )
    assert [c["change"] for c in found["code"]] == ["meaning"]


def test_the_jobs_that_a_file_changed_for_are_told(tmp_path: Path) -> None:
    jobs = ("ingest", "validate")
    found = compared(
        tmp_path,
        [record(job, code=code(x=("1", "a"))) for job in jobs],
        [record(job, code=code(x=("2", "b"))) for job in jobs],
    )
    assert found["code"] == [
        {"file": "scripts/x.py", "change": "meaning", "jobs": ["ingest", "validate"]}
    ]


def test_a_job_that_one_run_alone_has_is_named(tmp_path: Path) -> None:
    found = compared(
        tmp_path, [record("ingest"), record("a")], [record("ingest"), record("b")]
    )
    assert found["jobs"] == [
        {"job": "a", "change": "removed"},
        {"job": "b", "change": "added"},
    ]


def test_versions_are_compared_by_name(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        [record("ingest", versions={"numpy": "2.0", "pymc": "6.3"})],
        [record("ingest", versions={"numpy": "2.0", "pymc": "6.4"})],
    )
    assert found["versions"] == [{"name": "pymc", "old": "6.3", "new": "6.4"}]


def test_raw_files_are_those_that_ingest_recorded(tmp_path: Path) -> None:
    def ingest(sha: str) -> dict[str, Any]:
        inputs = {
            "data/visits.csv": {"sha256": sha, "size": 1},
            "data/subjects.csv": {"sha256": "5", "size": 1},
            "results/validation/findings.csv": {"sha256": sha, "size": 1},
        }
        return record("ingest", inputs=inputs)

    found = compared(tmp_path, [ingest("1")], [ingest("2")])
    assert found["raw_files"] == [{"file": "data/visits.csv", "old": "1", "new": "2"}]


def test_a_release_has_its_raw_files_digests_in_its_manifest(tmp_path: Path) -> None:
    released = run(
        tmp_path / "a", manifest={"sequence": 1, "raw": {"data/visits.csv": "1"}}
    )
    now = run(tmp_path / "b")
    visits = tmp_path / "b" / "data" / "visits.csv"
    visits.parent.mkdir()
    visits.write_text("x\n")
    assert compare_runs(released, now)["raw_files"] == [
        {"file": "data/visits.csv", "old": "1", "new": sha256_of_file(visits)}
    ]


LOCK = "numpy==2.0 \\\n    --hash=sha256:12\n    # via pymc\npymc==6.4 ; x > '3'\n"


def test_packages_are_compared_where_both_locks_are_there(tmp_path: Path) -> None:
    runs = [
        run(tmp_path / name, manifest={"sequence": number})
        for number, name in enumerate(("old", "new"), start=1)
    ]
    texts = (LOCK, LOCK.replace("numpy==2.0", "numpy==2.1"))
    for one, text in zip(runs, texts, strict=True):
        (one.folder / "requirements.txt").write_text(text)
    assert compare_runs(*runs)["packages"] == [
        {"name": "numpy", "old": "2.0", "new": "2.1"}
    ]


def test_the_projects_lock_is_that_of_a_run_that_recorded_it(tmp_path: Path) -> None:
    another = record("ingest", environment="env:another")
    old = run(tmp_path / "old", another, manifest={"sequence": 1})
    (old.folder / "requirements.txt").write_text(PROJECT_LOCK.read_text() + "zzz==1\n")
    current = file_digest_param("env", {"lock": PROJECT_LOCK})
    new = run(tmp_path / "new", record("ingest", environment=current))
    assert compare_runs(old, new)["packages"] == [
        {"name": "zzz", "old": "1", "new": None}
    ]


@pytest.mark.parametrize(("environment", "expected"), [("env:1", []), ("env:2", None)])
def test_of_unknown_locks_it_is_told_whether_they_differ(
    tmp_path: Path, environment: str, expected: list[Any] | None
) -> None:
    old, new = record("ingest"), record("ingest", environment=environment)
    found = compared(tmp_path, [old], [new])
    assert found["packages"] == expected
    told = ["The locks differ: the packages that they pin are not compared."]
    assert found["notes"] == (told if expected is None else [])


def test_without_records_the_rest_is_compared_and_a_line_says_so(
    tmp_path: Path,
) -> None:
    old = run(tmp_path / "old")
    new = run(
        tmp_path / "new",
        record("ingest"),
        config=lambda text: text.replace("effect_sd: 3.0", "effect_sd: 2.0"),
    )
    found = compare_runs(old, new)
    assert found["code"] is found["jobs"] is found["versions"] is None
    assert [c["key"] for c in found["settings"]] == ["priors.outcomes.total.effect_sd"]
    assert found["notes"][0] == (
        "No records (results/records) in old: code, jobs and versions are not compared."
    )
