"""Why a job ran last and would run now: by itself, after others, or after ingest."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit.answers import LastRun
from alsdecline.audit.why import LATER, NO, YES, Standing, asked_job, why
from alsdecline.audit.why_text import why_text
from alsdecline.digests import spec_param
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import append, read_ledger
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.records import FORMAT, file_digest
from alsdecline.jobs.upstream import chains

RAW = "data/visits.csv"
READS = {
    "ingest": [RAW],
    "fit/limb": ["results/ingest.out"],
    "gate": ["results/fit/limb.out"],
    "figure": ["results/gate.out"],
    "design": [RAW],
}
"""A small trial: what each job reads; each makes one file."""

DONE = "2026-01-01T00:00:00.000Z"


def planned(name: str, **params: str) -> PlannedJob:
    return PlannedJob(
        name=name,
        record=f"results/records/{name}.json",
        script="../scripts/gate.py",
        params={"code": "code:1", "spec": spec_param({"a": 1}), "env": "env:1"}
        | params,
        inputs=READS[name],
        outputs=[f"results/{name}.out"],
        benchmark=f"results/benchmarks/{name}.tsv",
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def line(job: PlannedJob, folder: Path, **more: Any) -> dict[str, Any]:
    inputs = {file: file_digest(folder / file)["sha256"] for file in job.inputs}
    recorded = [job.record] if (folder / job.record).is_file() else []
    return {
        "event": "job",
        "status": "done",
        "job": job.name,
        "run": "1",
        "ended": DONE,
        "seconds": 1.5,
        "depends": {},
        "inputs": inputs,
        "outputs": {file: file_digest(folder / file)["sha256"] for file in job.outputs},
        "record": {f: file_digest(folder / f)["sha256"] for f in recorded},
        "timed": [],
        "reason": ["first run"],
        **more,
    }


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Make the results, records and ledger of a whole run."""
    write(tmp_path / RAW, "a\n1\n")
    for name in READS:
        job = planned(name)
        for file in job.outputs:
            write(tmp_path / file, name)
        record = {
            "format": FORMAT,
            "job": name,
            "code": {"digest": "code:1", "files": {}},
            "settings": {"a": 1},
            "raw": None,
            "environment": "env:1",
            "inputs": {file: file_digest(tmp_path / file) for file in job.inputs},
            "outputs": {file: file_digest(tmp_path / file) for file in job.outputs},
            "seeds": {},
            "gates": {},
            "versions": {},
        }
        write(tmp_path / job.record, json.dumps(record))
        append(tmp_path, [line(job, tmp_path)])
    return tmp_path


def standing(
    trial: Path, changed: Mapping[str, Mapping[str, str]] | None = None
) -> Standing:
    jobs = {name: planned(name, **(changed or {}).get(name, {})) for name in READS}
    return Standing(trial, jobs, read_ledger(trial), {"a": 1})


OTHER = {"spec": spec_param({"a": 2})}


def test_nothing_runs_where_nothing_changed(trial: Path) -> None:
    assert set(standing(trial).runs.values()) == {NO}
    assert "would not run now" in why_text(why(standing(trial), "gate"))


def test_a_changed_setting_runs_its_job_and_what_follows_and_no_other(
    trial: Path,
) -> None:
    runs = standing(trial, {"fit/limb": OTHER}).runs
    assert [name for name, run in runs.items() if run == YES] == [
        "fit/limb",
        "gate",
        "figure",
    ]
    assert LATER not in runs.values()


def test_a_job_that_follows_is_told_with_the_way_to_the_reason(trial: Path) -> None:
    result = why(standing(trial, {"fit/limb": OTHER}), "figure")
    assert result["causes"] == []
    (follows,) = result["follows"]
    assert follows["jobs"] == ["gate", "fit/limb"]
    assert follows["causes"] == ["setting a (as the job takes it): 1 -> 2"]
    assert (
        "follows from gate, which follows from fit/limb: setting a (as the job takes "
        "it): 1 -> 2"
    ) in why_text(result)


def test_what_comes_after_ingest_waits_for_its_bytes(trial: Path) -> None:
    write(trial / RAW, "a\n2\n")
    asked = standing(trial)
    assert asked.runs == {
        "ingest": YES,
        "fit/limb": LATER,
        "gate": LATER,
        "figure": LATER,
        "design": YES,
    }
    text = why_text(why(asked, "fit/limb"))
    assert "only if ingest makes what it reads otherwise" in text
    assert f"follows from ingest: raw file {RAW} changed" in text


def test_an_input_of_other_bytes_is_a_reason(trial: Path) -> None:
    write(trial / RAW, "other")
    result = why(standing(trial), "design")
    assert result["causes"] == [f"raw file {RAW} changed"]
    assert result["runs"] == YES


