"""Results whose times mislead: of the future, or of an order that says nothing.

Snakemake takes a result for out of date where an input is younger. A clock that was
ahead leaves results that are younger than all that is made of them later, and results
that were copied, or follow a job that ran again to the same bytes, look out of date
where Snakemake has forgotten what they were made of. No byte is changed here, and raw
files keep their times.
"""

import base64
import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from alsdecline.jobs.file_hashes import sha256_now
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.records import hashes
from alsdecline.jobs.rerun import held_record

METADATA = Path(".snakemake/metadata")


def _forgotten(job: PlannedJob) -> bool:
    """Tell whether a job left a record of which Snakemake has no metadata."""
    name = base64.urlsafe_b64encode(job.record.encode()).decode()
    return Path(job.record).is_file() and not (METADATA / name).is_file()


def _made_by(job: PlannedJob) -> list[str]:
    """Return the files of whose times Snakemake takes the oldest."""
    files = (job.record, *job.outputs, job.benchmark)
    return [file for file in files if Path(file).is_file()]


def _read_by(job: PlannedJob) -> list[str]:
    """Return the inputs of which the time counts: not raw files, nor the lock."""
    return [f for f in job.inputs if f.startswith("results/") and Path(f).is_file()]


def _out_of_date(job: PlannedJob, renewed: Collection[str], now: int) -> bool:
    """Tell whether what a job made would be older than an input, others renewed."""

    def time_of(file: str) -> int:
        return now if file in renewed else Path(file).stat().st_mtime_ns

    made = [time_of(file) for file in _made_by(job)]
    read = [time_of(file) for file in _read_by(job)]
    return max(read, default=0) > min(made, default=now)


def _holds(job: PlannedJob) -> bool:
    """Tell whether a job would make again what it made."""
    record = held_record(job) if Path(job.record).is_file() else None
    return record is not None and all(
        sha256_now(Path(file)) == sha256
        for files in (record["inputs"], record["outputs"])
        for file, sha256 in hashes(files).items()
    )


def results_of_future(jobs: Iterable[PlannedJob], now: int) -> list[str]:
    """Return what jobs made that is dated later than now.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.
    now : int
        Nanoseconds since the epoch.

    Returns
    -------
    list of str
        Paths from the trial's folder.
    """
    made = (file for job in jobs for file in _made_by(job))
    return [file for file in made if Path(file).stat().st_mtime_ns > now]


def ahead_text(files: Sequence[str]) -> str:
    """Tell people at a run of what :func:`results_of_future` returned."""
    more = len(files) - 1
    others = f" and {more} other result{'s' * (more > 1)}" if more else ""
    return (
        f"{files[0]}{others}: dated in the future, for a clock was or is wrong; taken "
        "for made now"
    )


def misdated_results(jobs: Sequence[PlannedJob], now: int) -> list[str]:
    """Return results that need the present time, so that nothing is redone for theirs.

    Those of the future; and those that only look out of date, of jobs that Snakemake
    has forgotten or, where there are any of the future, of all jobs. They are what
    their jobs would make again: code, settings, raw data, lock and the bytes of every
    input are those recorded, and so are the bytes of every output.

    Parameters
    ----------
    jobs : sequence of PlannedJob
        Of the trial in the working folder.
    now : int
        Nanoseconds since the epoch: one moment for all, so that none is older than
        another's output.

    Returns
    -------
    list of str
        Paths from the trial's folder, sorted.
    """
    renewed = set(results_of_future(jobs, now))
    waiting = [job for job in jobs if renewed or _forgotten(job)]
    while True:
        found = [
            job for job in waiting if _out_of_date(job, renewed, now) and _holds(job)
        ]
        if not found:
            return sorted(renewed)
        # what follows from these may look out of date now
        renewed.update(file for job in found for file in _made_by(job))
        waiting = [job for job in waiting if job not in found]


def give_time(files: Iterable[str], moment: int) -> None:
    """Give files a time.

    Parameters
    ----------
    files : iterable of str
        Paths from the working folder.
    moment : int
        Nanoseconds since the epoch.
    """
    for file in files:
        os.utime(file, ns=(moment, moment))
