"""The way from a file back to the raw files, as the jobs' records tell it."""

from typing import Any

from alsdecline.faults import DataError
from alsdecline.jobs.records import Record
from alsdecline.trace.results import TrialResults

_TOLD = ("rule", "wildcards", "raw", "environment", "seeds", "gates", "versions")


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


def _raw(results: TrialResults, jobs: list[Record]) -> list[dict[str, Any]]:
    """Return the inputs that no job made."""
    made = {file for record in results.records.values() for file in record["outputs"]}
    found = {
        file: told["sha256"]
        for record in jobs
        for file, told in record["inputs"].items()
        if file not in made
    }
    return [
        {"file": file, "sha256": sha256, "state": state_of(results, file, sha256)}
        for file, sha256 in sorted(found.items())
    ]


def _job(results: TrialResults, record: Record) -> dict[str, Any]:
    """Return what a trace tells of one job."""
    return {
        "job": record["job"],
        **{name: record.get(name) for name in _TOLD},
        "code": record.get("code", {}).get("digest"),
        "settings": record.get("settings"),
        "inputs": {f: told["sha256"] for f, told in record["inputs"].items()},
        "outputs": [
            {
                "file": f,
                "sha256": told["sha256"],
                "state": state_of(results, f, told["sha256"]),
            }
            for f, told in record["outputs"].items()
        ],
    }


def trace_of_file(results: TrialResults, file: str) -> dict[str, Any]:
    """Trace a file of results back to the raw files.

    Parameters
    ----------
    results : TrialResults
        With the records.
    file : str
        Relative to the trial's folder.

    Returns
    -------
    dict
        ``jobs``, from the one that made the file back to the first, and ``raw``: the
        files that no job made.

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
        "file": file,
        "sha256": recorded,
        "state": state_of(results, file, recorded),
        "jobs": [_job(results, record) for record in jobs],
        "raw": _raw(results, jobs),
    }
