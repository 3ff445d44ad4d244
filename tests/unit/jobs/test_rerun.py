"""Results that Snakemake has forgotten: which look out of date, and which are."""

import base64
import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.records import FORMAT, file_digests
from alsdecline.jobs.rerun import (
    METADATA,
    absent_results,
    changed_jobs,
    jobs_of_other_inputs,
    renew_forgotten,
)

INPUT, OUTPUT, BENCHMARK = "in.csv", "results/out.csv", "results/benchmarks/job.tsv"
RECORD = "results/records/job.json"
MADE = (RECORD, OUTPUT, BENCHMARK)

Spoil = Callable[[PlannedJob], PlannedJob]
"""Changes files in the working folder, or what the rules say of the job."""


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlannedJob:
    """Make a job's files, of which the input is the newest."""
    monkeypatch.chdir(tmp_path)
    write(INPUT, "a\n1\n")
    write(OUTPUT, "b\n2\n")
    write(BENCHMARK, "s\n0.1\n")
    record = {
        "format": FORMAT,
        "job": "job",
        "code": {"digest": "code:1", "files": {}},
        "settings": {"width": 7},
        "raw": None,
        "environment": "env:1",
        "inputs": file_digests([INPUT]),
        "outputs": file_digests([OUTPUT]),
        "seeds": {},
        "gates": {},
    }
    write(RECORD, json.dumps(record))
    for age, name in enumerate([INPUT, OUTPUT, RECORD, BENCHMARK]):
        os.utime(name, (1e9 - age, 1e9 - age))
    return PlannedJob(
        name="job",
        record=RECORD,
        script="../scripts/gate.py",
        params={"code": "code:1", "spec": 'spec:{"width":7}', "env": "env:1"},
        inputs=[INPUT],
        outputs=[OUTPUT],
        benchmark=BENCHMARK,
    )


def times() -> list[float]:
    return [Path(name).stat().st_mtime for name in MADE]


def test_what_a_job_would_make_again_is_given_one_present_time(job: PlannedJob) -> None:
    bytes_before = [Path(name).read_bytes() for name in MADE]
    assert renew_forgotten([job]) == ["job"]
    assert len(set(times())) == 1
    assert times()[0] > 1.5e9
    assert [Path(name).read_bytes() for name in MADE] == bytes_before
    assert renew_forgotten([job]) == []  # it does not look out of date any more


def _with(name: str, text: str) -> Spoil:
    def spoil(job: PlannedJob) -> PlannedJob:
        age = Path(name).stat().st_mtime
        write(name, text)
        os.utime(name, (age, age))
        return job

    return spoil


def _remembered(job: PlannedJob) -> PlannedJob:
    write(str(METADATA / base64.urlsafe_b64encode(RECORD.encode()).decode()), "{}")
    return job


def _without_output(job: PlannedJob) -> PlannedJob:
    Path(OUTPUT).unlink()
    return job


def _with_params(**params: str) -> Spoil:
    return lambda job: dataclasses.replace(job, params=job.params | params)


NOT_RENEWED = {
    "an input of other bytes": _with(INPUT, "a\n3\n"),
    "an output of other bytes": _with(OUTPUT, "b\n3\n"),
    "an output that is absent": _without_output,
    "a record that is none": _with(RECORD, "{"),
    "other settings": _with_params(spec='spec:{"width":8}'),
    "other code": _with_params(code="code:2"),
    "another lock": _with_params(env="env:2"),
    "what Snakemake remembers": _remembered,
}


@pytest.mark.parametrize("case", NOT_RENEWED)
def test_nothing_else_is_given_another_time(job: PlannedJob, case: str) -> None:
    spoilt = NOT_RENEWED[case](job)
    existing = [name for name in MADE if Path(name).exists()]
    before = [Path(name).stat().st_mtime for name in existing]
    assert renew_forgotten([spoilt]) == []
    assert [Path(name).stat().st_mtime for name in existing] == before


CHANGED = {"a record that is none", "other settings", "other code", "another lock"}


@pytest.mark.parametrize("case", NOT_RENEWED)
def test_records_that_say_otherwise_than_the_rules_are_made_again(
    job: PlannedJob, case: str
) -> None:
    spoilt = _remembered(NOT_RENEWED[case](job))
    assert list(changed_jobs([spoilt], {})) == ([RECORD] if case in CHANGED else [])


@pytest.mark.parametrize("case", NOT_RENEWED)
def test_jobs_that_read_other_bytes_are_made_again(job: PlannedJob, case: str) -> None:
    spoilt = _remembered(NOT_RENEWED[case](job))
    read_others = {RECORD: [f"raw file {INPUT} changed"]}
    found = jobs_of_other_inputs([spoilt])
    assert found == (read_others if case == "an input of other bytes" else {})


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
