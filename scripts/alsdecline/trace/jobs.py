"""The way from a file back to the raw files, as the jobs' records tell it."""

from collections.abc import Iterable

from alsdecline.faults import DataError
from alsdecline.jobs.records import Record, hashes
from alsdecline.trace.answer import RecordedFile, TracedFile, TracedJob
from alsdecline.trace.results import TrialResults


def state_of(results: TrialResults, file: str, sha256: str | None) -> str:
    """Tell whether a file is what was recorded."""
    now = results.sha256(file)
    if now is None:
        return "absent"
    if sha256 is None:
        return "not recorded"
    return "unchanged" if now == sha256 else "changed since"


def jobs_behind(results: TrialResults, file: str) -> list[Record]:
    """Return the records of the jobs between a file and the raw files.

    Parameters
    ----------
    results : TrialResults
        With the records.
    file : str
        Relative to the trial's folder.

    Returns
    -------
    list of Record
        The job that made the file first; nothing where no record has it.
    """
    waiting, jobs = [file], {}
    while waiting:
        record = results.record_of(waiting.pop(0))
        if record is not None and record["job"] not in jobs:
            jobs[record["job"]] = record
            waiting += sorted(record["inputs"])
    return list(jobs.values())


def _recorded(
    results: TrialResults, sha256_of: Iterable[tuple[str, str]]
) -> list[RecordedFile]:
    return [
        {"file": file, "sha256": sha256, "state": state_of(results, file, sha256)}
        for file, sha256 in sha256_of
    ]


def raw_files_behind(results: TrialResults, jobs: list[Record]) -> list[RecordedFile]:
    """Return the inputs of jobs that no job made."""
    made = {file for record in results.records.values() for file in record["outputs"]}
    found = {
        file: sha256
        for record in jobs
        for file, sha256 in hashes(record["inputs"]).items()
        if file not in made
    }
    return _recorded(results, sorted(found.items()))


def _job(results: TrialResults, record: Record) -> TracedJob:
    """Return what a trace tells of one job; None for what its record lacks."""
    return {
        "job": record["job"],
        "rule": record.get("rule"),
        "wildcards": record.get("wildcards"),
        "raw": record.get("raw"),
        "environment": record.get("environment"),
        "seeds": record.get("seeds"),
        "gates": record.get("gates"),
        "versions": record.get("versions"),
        "code": record.get("code", {}).get("digest"),
        "settings": record.get("settings"),
        "inputs": hashes(record["inputs"]),
        "outputs": _recorded(results, hashes(record["outputs"]).items()),
    }


def trace_of_file(results: TrialResults, file: str, target: str) -> TracedFile:
    """Trace a file of results back to the raw files.

    Parameters
    ----------
    results : TrialResults
        With the records.
    file : str
        Relative to the trial's folder.
    target : str
        How it was asked for.

    Returns
    -------
    TracedFile

    Raises
    ------
    DataError
        If no record has the file.
    """
    jobs = jobs_behind(results, file)
    if not jobs:
        raise DataError(
            f"{file}: no record under results/records is of a job that made it; run "
            "snakemake, or name a file that it made"
        )
    output = jobs[0]["outputs"].get(file)  # none of a record, which names others
    recorded = output["sha256"] if output else None
    return {
        "kind": "file",
        "target": target,
        "file": file,
        "sha256": recorded,
        "state": state_of(results, file, recorded),
        "jobs": [_job(results, record) for record in jobs],
        "raw": raw_files_behind(results, jobs),
    }
