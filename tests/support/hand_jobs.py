"""Jobs of a few files, written by hand in the working folder, as runs leave them."""

import json
from collections.abc import Sequence
from pathlib import Path

from alsdecline.jobs.events import Event
from alsdecline.jobs.ledger import append
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.records import FORMAT, file_digest, file_digests, hashes

DONE = "2026-01-01T00:00:00.000Z"


def write(name: str, text: str) -> None:
    """Write a file of the working folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def hand_job(name: str, inputs: Sequence[str], outputs: Sequence[str]) -> PlannedJob:
    """Return a job as the rules would have it."""
    return PlannedJob(
        name=name,
        record=f"results/records/{name}.json",
        script="../scripts/gate.py",
        params={"code": "code:1", "spec": 'spec:{"width":7}', "env": "env:1"},
        inputs=sorted(inputs),
        outputs=sorted(outputs),
        benchmark=f"results/benchmarks/{name}.tsv",
    )


def record_text(job: PlannedJob) -> str:
    """Return the record of a job of the files that are there now."""
    return json.dumps(
        {
            "format": FORMAT,
            "job": job.name,
            "code": {"digest": "code:1", "files": {}},
            "settings": {"width": 7},
            "raw": None,
            "environment": "env:1",
            "inputs": file_digests(job.inputs),
            "outputs": file_digests(job.outputs),
            "seeds": {},
            "gates": {},
            "versions": {},
        }
    )


def done_event(job: PlannedJob) -> Event:
    """Return the event that a job was done, of the files that are there now."""
    return {
        "event": "job",
        "status": "done",
        "job": job.name,
        "run": "1",
        "ended": DONE,
        "seconds": 1.5,
        "depends": {},
        "inputs": hashes(file_digests(job.inputs)),
        "outputs": hashes(file_digests(job.outputs)),
        "record": {job.record: file_digest(Path(job.record))["sha256"]},
        "timed": {job.benchmark: ""},
    }


def do_by_hand(job: PlannedJob, ledger: bool = True) -> PlannedJob:
    """Write what a job makes: outputs, each its own name, record, and its line."""
    for file in (*job.outputs, job.benchmark):
        write(file, file)
    write(job.record, record_text(job))
    if ledger:
        append(Path(), [done_event(job)])
    return job