def test_an_output_that_is_gone_is_a_reason(trial: Path) -> None:
    (trial / "results/gate.out").unlink()
    assert why(standing(trial), "gate")["causes"] == ["output results/gate.out is gone"]


def test_an_output_of_other_bytes_is_a_reason_to_make_it_again(trial: Path) -> None:
    write(trial / "results/fit/limb.out", "other")
    words = "output results/fit/limb.out is not what the job wrote"
    assert why(standing(trial), "fit/limb")["causes"] == [words]
    # what reads it follows, and has no reason of its own
    result = why(standing(trial), "gate")
    assert result["causes"] == []
    assert result["follows"] == [{"jobs": ["fit/limb"], "causes": [words]}]


def test_a_record_that_the_ledger_does_not_have_is_a_reason(trial: Path) -> None:
    path = trial / planned("gate").record
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    assert why(standing(trial), "gate")["causes"] == [
        "its record is not the one that the ledger tells of"
    ]


def test_a_job_without_a_record_is_told_by_what_the_ledger_has(trial: Path) -> None:
    (trial / planned("gate").record).unlink()
    assert why(standing(trial), "gate")["causes"] == ["its record is gone"]
    append(trial, [line(planned("gate"), trial, status="failed", message="r_hat\n1.2")])
    result = why(standing(trial), "gate")
    assert result["causes"] == ["no record: its last run failed"]
    text = why_text(result)
    assert f"ran last {DONE} (failed):" in text
    assert "    it failed: r_hat 1.2\n" in text
    (trial / "results/ledger/ledger.jsonl").unlink()
    (trial / "results/ledger/head.json").unlink()
    result = why(standing(trial), "gate")
    assert result["causes"] == ["no record: it never ran here"]
    assert "never ran" in why_text(result)


def test_the_last_run_is_told_with_the_jobs_that_it_followed(trial: Path) -> None:
    words = ["setting a: 1 -> 2"]
    lines = [
        line(planned("fit/limb"), trial, run="2", reason=words),
        line(planned("gate"), trial, run="2", reason=["input x changed"]),
    ]
    append(trial, lines)
    last = why(standing(trial), "gate")["last"]
    assert last["reason"] == ["input x changed"]
    assert last["follows"] == [{"jobs": ["fit/limb"], "causes": words}]


def test_a_ledger_that_does_not_hold_is_told(trial: Path) -> None:
    path = trial / "results/ledger/ledger.jsonl"
    path.write_text(path.read_text("utf-8").replace("first", "other"), "utf-8")
    assert "audit.py verify" in why_text(why(standing(trial), "gate"))


@pytest.mark.parametrize(
    "target",
    [
        "fit/limb",
        "results/fit/limb.out",
        "./results/fit/limb.out",
        "results/records/fit/limb.json",
        "results/logs/fit/limb.log",
        "results/benchmarks/fit/limb.tsv",
    ],
)
def test_a_job_is_named_by_itself_or_by_any_of_its_files(
    trial: Path, target: str
) -> None:
    assert asked_job(target, standing(trial).jobs, trial).name == "fit/limb"


def test_a_file_is_named_from_the_working_folder_too(
    trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trial / "results/fit")
    assert asked_job("limb.out", standing(trial).jobs, trial).name == "fit/limb"


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("fit/limp", "did you mean fit/limb?"),
        ("?", "jobs are ingest, fit/limb, gate"),
        (RAW, "a raw file, which no job makes; it is read by ingest, design"),
    ],
)
def test_what_no_job_makes_is_refused_in_a_line(
    trial: Path, target: str, says: str
) -> None:
    with pytest.raises(DataError) as error:
        asked_job(target, standing(trial).jobs, trial)
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_way_leads_to_each_that_follows_from_no_other_and_is_the_shortest() -> None:
    above = {"d": ["c", "b"], "c": ["b", "e"], "b": ["a"], "a": [], "e": []}
    assert chains("d", lambda name: above[name]) == [["b", "a"], ["c", "e"]]
    assert chains("a", lambda name: above[name]) == []


def test_what_a_ledger_says_cannot_forge_a_line_or_steer_a_terminal() -> None:
    last: LastRun = {
        "utc": "2026-01-01",
        "seconds": 1.0,
        "status": "done",
        "message": "",
        "reason": ["raw file a\nb\x1b[2J.csv changed"],
        "follows": [],
    }
    told = why_text(
        {
            "job": "gate",
            "last": last,
            "runs": NO,
            "causes": [],
            "follows": [],
            "ledger_holds": True,
        }
    )
    assert r"    raw file a\nb\x1b[2J.csv changed" in told.split("\n")
