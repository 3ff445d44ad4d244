"""The verb ``why``: why a job ran last, and whether it would run now.

Records, ledger, settings, code and files are asked, and not what Snakemake remembers.
"""

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from alsdecline.audit.answers import Followed, LastRun, WhyAnswer
from alsdecline.faults import DataError
from alsdecline.jobs.events import Event
from alsdecline.jobs.held_results import Altered, altered_of, last_events
from alsdecline.jobs.ledger import Chain
from alsdecline.jobs.ledger_reasons import FIRST
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.record_reasons import (
    RECORD_GONE,
    Present,
    absent_outputs,
    changed_inputs,
    is_raw,
    present,
    reasons_to_run,
    record_of,
)
from alsdecline.jobs.records import Record, hashes
from alsdecline.jobs.upstream import all_above, chains, makers

CHECKPOINT = "ingest"
"""The job after which all others are planned anew, by the bytes that it made."""

YES, NO, LATER = "yes", "no", f"after {CHECKPOINT}"
"""Whether a job would run; later where that depends on what the checkpoint makes."""


@dataclasses.dataclass(frozen=True)
class Standing:
    """The jobs of a trial, beside what stands now.

    Attributes
    ----------
    folder : Path
        The trial's folder.
    jobs : dict of str to PlannedJob
        Those that the workflow plans, by name.
    chain : Chain
        The ledger.
    configuration : object
        The present one, as JSON has it.
    """

    folder: Path
    jobs: Mapping[str, PlannedJob]
    chain: Chain
    configuration: Any

    @cached_property
    def _records(self) -> dict[str, Record | None]:
        """Of jobs that left a file there; None where it holds no record."""
        return {
            name: record_of(job, self.folder)
            for name, job in self.jobs.items()
            if (self.folder / job.record).is_file()
        }

    @cached_property
    def _now(self) -> Present:
        held = {name: record for name, record in self._records.items() if record}
        return present(held, self.configuration, self.folder)

    @cached_property
    def _events(self) -> dict[str, Event]:
        return last_events(self.folder, self.chain)

    @cached_property
    def _altered(self) -> dict[str, list[Altered]]:
        """Return what of each job's is not what it left."""
        return {
            name: altered_of(job, self._events.get(name), self.folder)
            for name, job in self.jobs.items()
        }

    @cached_property
    def _made_again(self) -> set[str]:
        return {one.file for altered in self._altered.values() for one in altered}

    def _read(self, file: str) -> str | None:
        """Return the SHA-256 of an input; None where it is made again anyway."""
        return None if file in self._made_again else self._now.sha256_of(file)

    @cached_property
    def _makers(self) -> dict[str, str]:
        return makers({n: [*j.outputs, j.record] for n, j in self.jobs.items()})

    def above(self, name: str) -> set[str]:
        """Return the jobs whose files a job reads."""
        inputs = self.jobs[name].inputs
        return {self._makers[file] for file in inputs if file in self._makers}

    @cached_property
    def _early(self) -> set[str]:
        """Jobs up to the checkpoint; later ones run only where bytes differ."""
        return all_above(CHECKPOINT, self.above)

    @cached_property
    def own_reasons(self) -> dict[str, list[str]]:
        """Why each job would run by itself."""
        return {name: self._own_reasons(job) for name, job in self.jobs.items()}

    def _own_reasons(self, job: PlannedJob) -> list[str]:
        if job.name not in self._records:
            return [_no_record(last_line(self.chain, job.name))]
        record = self._records[job.name]
        found = reasons_to_run(job, record, self._now)
        then = hashes(record["inputs"]) if record else {}
        read = {f: self._read(f) for f in then if f in job.inputs}
        found += changed_inputs({file: then[file] for file in read}, read)
        found += absent_outputs(job, self.folder)
        found += [one.reason for one in self._altered[job.name]]
        return list(dict.fromkeys(found))

    @cached_property
    def runs(self) -> dict[str, str]:
        """Whether each job would run: :data:`YES`, :data:`NO` or :data:`LATER`."""
        found: dict[str, str] = {}
        for name in self.jobs:
            self._decide(name, found)
        return found

    def _decide(self, name: str, found: dict[str, str]) -> str:
        if name not in found:
            above = {job: self._decide(job, found) for job in self.above(name)}
            if name not in self._early:
                late = {o: LATER for o in above.keys() & self._early if above[o] == YES}
                above |= late
            if self.own_reasons[name] or YES in above.values():
                found[name] = YES
            else:
                found[name] = LATER if LATER in above.values() else NO
        return found[name]

    def running_above(self, name: str) -> list[str]:
        """Return the jobs that a job would follow from."""
        return [job for job in self.above(name) if self.runs[job] != NO]


