"""What ``verify`` says of runs of a part, runs under way, and what is left over."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit import verify as audit_verify
from alsdecline.audit.checks import (
    OUTDATED,
    check_files,
    check_nothing_else,
    check_under_way,
)
from alsdecline.audit.recorded_files import recorded
from alsdecline.jobs.held_results import left_over
from alsdecline.jobs.ledger import append, read_ledger
from alsdecline.jobs.planned import PlannedJob
from support.hand_jobs import do_by_hand, done_event, hand_job, record_text, write

FIT, CRATE = "results/fits/limb.parquet", "results/crate.json"


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PlannedJob]:
    """Make a fit, and a crate that reads it and its record."""
    monkeypatch.chdir(tmp_path)
    fit = do_by_hand(hand_job("fit", [], [FIT]))
    return [fit, do_by_hand(hand_job("crate", [FIT, fit.record], [CRATE]))]


def found(jobs: list[PlannedJob]) -> dict[str, str]:
    """Return what is told of files, by path; of logs and benchmarks none."""
    known, findings = recorded(Path(), jobs, read_ledger(Path()))
    known.timed.clear()
    findings += check_files(Path(), known)
    return {finding.path: finding.message for finding in findings}


def test_what_a_run_of_a_part_made_is_told_from_what_was_changed(
    jobs: list[PlannedJob],
) -> None:
    """As by ``--until``: the fit ran again, and the crate did not yet."""
    assert found(jobs) == {}
    write(FIT, "another fit")
    write(jobs[0].record, record_text(jobs[0]))
    forged = found(jobs)
    assert forged[jobs[0].record].startswith("was changed")
    append(Path(), [done_event(jobs[0])])
    assert found(jobs) == {FIT: OUTDATED, jobs[0].record: OUTDATED}


@pytest.mark.usefixtures("jobs")
def test_repair_keeps_what_a_run_of_a_part_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    findings: list[dict[str, Any]] = [
        {"path": FIT, "message": OUTDATED, "failure": True},
        {"path": CRATE, "message": "was changed", "failure": True},
    ]
    monkeypatch.setattr(audit_verify, "verify", lambda *_: {"findings": findings})
    result = audit_verify.repair(Path(), Path())
    assert result == {"removed": [CRATE], "left": findings[:1]}
    assert Path(FIT).is_file()
    assert not Path(CRATE).exists()


@pytest.mark.usefixtures("jobs")
def test_a_run_under_way_is_told_with_its_beginning() -> None:
    append(Path(), [{"event": "run", "status": "started", "run": "2"}])
    assert check_under_way(Path(), read_ledger(Path())) == []
    write(".snakemake/locks/0.output.lock", FIT)
    chain = read_ledger(Path())
    (note,) = check_under_way(Path(), chain)
    assert not note.failure
    assert f"a run is under way since {chain.lines[-1]['time']}" in note.message
    assert "`snakemake --unlock`" in note.message
    # one that has not entered its beginning, or enters none
    append(Path(), [{"event": "run", "status": "done", "run": "2"}])
    (note,) = check_under_way(Path(), read_ledger(Path()))
    assert "a run is under way, and" in note.message


def test_what_is_left_over_is_told_with_the_job_that_made_it(
    jobs: list[PlannedJob],
) -> None:
    write("results/mine.csv", "a")
    chain = read_ledger(Path())
    known, _ = recorded(Path(), jobs[1:], chain)
    rest = left_over(jobs[1:], chain)
    told = {f.path: f.message for f in check_nothing_else(Path(), known, rest)}
    assert told.pop("results/mine.csv").startswith("no job wrote it")
    assert told.keys() == {FIT, jobs[0].record, jobs[0].benchmark}
    assert all(text.startswith("is left over from fit,") for text in told.values())
