"""Settings, locks, records and events, and who reads them."""

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import strategies as st
from spoilt_content import spoilt_bytes, spoilt_json, spoilt_yaml

from alsdecline.audit.checks import (
    check_code,
    check_files,
    check_planned_jobs,
)
from alsdecline.audit.recorded_files import recorded
from alsdecline.changes.provenance import compare_code, compare_versions
from alsdecline.fits.planning import all_fits, primary_fit
from alsdecline.fits.priors import prior_effect_sd
from alsdecline.jobs.before_planning import load_settings
from alsdecline.jobs.events import read_event
from alsdecline.jobs.installed import locked_versions
from alsdecline.jobs.ledger import read_ledger
from alsdecline.jobs.locked_plan import held_lock, lock_plan
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.recorded_runs import open_run
from alsdecline.jobs.records import JobIdentity, file_digests, job_record
from alsdecline.jobs.rerun import changed_jobs, jobs_of_other_inputs
from alsdecline.project import LOCK, PROJECT, SCRIPTS
from alsdecline.settings.data_planning import data_plan, for_ingest
from alsdecline.settings.file import CONFIG, read_settings
from alsdecline.settings.plan_lock import LOCK as PLAN_LOCK
from alsdecline.settings.plan_lock import plan_of
from alsdecline.settings.plan_status import log_lines, plan_status
from alsdecline.simulation.plan import read_plan
from alsdecline.stable_files import json_text

RECORD = "results/records/job.json"
JOB = PlannedJob(
    name="job",
    record=RECORD,
    script="../scripts/gate.py",
    params={"code": "code:1", "spec": 'spec:{"width":7}', "env": "env:1"},
    inputs=["data/visits.csv"],
    outputs=["results/table.csv"],
    benchmark="results/benchmarks/job.tsv",
)


def lay_nothing_else(_: bytes) -> None:
    """Leave the trial as it is but for the file that is spoilt."""


@dataclasses.dataclass(frozen=True)
class Target:
    """A file that is spoilt, and who reads it.

    Attributes
    ----------
    file : str
        From the trial's folder, which is the working one.
    spoil : callable
        Makes a strategy of contents of the one that the file should have.
    read : callable
        Reads it, and uses what it says as a run or an audit would.
    lay : callable
        Puts into the trial, beside the file, what its content says.
    changes : bool
        Whether reading or laying changes the trial, which is put back before the next.
    examples : int
        Files of this kind before the next kind has its turn.
    """

    file: str
    spoil: Callable[[bytes], st.SearchStrategy[bytes]]
    read: Callable[[], object]
    lay: Callable[[bytes], object] = lay_nothing_else
    changes: bool = False
    examples: int = 100


def _settings() -> None:
    chosen = load_settings({}, Path())
    plan_of(chosen)
    for_ingest(data_plan(chosen)).model_dump(mode="json")
    primary_fit(chosen)
    for fit in all_fits(chosen):
        for outcome in fit.outcomes:
            prior_effect_sd(fit, outcome)


def _plan_lock() -> None:
    log_lines(plan_status(Path(), read_settings(CONFIG)))
    held_lock(Path())


def _record() -> None:
    changed_jobs([JOB], {"figures": {"width": 7}})
    jobs_of_other_inputs([JOB])
    known, _ = recorded(Path(), [JOB], read_ledger(Path()))
    check_files(Path(), known)
    check_code(PROJECT, known.records)
    check_planned_jobs([JOB], known.records, "", ())
    run = open_run(Path())
    compare_code(run, run)
    compare_versions(run, run)


FILES: Mapping[str, Target] = {
    "the configuration": Target(str(CONFIG), spoilt_yaml, _settings),
    "the lock of the plan": Target(str(PLAN_LOCK), spoilt_json, _plan_lock),
    "the lock of the packages": Target(
        "requirements.txt",
        spoilt_bytes,
        lambda: locked_versions(Path("requirements.txt")),
    ),
    "a record": Target(RECORD, spoilt_json, _record),
    "an event": Target(
        "event.json", spoilt_json, lambda: read_event(Path("event.json"))
    ),
    "the simulator's plan": Target(
        "simulation.yaml", spoilt_yaml, lambda: read_plan(Path("simulation.yaml"))
    ),
}


def make_files() -> None:
    """Write a trial with all of them into the working folder."""
    shutil.copy2(PROJECT / "config.yaml", CONFIG)
    shutil.copytree(PROJECT / "data", "data")
    shutil.copy2(PROJECT / "data/simulation.yaml", "simulation.yaml")
    Path("requirements.txt").write_bytes(LOCK.read_bytes()[:20_000] + b"\n")
    lock_plan(Path())
    Path("results/records").mkdir(parents=True)
    Path(JOB.outputs[0]).write_text("a\n1\n", encoding="utf-8")
    inputs, outputs = file_digests(JOB.inputs), file_digests(JOB.outputs)
    identity = JobIdentity("job", {})
    facts = {"seeds": {"a": 1}, "gates": {"a": "passed"}}
    record = job_record(
        identity, SCRIPTS / "gate.py", JOB.params, inputs, outputs, facts
    )
    Path(RECORD).write_text(json_text(record), encoding="utf-8")
    event = {"job": "job", "status": "done", "ended": "2026-01-01", "depends": {}}
    event |= {"inputs": {}, "outputs": {}, "timed": [], "id": "1"}
    Path("event.json").write_text(json_text(event), encoding="utf-8")
