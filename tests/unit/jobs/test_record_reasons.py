"""What a record says otherwise than stands now is told, each kind in its words."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from alsdecline.digests import spec_param
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.record_reasons import (
    Present,
    absent_outputs,
    changed_code,
    changed_inputs,
    changed_lock,
    present,
    reasons_to_run,
)

MODULE = "scripts/alsdecline/fits/priors.py"
BDS = "results/data/bds/total.parquet"

JOB = PlannedJob(
    name="fit",
    record="results/records/fit.json",
    script="../scripts/fit.py",
    params={
        "code": "code:1",
        "spec": spec_param({"draws": 1000}),
        "raw": "raw:1",
        "env": "env:1",
    },
    inputs=["data/visits.csv", BDS],
    outputs=["results/fits/posterior.parquet"],
    benchmark="results/benchmarks/fit.tsv",
)

RECORD: dict[str, Any] = {
    "code": {"digest": "code:1", "files": {MODULE: {"sha256": "a", "meaning": "a"}}},
    "settings": {"draws": 1000},
    "raw": "raw:1",
    "environment": "env:1",
    "inputs": {file: {"sha256": "1"} for file in JOB.inputs},
    "outputs": {file: {"sha256": "1"} for file in JOB.outputs},
    "versions": {"numpy": "2.5.4", "scipy": "1.18.0"},
}

NOW = Present(
    configuration=({"sampler": {"draws": 1000}}, {"sampler": {"draws": 2000}}),
    raw_then={"raw:1": {"data/visits.csv": "1", "data/events.csv": "1"}},
    code_of=lambda _: {MODULE: {"sha256": "b", "meaning": "b"}},
    versions=lambda: {"numpy": "2.5.5", "scipy": "1.18.0"},
    sha256_of={"data/visits.csv": "2", "data/events.csv": "1", BDS: "1"}.get,
)


def with_params(**params: str) -> PlannedJob:
    return dataclasses.replace(JOB, params=JOB.params | params)


def test_a_record_that_holds_gives_no_reason() -> None:
    assert reasons_to_run(JOB, RECORD, NOW) == []


KINDS: dict[str, tuple[PlannedJob, list[str]]] = {
    "code": (with_params(code="code:2"), [f"code: {MODULE} changed"]),
    "a setting": (
        with_params(spec=spec_param({"draws": 2000})),
        ["setting sampler.draws: 1000 -> 2000"],
    ),
    "a raw file": (with_params(raw="raw:2"), ["raw file data/visits.csv changed"]),
    "the lock": (with_params(env="env:2"), ["the lock: numpy 2.5.4 -> 2.5.5"]),
    "an input more": (
        dataclasses.replace(JOB, inputs=[*JOB.inputs, "results/x"]),
        ["new input results/x"],
    ),
    "an input less": (
        dataclasses.replace(JOB, inputs=[BDS]),
        ["raw file data/visits.csv is no longer read"],
    ),
    "another output": (
        dataclasses.replace(JOB, outputs=["results/x"]),
        ["new output results/x", f"output {JOB.outputs[0]} is no longer made"],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_reason_has_its_words(kind: str) -> None:
    job, words = KINDS[kind]
    assert reasons_to_run(job, RECORD, NOW) == words


def test_several_reasons_are_all_told() -> None:
    job = with_params(code="code:2", env="env:2")
    assert reasons_to_run(job, RECORD, NOW) == [
        f"code: {MODULE} changed",
        "the lock: numpy 2.5.4 -> 2.5.5",
    ]


def test_a_file_that_is_no_record_is_told() -> None:
    assert "no record" in reasons_to_run(JOB, None, NOW)[0]


def test_raw_files_that_no_record_tells_apart_are_told_together() -> None:
    now = dataclasses.replace(NOW, raw_then={})
    assert reasons_to_run(with_params(raw="raw:2"), RECORD, now) == [
        "the raw files changed"
    ]


def test_raw_files_are_known_by_what_other_jobs_recorded(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/visits.csv").write_text("a\n1\n", encoding="utf-8")
    record = RECORD | {"inputs": {}}
    now = present({"report": record, "validate": RECORD}, {}, tmp_path)
    job = dataclasses.replace(with_params(raw="raw:2"), inputs=[])
    assert reasons_to_run(job, record, now) == ["raw file data/visits.csv changed"]


def test_settings_are_named_by_the_configuration_of_the_last_report() -> None:
    then, whole = {"influence": {"at_most": 40}}, {"influence": {"at_most": 30}}
    report = RECORD | {"settings": {"all": then}}
    now = present({"report": report}, whole)
    job = with_params(spec=spec_param({"leave_out": 30}))
    record = RECORD | {"settings": {"leave_out": 40}}
    assert reasons_to_run(job, record, now) == ["setting influence.at_most: 40 -> 30"]


def test_settings_that_differ_in_a_key_without_a_value_are_a_reason() -> None:
    job = with_params(spec=spec_param({"draws": 1000, "horizon": None}))
    assert reasons_to_run(job, RECORD, NOW) == ["settings changed"]


def test_files_of_code_are_told_by_what_they_mean() -> None:
    def file(sha256: str, meaning: str) -> dict[str, str]:
        return {"sha256": sha256, "meaning": meaning}

    then = {"a.py": file("1", "1"), "b.py": file("1", "1"), "page.css": {"sha256": "1"}}
    now = {"a.py": file("2", "1"), "c.py": file("1", "1"), "page.css": {"sha256": "2"}}
    assert changed_code(then, now) == [
        "code: page.css changed",
        "code: c.py added",
        "code: b.py no longer used",
    ]


def test_of_many_files_of_code_a_few_are_named() -> None:
    then, now = ({f"{n}.py": {"sha256": s} for n in range(9)} for s in "12")
    assert changed_code(then, now) == [
        "code: 0.py, 1.py, 2.py and 6 other files changed"
    ]


def test_code_that_no_file_tells_apart_is_told() -> None:
    assert changed_code({}, {}) == ["code changed"]


def test_a_lock_of_the_same_main_packages_is_told() -> None:
    assert changed_lock({"numpy": "2.5.4"}, {"numpy": "2.5.4"}) == "the lock changed"


def test_an_input_of_other_bytes_is_told_and_an_absent_one_is_not() -> None:
    then = {BDS: "1", "data/visits.csv": "1", "results/x": "1", "results/same": "1"}
    now = {BDS: "2", "data/visits.csv": "2", "results/x": None, "results/same": "1"}
    assert changed_inputs(then, now) == [
        "raw file data/visits.csv changed",
        f"input {BDS} changed",
    ]


def test_the_lock_of_the_plan_is_no_raw_file() -> None:
    lock = "analysis_plan.lock.json"
    assert changed_inputs({}, {lock: "1"}) == [f"new input {lock}"]


def test_an_output_that_is_gone_is_told(tmp_path: Path) -> None:
    assert absent_outputs(JOB, tmp_path) == [f"output {JOB.outputs[0]} is gone"]
