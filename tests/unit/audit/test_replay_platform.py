"""Whether bytes must be the same, the machine at hand says first, then records."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit.replay_platform import Platform, other_platform
from alsdecline.jobs.ledger import LEDGER, append
from alsdecline.stable_files import write_json, write_text
from support.hand_runs import made_record

HERE = Platform("env:1", "X")
JOINT = "results/fits/joint/posterior.parquet"
FVC = "results/fits/single/fvc/posterior.parquet"
TABLE = "results/tables/design.csv"
JOBS = {"fit_joint": JOINT, "fit_single/fvc": FVC, "tabulate_design": TABLE}


def ran_on(job: str, processor: str) -> dict[str, Any]:
    return {
        "event": "job",
        "status": "done",
        "job": job,
        "ended": "2026-01-01T00:00:00.000Z",
        "processor": processor,
        "depends": {},
        "inputs": {},
        "outputs": {},
        "timed": {},
    }


def run_of(folder: Path, jobs: dict[str, str], lock: str = "env:1") -> Path:
    """Write a ledger, and what jobs wrote and recorded."""
    append(folder, [{"event": "run"}])
    for job, file in jobs.items():
        write_text(folder / file, "1")
        made = made_record(job, [file], environment=lock)
        write_json(folder / f"results/records/{job}.json", made)
    return folder


@pytest.fixture
def again(tmp_path: Path) -> Path:
    return run_of(tmp_path / "again", JOBS)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return run_of(tmp_path / "recorded", JOBS)


def test_a_machine_that_makes_the_fits_again_is_the_platform(
    recorded: Path, again: Path
) -> None:
    """Whatever the ledger tells: it is what is tested."""
    append(recorded, [ran_on(job, "Y") for job in JOBS])
    write_text(recorded / TABLE, "edited")
    assert other_platform(recorded, again, HERE) == []


def test_a_fit_that_comes_out_otherwise_may_be_of_another_processor(
    recorded: Path, again: Path
) -> None:
    append(recorded, [ran_on("fit_joint", "Y"), ran_on("fit_single/fvc", "X")])
    write_text(recorded / JOINT, "2")
    assert other_platform(recorded, again, HERE) == [
        "fit_joint ran on Y, the ledger tells, and not on X"
    ]
    # but not one that the ledger tells was made here
    write_text(recorded / FVC, "2")
    assert other_platform(recorded, again, HERE) == []


def test_the_last_run_of_a_job_counts_and_an_unknown_one_was_here(
    recorded: Path, again: Path
) -> None:
    write_text(recorded / JOINT, "2")
    assert other_platform(recorded, again, HERE) == []
    append(recorded, [ran_on("fit_joint", "Y"), ran_on("fit_joint", "X")])
    assert other_platform(recorded, again, HERE) == []


def test_a_ledger_that_does_not_hold_is_not_believed(
    recorded: Path, again: Path
) -> None:
    append(recorded, [ran_on("fit_joint", "X")] * 2)
    content = (recorded / LEDGER).read_bytes()
    (recorded / LEDGER).write_bytes(content.replace(b'"X"', b'"Y"'))
    write_text(recorded / JOINT, "2")
    assert other_platform(recorded, again, HERE) == []
    append(recorded, [])  # which enters that it did not hold
    assert other_platform(recorded, again, HERE) == []


def test_without_fits_what_comes_out_otherwise_is_asked(tmp_path: Path) -> None:
    jobs = {"tabulate_design": TABLE}
    recorded = run_of(tmp_path / "recorded", jobs)
    again = run_of(tmp_path / "again", jobs)
    append(recorded, [ran_on("tabulate_design", "Y")])
    assert other_platform(recorded, again, HERE) == []
    write_text(recorded / TABLE, "2")
    assert len(other_platform(recorded, again, HERE)) == 1


def test_records_tell_of_another_lock(tmp_path: Path, again: Path) -> None:
    recorded = run_of(tmp_path / "recorded", {"tabulate_design": TABLE}, "env:2")
    # one that was spoilt tells nothing
    write_text(recorded / "results/records/fit_joint.json", "[" * 100_000)
    assert other_platform(recorded, again, HERE) == [
        "tabulate_design was recorded with another lock of the software"
    ]
