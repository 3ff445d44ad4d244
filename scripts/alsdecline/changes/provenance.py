"""Which code, raw files and software differ between two runs, by what jobs recorded."""

import re
from collections import defaultdict
from collections.abc import Mapping

from alsdecline.changes.comparison import (
    CodeChange,
    CodeChangeKind,
    FileChange,
    JobChange,
    VersionChange,
)
from alsdecline.digests import file_digest_param, sha256_of_file
from alsdecline.jobs.before_planning import raw_files
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.jobs.records import CodeDigest, hashes
from alsdecline.project import LOCK

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def _differing(
    old: Mapping[str, str], new: Mapping[str, str]
) -> list[tuple[str, str | None, str | None]]:
    """List the names whose values differ, None where one side has none."""
    return [
        (name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _code_change(
    before: CodeDigest | None, after: CodeDigest | None
) -> CodeChangeKind | None:
    """Tell how a file of code changed; a file that is no Python means its bytes."""
    if before is None or after is None:
        return "added" if before is None else "removed"
    if before["sha256"] == after["sha256"]:
        return None
    same = before.get("meaning") == after.get("meaning")
    return "bytes" if same and "meaning" in after else "meaning"


def compare_code(old: RecordedRun, new: RecordedRun) -> list[CodeChange]:
    """List the files of code that differ, job by job of those that both runs have.

    Parameters
    ----------
    old, new : RecordedRun
        With records.

    Returns
    -------
    list of CodeChange
    """
    jobs_of: dict[tuple[str, CodeChangeKind], list[str]] = defaultdict(list)
    for job in sorted(old.records.keys() & new.records.keys()):
        before = old.records[job]["code"]["files"]
        after = new.records[job]["code"]["files"]
        for file in before.keys() | after.keys():
            if change := _code_change(before.get(file), after.get(file)):
                jobs_of[file, change].append(job)
    return [
        {"file": file, "change": change, "jobs": jobs}
        for (file, change), jobs in sorted(jobs_of.items())
    ]


def compare_jobs(old: RecordedRun, new: RecordedRun) -> list[JobChange]:
    """List the jobs that one run alone recorded."""
    return [
        {"job": job, "change": "added" if job in new.records else "removed"}
        for job in sorted(old.records.keys() ^ new.records.keys())
    ]


def _raw_digests(run: RecordedRun) -> dict[str, str]:
    """SHA-256 of a run's raw files: as released, as recorded, or as they are."""
    if run.manifest:
        return dict(run.manifest.get("raw", {}))
    recorded = run.records.get("ingest")
    if recorded:
        inputs = hashes(recorded["inputs"])
        return {f: sha for f, sha in inputs.items() if not f.startswith("results/")}
    names = raw_files(run.settings) if run.settings else []
    return {
        name: sha256_of_file(run.folder / name)
        for name in names
        if (run.folder / name).is_file()
    }


def compare_raw_files(old: RecordedRun, new: RecordedRun) -> list[FileChange]:
    """List the raw files whose bytes differ, with both SHA-256."""
    return [
        {"file": file, "old": before, "new": after}
        for file, before, after in _differing(_raw_digests(old), _raw_digests(new))
    ]


def _versions(run: RecordedRun) -> dict[str, str]:
    """Versions that the jobs ran with; several where jobs ran at different times."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in run.records.values():
        for name, version in record["versions"].items():
            found[name].add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


def _version_changes(
    old: Mapping[str, str], new: Mapping[str, str]
) -> list[VersionChange]:
    return [
        {"name": name, "old": before, "new": after}
        for name, before, after in _differing(old, new)
    ]


def compare_versions(old: RecordedRun, new: RecordedRun) -> list[VersionChange]:
    """List the software whose version differs, as jobs recorded it."""
    return _version_changes(_versions(old), _versions(new))


def _environments(run: RecordedRun) -> set[str]:
    """Digests of the locks that the jobs ran with."""
    return {record["environment"] for record in run.records.values()}


def locked_packages(run: RecordedRun) -> dict[str, str] | None:
    """Return the versions that a run's lock pins, by package.

    A release holds its lock. The run in a trial's folder has that of the project, if
    its jobs recorded that one and no other.

    Parameters
    ----------
    run : RecordedRun
        The run.

    Returns
    -------
    dict of str to str, or None
        None where the lock is not known.
    """
    if run.manifest:
        lock = run.folder / "requirements.txt"
        known = lock.is_file()
    else:
        # a file of that name in a trial's folder is something else
        lock = LOCK
        known = _environments(run) == {file_digest_param("env", {"lock": lock})}
    if not known:
        return None
    return dict(_PINNED.findall(lock.read_text(encoding="utf-8")))


def compare_packages(old: RecordedRun, new: RecordedRun) -> list[VersionChange] | None:
    """List the packages that the locks pin differently; None if a lock is not known."""
    if old.records and new.records and not locks_differ(old, new):
        return []
    before, after = locked_packages(old), locked_packages(new)
    if before is None or after is None:
        return None
    return _version_changes(before, after)


def locks_differ(old: RecordedRun, new: RecordedRun) -> bool:
    """Tell whether jobs of two runs recorded different locks."""
    return _environments(old) != _environments(new)
