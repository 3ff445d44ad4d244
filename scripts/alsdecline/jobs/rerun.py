"""What Snakemake does not see or has forgotten of jobs, told by their records.

It sees changed params only where it has metadata of all outputs, and changed inputs by
their times. With its metadata gone, or that of another run, it misses changes of code,
settings, raw data and lock. The records say more.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from alsdecline.jobs.events import Event
from alsdecline.jobs.ledger_reasons import FIRST
from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.record_reasons import (
    RECORD_GONE,
    absent_outputs,
    changed_inputs,
    present,
    reasons_to_run,
    record_of,
)
from alsdecline.jobs.records import Record, hashes


def held_record(job: PlannedJob) -> Record | None:
    """Return the record of a job, if it says of what the job depends on what is now."""
    record = record_of(job)
    return None if record is None or changed_dependencies(job, record) else record


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


def jobs_not_made(
    jobs: Iterable[PlannedJob], events: Mapping[str, Event]
) -> dict[str, list[str]]:
    """Return records of jobs that lack their record or an output.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.
    events : mapping
        When each job was done last, by its name; it lacks those that never were.

    Returns
    -------
    dict of str to list of str
        Why they must be made.
    """
    found = absent_results(jobs := list(jobs))
    for job in jobs:
        if not Path(job.record).is_file():
            found[job.record] = [RECORD_GONE if job.name in events else FIRST]
    return found


def jobs_of_other_inputs(
    jobs: Iterable[PlannedJob], made_again: Collection[str] = ()
) -> dict[str, list[str]]:
    """Return records of jobs that read other bytes than their inputs have now.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.
    made_again : collection of str
        Files whose bytes count for nothing, for they are made again.

    Returns
    -------
    dict of str to list of str
        Why, by the record, those must be made again, whatever the times of the files
        are. An input that is absent counts for nothing either.
    """
    sha256_of = present({}, None).sha256_of
    found = {}
    for job in jobs:
        record = held_record(job) if Path(job.record).is_file() else None
        then = hashes(record["inputs"]) if record else {}
        now = {f: None if f in made_again else sha256_of(f) for f in then}
        changed = changed_inputs(then, now)
        if changed:
            found[job.record] = changed
    return found
