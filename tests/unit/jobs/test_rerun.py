"""What the records say must be made again."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.records import file_digests
from alsdecline.jobs.rerun import (
    absent_results,
    changed_jobs,
    jobs_not_made,
    jobs_of_other_inputs,
)
from support.hand_jobs import do_by_hand, hand_job, write

INPUT, OUTPUT = "in.csv", "results/out.csv"
RECORD = "results/records/job.json"

Spoil = Callable[[PlannedJob], PlannedJob]
"""Changes files in the working folder, or what the rules say of the job."""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlannedJob:
    """Make a job's files."""
    monkeypatch.chdir(tmp_path)
    write(INPUT, "a\n1\n")
    return do_by_hand(hand_job("job", [INPUT], [OUTPUT]))


def _with(name: str, text: str) -> Spoil:
    def spoil(job: PlannedJob) -> PlannedJob:
        write(name, text)
        return job

    return spoil


def _without_output(job: PlannedJob) -> PlannedJob:
    Path(OUTPUT).unlink()
    return job


def _with_params(**params: str) -> Spoil:
    return lambda job: dataclasses.replace(job, params=job.params | params)


SPOILT = {
    "an input of other bytes": _with(INPUT, "a\n3\n"),
    "an output of other bytes": _with(OUTPUT, "b\n3\n"),
    "an output that is absent": _without_output,
    "a record that is none": _with(RECORD, "{"),
    "other settings": _with_params(spec='spec:{"width":8}'),
    "other code": _with_params(code="code:2"),
    "another lock": _with_params(env="env:2"),
}


CHANGED = {"a record that is none", "other settings", "other code", "another lock"}


@pytest.mark.parametrize("case", SPOILT)
def test_records_that_say_otherwise_than_the_rules_are_made_again(
    job: PlannedJob, case: str
) -> None:
    spoilt = SPOILT[case](job)
    assert list(changed_jobs([spoilt], {})) == ([RECORD] if case in CHANGED else [])


@pytest.mark.parametrize("case", SPOILT)
def test_jobs_that_read_other_bytes_are_made_again(job: PlannedJob, case: str) -> None:
    spoilt = SPOILT[case](job)
    read_others = {RECORD: [f"raw file {INPUT} changed"]}
    found = jobs_of_other_inputs([spoilt])
    assert found == (read_others if case == "an input of other bytes" else {})


def test_an_input_that_is_made_again_is_no_reason(job: PlannedJob) -> None:
    write(INPUT, "a\n3\n")
    assert jobs_of_other_inputs([job], {INPUT}) == {}


def test_an_input_that_is_absent_is_left_to_snakemake(job: PlannedJob) -> None:
    Path(INPUT).unlink()
    assert jobs_of_other_inputs([job]) == {}


def test_results_that_are_gone_are_told_by_the_record_of_their_job(
    job: PlannedJob,
) -> None:
    assert absent_results([job]) == {}
    Path(OUTPUT).unlink()
    assert absent_results([job]) == {RECORD: [f"output {OUTPUT} is gone"]}
    Path(RECORD).unlink()
    assert absent_results([job]) == {}  # Snakemake tells of what was never made


def test_what_was_not_made_is_told_from_what_is_gone(job: PlannedJob) -> None:
    assert jobs_not_made([job], {}) == {}
    Path(OUTPUT).unlink()
    gone = {RECORD: [f"output {OUTPUT} is gone"]}
    assert jobs_not_made([job], {"job": {}}) == gone
    Path(RECORD).unlink()
    assert jobs_not_made([job], {"job": {}}) == {RECORD: ["its record is gone"]}
    assert jobs_not_made([job], {}) == {RECORD: ["first run"]}


def test_a_job_of_which_two_inputs_differ_is_made_again_once(job: PlannedJob) -> None:
    record = json.loads(Path(RECORD).read_bytes())
    write("more.csv", "a\n2\n")
    record["inputs"] = file_digests([INPUT, "more.csv"])
    write(RECORD, json.dumps(record))
    both = dataclasses.replace(job, inputs=[INPUT, "more.csv"])
    assert jobs_of_other_inputs([both]) == {}
    for name in both.inputs:
        write(name, "a\n3\n")
    told = [f"raw file {INPUT} changed", "raw file more.csv changed"]
    assert jobs_of_other_inputs([both]) == {RECORD: told}
