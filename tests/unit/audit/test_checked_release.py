"""Nothing is compared with a release that is not what was frozen."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import compare_runs
from alsdecline.audit.checked_release import refuse_changed_release
from alsdecline.audit.releases import make_release
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import append
from support.audit_command import audit
from support.hand_runs import hand_run, rate

TABLE = "results/tables/rate_of_decline.csv"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Make a trial of one table, with a release of it."""
    row = rate(0.5, 0.1, 0.9, 0.97)
    trial = hand_run(tmp_path / "trial", tables={"tables/rate_of_decline": [row]})
    append(trial, [{"event": "run"}])
    lock = tmp_path / "lock.txt"
    lock.write_text("numpy==2.0\n", encoding="utf-8")
    make_release(trial, lock, {"data/visits.csv": "7" * 64})
    return trial


@pytest.fixture
def release(trial: Path) -> Path:
    (folder,) = (trial / "releases").glob("*")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)  # as an administrator may
    return folder


def _edit_a_number(release: Path) -> None:
    path = release / TABLE
    path.write_text(path.read_text("utf-8").replace("0.5", "9.5"), encoding="utf-8")


def _edit_the_ledger(release: Path) -> None:
    append(release, [{"event": "run"}])


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "an edited number": (_edit_a_number, f"{TABLE} was changed"),
    "a table that is gone": (lambda r: (r / TABLE).unlink(), f"{TABLE} is absent"),
    "a file more": (lambda r: (r / "a").write_text("", "utf-8"), "a was added"),
    "another ledger": (_edit_the_ledger, "results/ledger/ledger.jsonl"),
    "no manifest": (lambda r: (r / "manifest.json").unlink(), "has no manifest.json"),
    "another name": (lambda r: r.rename(r.with_name("0" * 16)), "its digest is not"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_release_that_was_changed_is_refused(release: Path, case: str) -> None:
    spoil, says = SPOILT[case]
    refuse_changed_release(release)
    spoil(release)
    here = release if release.is_dir() else release.with_name("0" * 16)
    with pytest.raises(DataError, match=r"^release ") as refused:
        refuse_changed_release(here)
    assert says in str(refused.value)


def test_few_of_many_faults_are_told_one_by_one(release: Path) -> None:
    for number in range(9):
        (release / f"{number}.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        refuse_changed_release(release)
    assert len(str(refused.value).splitlines()) == 6
    assert "and 4 more; nothing is compared" in str(refused.value)


def test_a_copy_elsewhere_and_a_folder_that_is_no_release_are_compared(
    release: Path, trial: Path, tmp_path: Path
) -> None:
    refuse_changed_release(Path(shutil.copytree(release, tmp_path / "copy")))
    refuse_changed_release(trial)


def test_diff_holds_the_release_first(release: Path, trial: Path) -> None:
    assert audit(trial, "diff", release.name, "now").stderr == ""
    _edit_a_number(release)
    for run in (release.name, os.path.relpath(release)):
        done = audit(trial, "diff", run, "now")
        assert done.returncode == 2
        assert f"release {release.name}: {TABLE} was changed" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_page_of_changes_holds_it_first(release: Path) -> None:
    _edit_a_number(release)
    job = SimpleNamespace(input=SimpleNamespace(release=str(release / "manifest.json")))
    with pytest.raises(DataError, match=f"{TABLE} was changed"):
        compare_runs.main(job, lambda _: None)
