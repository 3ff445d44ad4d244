"""What a forged record or ledger names is neither read, nor deleted, nor believed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit import verify as module
from alsdecline.audit.verify import repair, repair_text, verify, verify_text
from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.jobs.events import EVENTS
from alsdecline.jobs.ledger import HEAD, append, chain_events, read_ledger
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.recorded_runs import open_run
from alsdecline.settings.plan_lock import LOCK, read_lock
from alsdecline.trace.value import trace
from support.audit_command import audit
from support.trial_folder import PROJECT, copy_bundled_trial

RECORD = "results/records/gate.json"
JOB = PlannedJob("gate", RECORD, "../scripts/gate.py", {}, [], [], "")


def event(**parts: Any) -> dict[str, Any]:
    """Make the event of a job that was done."""
    of_job = {"event": "job", "status": "done", "job": "gate", "ended": ""}
    kinds = ("depends", "inputs", "outputs", "timed", "record")
    return of_job | {kind: {} for kind in kinds} | parts


def record(**parts: Any) -> dict[str, Any]:
    """Make a record that names no file."""
    return {
        "format": 1,
        "job": "gate",
        "environment": "env:1",
        "settings": None,
        "raw": None,
        "code": {"digest": "code:1", "files": {}},
        "inputs": {},
        "outputs": {},
        "seeds": {},
        "gates": {},
    } | parts


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "jobs_of_trial", lambda *_: [JOB])
    monkeypatch.setattr(module, "check_planned_jobs", lambda *_: [])
    (tmp_path / "victim.txt").write_text("precious", encoding="utf-8")
    return copy_bundled_trial(tmp_path / "trial")


def forge(trial: Path, forged: dict[str, Any]) -> None:
    """Leave a record with all that makes it believed."""
    path = trial / RECORD
    append(trial, [event()])  # for a record without a ledger is of one that was lost
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(forged), encoding="utf-8")
    append(trial, [event(record={RECORD: sha256_of_file(path)})])


NAMES = ["results/../../victim.txt", "../victim.txt", "{trial}/../victim.txt"]


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
@pytest.mark.parametrize("name", NAMES)
def test_repair_deletes_nothing_outside_of_the_trial(
    name: str, kind: str, trial: Path
) -> None:
    name = name.format(trial=trial)
    forge(trial, record(**{kind: {name: {"sha256": "0", "size": 1}}}))
    repair(PROJECT, trial)
    assert (trial / "../victim.txt").read_text(encoding="utf-8") == "precious"


def test_repair_goes_by_no_link_out_of_the_trial(trial: Path) -> None:
    (trial / "results").mkdir()
    (trial / "results/tables").symlink_to("../..")
    forge(
        trial,
        record(outputs={"results/tables/victim.txt": {"sha256": "0", "size": 1}}),
    )
    found = verify(PROJECT, trial)
    assert "results/tables" in [f["path"] for f in found["findings"] if f["failure"]]
    result = repair(PROJECT, trial)
    assert (trial / "../victim.txt").read_text(encoding="utf-8") == "precious"
    assert "results/tables" in result["removed"]
    assert not (trial / "results/tables").is_symlink()


def test_a_record_of_files_outside_is_no_record(trial: Path) -> None:
    forge(trial, record(inputs={"../victim.txt": {"sha256": "0", "size": 1}}))
    (finding,) = [f for f in verify(PROJECT, trial)["findings"] if f["path"] == RECORD]
    assert finding["failure"]
    assert finding["message"].startswith("is no record of a job")


@pytest.mark.parametrize("kind", ["inputs", "outputs", "timed"])
def test_a_line_of_the_ledger_of_files_outside_is_a_fault(
    kind: str, trial: Path
) -> None:
    append(trial, [event(**{kind: {"../victim.txt": "0"}})])
    assert read_ledger(trial).faults == [
        "results/ledger/ledger.jsonl, line 1: lacks what a job's line has"
    ]


def test_a_line_of_a_job_without_its_record_accounts_for_none(trial: Path) -> None:
    forge(trial, record())
    append(trial, [{k: v for k, v in event().items() if k != "record"}])
    (finding,) = verify(PROJECT, trial)["findings"]
    assert finding["path"] == RECORD
    assert finding["message"] == "was changed after the job wrote it"


def test_a_line_with_names_of_logs_alone_accounts_for_them(trial: Path) -> None:
    log = trial / "results/logs/gate.log"
    log.parent.mkdir(parents=True)
    log.write_text("ok\n", encoding="utf-8")
    append(trial, [event(timed=["results/logs/gate.log"])])
    found = verify(PROJECT, trial)["findings"]
    assert [finding["path"] for finding in found] == [RECORD]  # which is absent


@pytest.mark.parametrize("files", [None, 1, ["config.yaml"]])
def test_a_run_that_lacks_what_readers_look_for_stops_nothing(
    files: object, trial: Path
) -> None:
    forge(trial, record())
    append(trial, [{"event": "run", "status": "started", "time": 1, "files": files}])
    locks = trial / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.input.lock").touch()
    (finding,) = verify(PROJECT, trial)["findings"]
    assert finding["message"].startswith("a run is under way")


def test_an_event_of_files_outside_is_not_entered(trial: Path) -> None:
    path = trial / EVENTS / "forged.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(event(timed=["../victim.txt"])), encoding="utf-8")
    chain_events(trial)
    assert read_ledger(trial).lines == []


def test_names_of_files_cannot_forge_lines_or_steer_a_terminal(trial: Path) -> None:
    strange = trial / "results/a\nverified: 99 jobs\x1b[2J\x9b1m.txt"
    strange.parent.mkdir()
    strange.write_text("", encoding="utf-8")
    for text in (
        verify_text(verify(PROJECT, trial)),
        repair_text(repair(PROJECT, trial)),
    ):
        (line,) = [line for line in text.split("\n") if "99 jobs" in line]
        assert r"results/a\nverified: 99 jobs\x1b[2J\x9b1m.txt" in line
        assert all(c.isprintable() for c in line)
    assert not strange.exists()


@pytest.mark.parametrize("raw", [[], {}, 1])
def test_a_record_whose_digest_of_raw_files_is_no_text_is_none(
    raw: object, trial: Path
) -> None:
    forge(trial, record(raw=raw))
    assert [f["path"] for f in verify(PROJECT, trial)["findings"]] == [RECORD]


@pytest.mark.parametrize("head", ['{"lines": 1e999}', '{"lines": "\\udc80"}', "[1]"])
def test_what_is_no_head_of_a_ledger_is_a_fault(head: str, trial: Path) -> None:
    append(trial, [event()])
    (trial / HEAD).write_text(head, encoding="utf-8")
    assert read_ledger(trial).faults == [f"{HEAD}: is no head of a ledger"]


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "7", '{"job": 1}', "\xff"])
def test_what_is_no_record_is_told_in_a_line_by_every_verb(
    content: str, trial: Path
) -> None:
    path = trial / RECORD
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="latin-1")
    named = [f["path"] for f in verify(PROJECT, trial)["findings"] if f["failure"]]
    assert RECORD in named
    with pytest.raises(DataError, match="is no record of a job"):
        trace(trial, RECORD)


def test_a_pipe_is_waited_for_by_no_verb(trial: Path) -> None:
    forge(trial, record())
    os.mkfifo(trial / LOCK)
    with pytest.raises(DataError, match="not a lock of an analysis plan"):
        read_lock(trial)
    table = trial / "results/tables/pipe.csv"
    table.parent.mkdir()
    os.mkfifo(table)
    with pytest.raises(DataError, match="no such result table"):
        trace(trial, "results/tables/pipe.csv:2:estimate")
    os.mkfifo(trial / "results/records/pipe.json")
    with pytest.raises(DataError, match="is no record of a job"):
        trace(trial, RECORD)
    (trial / RECORD).unlink()  # which lacks what a comparison uses
    with pytest.raises(DataError, match="not a JSON object"):
        open_run(trial)


@pytest.mark.parametrize("name", ["results/logs", "results/benchmarks"])
def test_what_stands_for_the_folder_of_logs_is_removed(name: str, trial: Path) -> None:
    forge(trial, record())
    (trial / name).symlink_to("nowhere")
    assert repair(PROJECT, trial) == {"removed": [name], "left": []}
    assert not (trial / name).is_symlink()


def test_what_the_machine_refuses_is_told_in_a_line(trial: Path) -> None:
    (trial / "results").mkdir()
    (trial / "results/ledger").touch()
    done = audit(trial, "lock")
    assert done.returncode == 2
    assert done.stderr == f"{trial / 'results/ledger'}: File exists\n"


def test_a_record_of_files_within_holds(trial: Path) -> None:
    forge(trial, record())
    assert verify(PROJECT, trial)["verified"]
