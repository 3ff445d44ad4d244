"""Results held to their records, and records to the ledger, before a run is planned.

Snakemake takes what lies under an output's name for what the job wrote. A number that
was changed there by hand would go into all that follows, with a record for each. So
every output is hashed again before a run; what is not what its job wrote is made anew.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from alsdecline.jobs.events import EVENTS, Event, read_event
from alsdecline.jobs.file_hashes import sha256_now
from alsdecline.jobs.ledger import Chain
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.record_reasons import RECORD_GONE, record_of
from alsdecline.jobs.records import hashes

ALTERED_RECORD = "its record is not the one that the ledger tells of"
NO_LINE = "the ledger does not tell of its record"
MOST = 3
"""Files left over that are named one by one at a run."""


def last_events(folder: Path, chain: Chain) -> dict[str, Event]:
    """Return what is known of the last time that each job was done.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    chain : Chain
        Its ledger.

    Returns
    -------
    dict of str to dict
        By the job's name: its line, or the event that the ledger does not have yet,
        because a run is under way or was killed.
    """
    found = chain.last_of_jobs
    known = {str(line["id"]) for line in chain.lines if "id" in line}
    left = [read_event(path) for path in (folder / EVENTS).glob("*.json")]
    done = [event for event in left if event and event["status"] == "done"]
    for event in sorted(done, key=lambda event: str(event["ended"])):
        if event["id"] not in known:
            found[event["job"]] = event
    return found


def _records_of(event: Event) -> dict[str, str]:
    """Return the SHA-256 of the record that an event tells of, by its path."""
    record = event.get("record")
    return record if isinstance(record, dict) else {}


def altered_outputs(
    job: PlannedJob, event: Event | None, folder: Path = Path()
) -> list[str]:
    """Return the outputs of a job that are there and not what it wrote.

    Parameters
    ----------
    job : PlannedJob
        As the rules have it.
    event : dict or None
        When it was done last, of :func:`last_events`; None where that is not known,
        and its record alone tells what it wrote.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    list of str
        Paths from the trial's folder; none where the job has no record.
    """
    if not (folder / job.record).is_file():
        return []
    record = record_of(job, folder)
    wrote = dict(event["outputs"]) if event else {}
    if not wrote and record:
        wrote = hashes(record["outputs"])
    return [
        file
        for file in job.outputs
        if file in wrote and sha256_now(folder / file) not in {None, wrote[file]}
    ]


@dataclasses.dataclass(frozen=True)
class Altered:
    """A file of a job's that is not what the job left.

    Attributes
    ----------
    job : str
        The job's name.
    file : str
        An output, or its record.
    record : str
        Its record.
    reason : str
        Why the job must run again, as Snakemake's line about the job tells it.
    """

    job: str
    file: str
    record: str
    reason: str

    def __str__(self) -> str:
        """Return a line on the file, for people."""
        if self.file == self.record:
            return f"{self.file}: of {self.job}: {self.reason}"
        return f"{self.file}: is not what {self.job} wrote"


def altered_of(
    job: PlannedJob, event: Event | None, folder: Path = Path()
) -> list[Altered]:
    """Say what of a job's is not what it left.

    Parameters
    ----------
    job : PlannedJob
        As the rules have it.
    event : dict or None
        When it was done last, of :func:`last_events`.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    list of Altered
        None where the job has no record, and so is made again.
    """
    is_now = sha256_now(folder / job.record)
    if is_now is None:
        return []
    found = {
        file: f"output {file} is not what the job wrote"
        for file in altered_outputs(job, event, folder)
    }
    if event is None:
        found[job.record] = NO_LINE
    elif _records_of(event).get(job.record) != is_now:
        found[job.record] = ALTERED_RECORD
    return [Altered(job.name, f, job.record, reason) for f, reason in found.items()]


def altered_results(
    jobs: Iterable[PlannedJob], events: Mapping[str, Event]
) -> list[Altered]:
    """Say what of all jobs' is not what they left.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.
    events : mapping
        From :func:`last_events`.

    Returns
    -------
    list of Altered
    """
    return [a for job in jobs for a in altered_of(job, events.get(job.name))]


def results_without_record(jobs: Iterable[PlannedJob]) -> list[Altered]:
    """Say which results are there without the record of their job.

    Whoever changes a result may delete the record that would tell, and a run that is
    asked for what follows would not need it. A killed job leaves the same.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial in the working folder.

    Returns
    -------
    list of Altered
        One a job.
    """
    return [
        Altered(job.name, job.record, job.record, RECORD_GONE)
        for job in jobs
        if not Path(job.record).is_file()
        and any(Path(file).is_file() for file in job.outputs)
    ]


def reasons_by_record(altered: Iterable[Altered]) -> dict[str, list[str]]:
    """Return why jobs must run again, by their records."""
    found: dict[str, list[str]] = {}
    for one in altered:
        found.setdefault(one.record, []).append(one.reason)
    return found


def told_altered(altered: Sequence[Altered], made: Collection[str]) -> tuple[str, bool]:
    """Tell people what was altered, and whether a run would leave some of it.

    Parameters
    ----------
    altered : sequence of Altered
        From :func:`altered_results`.
    made : collection of str
        Names of the jobs that the run may do.

    Returns
    -------
    str
        A line each, and what to do where the run would leave some of it.
    bool
        Whether it would.
    """
    left = [one for one in altered if one.job not in made]
    lines = [str(one) if one in left else f"{one}; it is made again" for one in altered]
    if left:
        lines.append(
            "refused, for this run does not make all of that again: run `snakemake` "
            "without target and limits, or have it removed by `audit.py repair`"
        )
    return "\n".join(lines), bool(left)


def left_over(
    jobs: Iterable[PlannedJob], chain: Chain, folder: Path = Path()
) -> dict[str, str]:
    """Return files of results that jobs made and none makes any more.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Those that the rules plan.
    chain : Chain
        The ledger, which tells what jobs made.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    dict of str to str
        The job that made it last, by path from the trial's folder, sorted.
    """
    planned = {job.name: job for job in jobs}
    makes = {f for job in planned.values() for f in (*job.outputs, job.record)}
    made: dict[str, str] = {}
    for line in chain.lines:
        if line.get("event") == "job" and line.get("status") == "done":
            timed = [] if line["job"] in planned else line["timed"]
            for file in (*line["outputs"], *_records_of(line), *timed):
                made[str(file)] = line["job"]
    return {
        file: made[file]
        for file in sorted(made.keys() - makes)
        if _of_results(file) and (folder / file).is_file()
    }


def _of_results(file: str) -> bool:
    parts = PurePosixPath(file).parts
    return parts[:1] == ("results",) and ".." not in parts


def left_over_text(files: Mapping[str, str]) -> str:
    """Tell people at a run of files that :func:`left_over` returned."""
    names = list(files)
    more = f" and {len(names) - MOST} others" if len(names) > MOST else ""
    jobs = ", ".join(sorted({*files.values()}))
    return (
        f"left over, for the settings plan them no more: {', '.join(names[:MOST])}"
        f"{more} (of {jobs}); they are no part of these results: remove them, if "
        "nobody needs them; `audit.py verify` names each"
    )