def last_line(chain: Chain, job: str) -> Event | None:
    """Return the last line of a job in a ledger, done or failed."""
    lines = (line for line in reversed(chain.lines) if line.get("event") == "job")
    return next((line for line in lines if line["job"] == job), None)


def _no_record(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return "no record: it never ran here"
    failed = line["status"] == "failed"
    return "no record: its last run failed" if failed else RECORD_GONE


def _follows(
    ways: Sequence[Sequence[str]], reasons: Mapping[str, Sequence[str]]
) -> list[Followed]:
    return [{"jobs": list(way), "causes": list(reasons[way[-1]])} for way in ways]


def _last_run(chain: Chain, job: str) -> LastRun | None:
    """Say when and why a job ran last, and which of the same run it followed."""
    line = last_line(chain, job)
    if line is None:
        return None
    same_run = {
        event["job"]: event
        for event in chain.lines
        if event.get("event") == "job" and event.get("run") == line.get("run")
    }
    made_by = makers(
        {n: [*e["outputs"], *(e.get("record") or {})] for n, e in same_run.items()}
    )

    def above(name: str) -> set[str]:
        return {made_by[file] for file in same_run[name]["inputs"] if file in made_by}

    reasons = {name: event.get("reason", []) for name, event in same_run.items()}
    first = reasons[job] == [FIRST]
    return {
        "utc": line["ended"],
        "seconds": line.get("seconds"),
        "status": line["status"],
        "message": line.get("message", ""),
        "reason": reasons[job],
        "follows": [] if first else _follows(chains(job, above), reasons),
    }


def _files(job: PlannedJob) -> list[str]:
    log = job.benchmark.replace("/benchmarks/", "/logs/", 1).removesuffix(".tsv")
    return [*job.outputs, job.record, job.benchmark, f"{log}.log"]


def asked_job(target: str, jobs: Mapping[str, PlannedJob], folder: Path) -> PlannedJob:
    """Return the job that a person names, or whose file.

    Parameters
    ----------
    target : str
        The name of a job, or the path of a file that one writes, from the trial's
        folder or from the working one.
    jobs : mapping of str to PlannedJob
        By name.
    folder : Path
        The trial's folder.

    Returns
    -------
    PlannedJob

    Raises
    ------
    DataError
        If there is none.
    """
    by_name = {file: job for job in jobs.values() for file in _files(job)} | {**jobs}
    path = Path(target).resolve()
    here = str(path.relative_to(folder)) if path.is_relative_to(folder) else ""
    asked = next((n for n in (target, str(Path(target)), here) if n in by_name), None)
    if asked is not None:
        return by_name[asked]
    for file in (str(Path(target)), here):
        readers = [job.name for job in jobs.values() if file in job.inputs]
        if readers and is_raw(file):
            raise DataError(
                f"{target}: a raw file, which no job makes; it is read by "
                f"{', '.join(readers)}"
            )
    near = difflib.get_close_matches(target, by_name, n=1)
    hint = f"did you mean {near[0]}?" if near else f"jobs are {', '.join(jobs)}"
    raise DataError(f"{target}: no job of this trial, and no file of one; {hint}")


def why(standing: Standing, target: str) -> WhyAnswer:
    """Say why a job ran last, and whether and why it would run now.

    Parameters
    ----------
    standing : Standing
        The trial's jobs, beside what stands now.
    target : str
        As :func:`asked_job` takes it.

    Returns
    -------
    WhyAnswer

    Raises
    ------
    DataError
        If there is no such job.
    """
    job = asked_job(target, standing.jobs, standing.folder)
    ways = chains(job.name, standing.running_above)
    return {
        "job": job.name,
        "last": _last_run(standing.chain, job.name),
        "runs": standing.runs[job.name],
        "causes": standing.own_reasons[job.name],
        "follows": _follows(ways, standing.own_reasons),
        "ledger_holds": not standing.chain.faults,
    }
