"""What Snakemake does not see or has forgotten of jobs, told by their records.

It sees changed params only where it has metadata of all outputs, and changed inputs by
their times. With its metadata gone, or that of another run, it misses changes of code,
settings, raw data and lock, and takes for out of date whatever was copied in another
order, or follows a job that ran again to the same bytes. The records say more.
"""

import base64
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.record_reasons import (
    absent_outputs,
    changed_inputs,
    present,
    reasons_to_run,
    record_of,
)
from alsdecline.jobs.records import FileDigest, Record, file_digest, hashes

METADATA = Path(".snakemake/metadata")


def _remembered(output: str) -> bool:
    """Tell whether Snakemake has metadata of a file, and so sees what changed."""
    name = base64.urlsafe_b64encode(output.encode()).decode()
    return (METADATA / name).is_file()


def _held_record(job: PlannedJob) -> Record | None:
    """Return the record of a job, if it says of what the job depends on what is now."""
    record = record_of(job)
    return None if record is None or changed_dependencies(job, record) else record


def _forgotten(jobs: Iterable[PlannedJob]) -> list[PlannedJob]:
    """Return those jobs that left a record and that Snakemake has forgotten."""
    return [
        job
        for job in jobs
        if Path(job.record).is_file() and not _remembered(job.record)
    ]


def changed_jobs(
    jobs: Iterable[PlannedJob], configuration: Any
) -> dict[str, list[str]]:
    """Return records that say otherwise than the rules do now.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.
    configuration : object
        Its whole configuration, as JSON has it.

    Returns
    -------
    dict of str to list of str
        Why, by the record, those must be made again, whether Snakemake sees it or not:
        of other code, settings, raw data or lock, or with other files to read and
        write.
    """
    recorded = [(job, record_of(job)) for job in jobs if Path(job.record).is_file()]
    now = present({j.name: record for j, record in recorded if record}, configuration)
    return {
        job.record: reasons_to_run(job, record, now)
        for job, record in recorded
        if record is None or changed_dependencies(job, record)
    }


def absent_results(jobs: Iterable[PlannedJob]) -> dict[str, list[str]]:
    """Say which results are gone, by the record of the job that made them.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.

    Returns
    -------
    dict of str to list of str
        Of jobs that left a record.
    """
    recorded = (job for job in jobs if Path(job.record).is_file())
    return {job.record: gone for job in recorded if (gone := absent_outputs(job))}


def jobs_of_other_inputs(jobs: Iterable[PlannedJob]) -> dict[str, list[str]]:
    """Return records of jobs that read other bytes than their inputs have now.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.

    Returns
    -------
    dict of str to list of str
        Why, by the record, those must be made again, whatever the times of the files
        are. An input that is absent counts for nothing, for it is made again.
    """
    sha256_of = present({}, None).sha256_of
    found = {}
    for job in jobs:
        record = _held_record(job) if Path(job.record).is_file() else None
        then = hashes(record["inputs"]) if record else {}
        changed = changed_inputs(then, {file: sha256_of(file) for file in then})
        if changed:
            found[job.record] = changed
    return found


def _made_by(job: PlannedJob) -> list[Path]:
    """Return the files of whose times Snakemake takes the oldest."""
    files = [Path(file) for file in (job.record, *job.outputs, job.benchmark)]
    return [file for file in files if file.is_file()]


def _out_of_date(job: PlannedJob) -> bool:
    """Tell whether what a job made is older than an input."""
    inputs = [p.stat().st_mtime_ns for p in map(Path, job.inputs) if p.is_file()]
    made = [path.stat().st_mtime_ns for path in _made_by(job)]
    return max(inputs, default=0) > min(made)


def _are_now(recorded: Mapping[str, FileDigest]) -> bool:
    """Tell whether files have the bytes that a record says."""
    return all(
        Path(file).is_file() and file_digest(Path(file)) == digest
        for file, digest in recorded.items()
    )


def renew_forgotten(jobs: Iterable[PlannedJob]) -> list[str]:
    """Give results the present time that only look out of date, and are forgotten.

    They are what their jobs would make again: code, settings, raw data, lock and the
    bytes of every input are those recorded, and so are the bytes of every output. No
    byte is changed.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.

    Returns
    -------
    list of str
        Names of the jobs whose outputs were given the present time.
    """
    renewed = []
    now = time.time_ns()  # one for all, so that none is older than another's output
    for job in filter(_out_of_date, _forgotten(jobs)):
        record = _held_record(job)
        if record and _are_now(record["inputs"]) and _are_now(record["outputs"]):
            for path in _made_by(job):
                os.utime(path, ns=(now, now))
            renewed.append(job.name)
    return renewed
