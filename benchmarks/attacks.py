"""Attack the readers of what others may have edited: settings, locks, records.

Run by ``make attacks``, or ``python benchmarks/attacks.py --minutes 10 --seed 1``. Each
file of a trial is spoilt in turn, at random but by the seed, and read as a run or an
audit reads it. Any exception but those that are told without traceback, any writing
outside the trial's folder, any program started and any reading of more than
:data:`guarded.LONGEST` seconds is a failure. Of those that come up in one place the one
of the smallest file is told, and kept with its content in ``benchmarks/attacks.json``.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))
sys.dont_write_bytecode = True  # nothing is written beside what is attacked

from guarded import Guard  # noqa: E402, both from here
from spoilt_content import spoilt_bytes, spoilt_json, spoilt_yaml  # noqa: E402

from alsdecline.audit.checks import (  # noqa: E402
    check_code,
    check_files,
    check_planned_jobs,
)
from alsdecline.audit.recorded_files import recorded  # noqa: E402
from alsdecline.changes.provenance import compare_code, compare_versions  # noqa: E402
from alsdecline.faults import DataError  # noqa: E402
from alsdecline.fits.planning import all_fits, primary_fit  # noqa: E402
from alsdecline.fits.priors import prior_effect_sd  # noqa: E402
from alsdecline.jobs.before_planning import load_settings  # noqa: E402
from alsdecline.jobs.installed import locked_versions  # noqa: E402
from alsdecline.jobs.ledger import read_event, read_ledger  # noqa: E402
from alsdecline.jobs.planned import PlannedJob  # noqa: E402
from alsdecline.jobs.recorded_runs import open_run  # noqa: E402
from alsdecline.jobs.records import JobIdentity, file_digests, job_record  # noqa: E402
from alsdecline.jobs.rerun import changed_jobs, jobs_of_other_inputs  # noqa: E402
from alsdecline.project import LOCK, SCRIPTS  # noqa: E402
from alsdecline.settings.data_planning import data_plan, for_ingest  # noqa: E402
from alsdecline.settings.file import CONFIG, SettingsError, read_settings  # noqa: E402
from alsdecline.settings.plan_lock import LOCK as PLAN_LOCK  # noqa: E402
from alsdecline.settings.plan_lock import lock_plan, plan_of  # noqa: E402
from alsdecline.settings.plan_status import log_lines, plan_status  # noqa: E402
from alsdecline.simulation.plan import SimulationPlanError, read_plan  # noqa: E402
from alsdecline.stable_files import json_text  # noqa: E402

RESULT = PROJECT / "benchmarks" / "attacks.json"
EXAMPLES = 100
"""Files of one kind before the next kind has its turn."""

TOLD = (SettingsError, DataError, SimulationPlanError)
"""What users are told without a traceback."""

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
    """

    file: str
    spoil: Callable[[bytes], st.SearchStrategy[bytes]]
    read: Callable[[], object]


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


TARGETS = {
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


def make_trial() -> None:
    """Write a trial with all that is attacked into the working folder."""
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
    event |= {"inputs": {}, "outputs": {}, "timed": []}
    Path("event.json").write_text(json_text(event), encoding="utf-8")


def _place_of(error: BaseException) -> str:
    """Name the error and the innermost place of the library where it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "alsdecline" in f.filename and __file__ != f.filename]
    at = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"


@dataclasses.dataclass
class Attack:
    """Spoils one target until it fails, or often enough.

    Attributes
    ----------
    name : str
        Of the target.
    guard : Guard
        Of the trial.
    tried : int
        How many files were read.
    failures : dict of str to dict
        What was found, by where it came up.
    """

    name: str
    guard: Guard
    tried: int = 0
    failures: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)

    def _read(self, content: bytes) -> None:
        target = TARGETS[self.name]
        Path(target.file).write_bytes(content)
        self.tried += 1
        try:
            with self.guard, contextlib.suppress(*TOLD):
                target.read()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            place = _place_of(error)
            known = self.failures.get(place)
            if known is None or len(content) < len(known["content"]):
                told = {"error": str(error)[:300], "content": content.decode("latin-1")}
                self.failures[place] = {"target": self.name, "place": place, **told}

    def run(self, number: int) -> None:
        """Read some spoilt files; each number has its own."""
        target = TARGETS[self.name]
        good = Path(target.file).read_bytes()
        profile = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(number)(profile(given(target.spoil(good))(self._read)))()
        finally:
            Path(target.file).write_bytes(good)


def main() -> None:
    """Attack until the time is over; exit with 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=TARGETS, action="append")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name).resolve() / "trial"
        trial.mkdir()
        os.chdir(trial)
        make_trial()
        guard = Guard(trial)
        attacks = [Attack(target, guard) for target in asked.target or TARGETS]
        number, end = asked.seed * 1_000_000, time.monotonic() + 60 * asked.minutes
        while True:
            for attack in attacks:
                attack.run(number)
            number += 1
            if time.monotonic() >= end:
                break
        os.chdir(PROJECT)
    found = [failure for attack in attacks for failure in attack.failures.values()]
    RESULT.write_text(json.dumps(found, indent=1), encoding="utf-8")
    for attack in attacks:
        print(f"{attack.name}: {attack.tried} files, {len(attack.failures)} failures")
    for failure in found:
        print(f"{failure['target']}: {failure['place']}: {failure['error']}")
        print(f"  {failure['content'][:200]!r}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
