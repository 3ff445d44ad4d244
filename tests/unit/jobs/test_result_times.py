"""Results whose times mislead: which are given the present one, and which are not."""

import base64
import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.result_times import (
    METADATA,
    ahead_text,
    give_time,
    misdated_results,
    results_of_future,
)
from support.hand_jobs import do_by_hand, hand_job, write

RAW, DATA, TABLE = "data/visits.csv", "results/data.csv", "results/table.csv"
HOUR = 3600 * 10**9

Spoil = Callable[[PlannedJob], PlannedJob]
"""Changes files in the working folder, or what the rules say of the job."""


def date(ages: dict[str, float]) -> None:
    """Date files so many seconds before now."""
    now = time.time()
    for file, age in ages.items():
        os.utime(file, (now - age, now - age))


def made(job: PlannedJob) -> list[str]:
    return sorted([job.record, *job.outputs, job.benchmark])


def remember(job: PlannedJob) -> None:
    name = base64.urlsafe_b64encode(job.record.encode()).decode()
    write(str(METADATA / name), "{}")


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PlannedJob]:
    """Make a dataset of a raw file, and a table of it; all an hour old, and in order.

    The table stands before the dataset among the jobs: their order says nothing.
    """
    monkeypatch.chdir(tmp_path)
    write(RAW, "a\n1\n")
    ingest = do_by_hand(hand_job("ingest", [RAW], [DATA]))
    table = do_by_hand(hand_job("table", [DATA], [TABLE]))
    date({RAW: 4000} | dict.fromkeys(made(ingest), 3800))
    date(dict.fromkeys(made(table), 3600))
    return [table, ingest]


def test_times_in_order_are_kept(jobs: list[PlannedJob]) -> None:
    assert misdated_results(jobs, time.time_ns()) == []


def test_what_a_job_would_make_again_is_given_one_present_time(
    jobs: list[PlannedJob],
) -> None:
    date({DATA: 0})  # as copied
    before = {file: Path(file).read_bytes() for file in made(jobs[0])}
    now = time.time_ns()
    assert misdated_results(jobs, now) == made(jobs[0])
    give_time(made(jobs[0]), now)
    assert {Path(file).stat().st_mtime_ns for file in before} == {now}
    assert {file: Path(file).read_bytes() for file in before} == before
    assert misdated_results(jobs, now) == []


def _with(name: str, text: str) -> Spoil:
    def spoil(job: PlannedJob) -> PlannedJob:
        age = Path(name).stat().st_mtime
        write(name, text)
        os.utime(name, (age, age))
        return job

    return spoil


def _without_output(job: PlannedJob) -> PlannedJob:
    Path(TABLE).unlink()
    return job


def _remembered(job: PlannedJob) -> PlannedJob:
    remember(job)
    return job


def _with_params(**params: str) -> Spoil:
    return lambda job: dataclasses.replace(job, params=job.params | params)


NOT_RENEWED = {
    "an input of other bytes": _with(DATA, "b"),
    "an output of other bytes": _with(TABLE, "b"),
    "an output that is absent": _without_output,
    "a record that is none": _with("results/records/table.json", "{"),
    "other settings": _with_params(spec='spec:{"width":8}'),
    "other code": _with_params(code="code:2"),
    "another lock": _with_params(env="env:2"),
    "what Snakemake remembers": _remembered,
}


@pytest.mark.parametrize("case", NOT_RENEWED)
def test_nothing_else_is_given_another_time(jobs: list[PlannedJob], case: str) -> None:
    date({DATA: 0})
    spoilt = NOT_RENEWED[case](jobs[0])
    assert misdated_results([spoilt, jobs[1]], time.time_ns()) == []


def test_results_of_the_future_are_taken_for_made_now_with_what_follows(
    jobs: list[PlannedJob],
) -> None:
    for job in jobs:
        remember(job)  # its checksums have a limit of size
    date({DATA: -7200, RAW: -7200})
    now = time.time_ns()
    assert results_of_future(jobs, now) == [DATA]
    assert misdated_results(jobs, now) == sorted([DATA, *made(jobs[0])])
    give_time(misdated_results(jobs, now), now)
    assert misdated_results(jobs, now) == []
    assert Path(RAW).stat().st_mtime_ns > now + HOUR  # raw files are never touched


def test_a_raw_file_of_the_future_gives_nothing_another_time(
    jobs: list[PlannedJob],
) -> None:
    date({RAW: -7200})
    assert misdated_results(jobs, time.time_ns()) == []


def test_what_was_altered_is_not_dated_with_the_rest(jobs: list[PlannedJob]) -> None:
    date({DATA: -7200})
    write(TABLE, "other")
    assert misdated_results(jobs, time.time_ns()) == [DATA]


def test_a_run_tells_of_what_is_dated_in_the_future() -> None:
    assert ahead_text(["a"]).startswith("a: dated in the future")
    assert ahead_text(["a", "b"]).startswith("a and 1 other result: dated")
    assert ahead_text(["a", "b", "c"]).startswith("a and 2 other results: dated")
