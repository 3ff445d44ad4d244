"""What records and ledger say of a trial's jobs, and which records do not hold."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.audit.findings import Finding
from alsdecline.digests import sha256_of_file
from alsdecline.jobs.ledger import HEAD, LEDGER, Chain
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.recorded_runs import COMPARISON
from alsdecline.jobs.records import Record, hashes, read_record


@dataclasses.dataclass(frozen=True)
class Recorded:
    """What the records and the ledger say of a trial's jobs.

    Attributes
    ----------
    records : dict of str to Record
        Records that can be trusted, by job.
    outputs, inputs : dict of str to str
        SHA-256 by path, of what jobs wrote and read. An input that several jobs read
        otherwise has the last one's.
    timed : dict of str to str
        SHA-256 of logs and benchmarks.
    files : set of str
        All files that jobs and the ledger account for.
    """

    records: dict[str, Record]
    outputs: dict[str, str]
    inputs: dict[str, str]
    timed: dict[str, str]
    files: set[str]

    def expect(self, outputs: Mapping[str, str], inputs: Mapping[str, str]) -> None:
        """Add the files that a job wrote and read, with their SHA-256."""
        self.outputs.update(outputs)
        self.inputs.update(inputs)


def _record_of(
    folder: Path, job: PlannedJob, line: Mapping[str, Any] | None, chain: Chain
) -> tuple[Record | None, str]:
    """Return a job's record, and what is wrong with it."""
    path = folder / job.record
    if not path.is_file():
        return None, f"is absent; `snakemake` makes {job.name} again"
    if not chain.faults:
        if line is None:
            return None, "the ledger has no line of this job; its tail was cut"
        if line.get("record", {}).get(job.record) != sha256_of_file(path):
            return None, "was changed after the job wrote it"
    try:
        return read_record(path), ""
    except ValueError:
        return None, "is no record of a job; it was changed after the job wrote it"


def recorded(
    folder: Path, jobs: Sequence[PlannedJob], chain: Chain
) -> tuple[Recorded, list[Finding]]:
    """Read what records and ledger say, trusting neither more than the other.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    jobs : sequence of PlannedJob
        Those that the workflow plans; none where the settings cannot be read.
    chain : Chain
        The ledger.

    Returns
    -------
    Recorded
        Where a record cannot be trusted, files are those of its line in the ledger.
    list of Finding
        Records that are absent or changed.
    """
    lines = chain.last_of_jobs
    known = Recorded({}, {}, {}, {}, {str(LEDGER), str(HEAD)})
    findings = []
    for job in jobs:
        line = lines.get(job.name)
        record, wrong = _record_of(folder, job, line, chain)
        known.files.update([job.record, *job.outputs])
        if record is None:
            # a release just made asks for a comparison that no run has made yet
            fails = job.name != COMPARISON or line is not None
            findings.append(Finding(job.record, wrong, fails))
            if line is not None:
                known.expect(line["outputs"], line["inputs"])
            continue
        known.records[job.name] = record
        if line is not None and not chain.faults:
            # others read records, and may have read that of an earlier run
            known.outputs.update(line.get("record", {}))
        known.expect(hashes(record["outputs"]), hashes(record["inputs"]))
    if not jobs and not chain.faults:
        # no job is planned where the settings cannot be read; the ledger alone tells
        for line in lines.values():
            known.expect(line["outputs"], line["inputs"])
    # what is planned no more is left over, its logs too
    names = {job.name for job in jobs} or lines.keys()
    for line in chain.lines:
        if line.get("event") == "job" and line["job"] in names:
            known.files.update(line["timed"])
            # an event has names alone, and a line that was forged may too
            if not chain.faults and isinstance(line["timed"], dict):
                known.timed.update(line["timed"])
    return known, findings
