"""Reasons to run a job: what its record says otherwise than stands now, in words."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from alsdecline.digests import read_code_param, read_spec
from alsdecline.jobs.changed_settings import changed_settings
from alsdecline.jobs.file_hashes import sha256_now
from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.records import (
    CodeDigest,
    Record,
    code_files,
    hashes,
    record_in,
    versions,
)
from alsdecline.project import SCRIPTS
from alsdecline.settings.plan_lock import LOCK

SPOILT_RECORD = "its record is no record of a job, or of another format"
RECORD_GONE = "its record is gone"
REPORT = "report"
"""The job whose record holds the whole configuration, under ``all``."""

FEW = 3
"""Files of one kind that are named one by one."""

MOST_MOVED = 8
"""Packages whose versions are told one by one; as many as are called the main ones."""

Digests = Mapping[str, CodeDigest]
"""Of files of code, by name, as records have them."""


@dataclasses.dataclass(frozen=True)
class Present:
    """What stands now, beside what the rules say of each job; read where asked for.

    Attributes
    ----------
    configuration : tuple of object
        The whole configuration as JSON has it: of the last report, None if that is not
        known, and the present one.
    raw_then : dict of str to dict
        SHA-256 of each raw file, by the digest that records have of all together.
    code_of : callable
        Returns the files of code of a job, as records have them.
    versions : callable
        Returns the versions of the software installed.
    sha256_of : callable
        Returns the SHA-256 of a file of the trial, None where it is absent.
    """

    configuration: tuple[Any, Any]
    raw_then: Mapping[str, Mapping[str, str]]
    code_of: Callable[[PlannedJob], Digests]
    versions: Callable[[], Mapping[str, str]]
    sha256_of: Callable[[str], str | None]


def _code_of(job: PlannedJob) -> Digests:
    _, extra = read_code_param(job.params["code"])
    return code_files(SCRIPTS / Path(job.script).name, extra)


def present(
    records: Mapping[str, Record], configuration: Any, folder: Path = Path()
) -> Present:
    """Return what stands now.

    Parameters
    ----------
    records : mapping
        Of the trial's jobs, by the job's name.
    configuration : object
        The present one, as JSON has it.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    Present
    """
    settings = records[REPORT]["settings"] if REPORT in records else None
    then = settings.get("all") if isinstance(settings, dict) else None
    raw_then: dict[str, dict[str, str]] = {}
    for record in records.values():
        if record["raw"] is not None:
            inputs = hashes(record["inputs"])
            files = {file: sha256 for file, sha256 in inputs.items() if is_raw(file)}
            raw_then.setdefault(record["raw"], {}).update(files)

    def sha256_of(file: str) -> str | None:
        return sha256_now(folder / file)

    return Present(
        (then, configuration), raw_then, _code_of, cache(versions), sha256_of
    )


def is_raw(file: str) -> bool:
    """Tell whether an input is a raw file, which no job makes."""
    return not file.startswith(("results/", "releases/")) and file != str(LOCK)


def _called(file: str) -> str:
    return f"raw file {file}" if is_raw(file) else f"input {file}"


def changed_inputs(then: Mapping[str, str], now: Mapping[str, str | None]) -> list[str]:
    """Say which inputs of a job differ.

    Parameters
    ----------
    then, now : mapping
        SHA-256 by file; None of one that is absent, which counts for nothing, for it
        is made again.

    Returns
    -------
    list of str
        A reason each.
    """
    return [
        *[f"new {_called(file)}" for file in sorted(now.keys() - then.keys())],
        *[f"{_called(f)} is no longer read" for f in sorted(then.keys() - now.keys())],
        *[
            f"{_called(file)} changed"
            for file in sorted(then.keys() & now.keys())
            if now[file] not in {None, then[file]}
        ],
    ]


def _few(names: Sequence[str]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} other files" if more > 0 else "")


def changed_code(then: Digests, now: Digests) -> list[str]:
    """Say which files of a job's code differ in what they mean.

    Parameters
    ----------
    then, now : mapping
        As records have them.

    Returns
    -------
    list of str
        A reason each; that code changed where no file tells.
    """

    def meaning(digest: CodeDigest) -> str:
        return digest.get("meaning", digest["sha256"])

    common = sorted(then.keys() & now.keys())
    kinds = {
        "changed": [f for f in common if meaning(then[f]) != meaning(now[f])],
        "added": sorted(now.keys() - then.keys()),
        "no longer used": sorted(then.keys() - now.keys()),
    }
    found = [f"code: {_few(names)} {how}" for how, names in kinds.items() if names]
    return found or ["code changed"]


def changed_lock(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say that the lock changed, with the main packages whose versions did.

    Parameters
    ----------
    then, now : mapping of str to str
        Versions by package.

    Returns
    -------
    str
        A reason.
    """
    moved = _moved(then, now)
    return f"the lock: {moved}" if moved else "the lock changed"


def changed_installation(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say which packages are installed in another version than a job ran with.

    Parameters
    ----------
    then, now : mapping of str to str
        Versions by package; none where the record is of before they were recorded.

    Returns
    -------
    str
        A reason.
    """
    if not then:
        return "the packages that it ran with are not recorded"
    return f"installed packages: {_moved(then, now)}"


def _moved(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """List versions that differ, the first few."""
    moved = [
        f"{name} {then.get(name, 'none')} -> {now.get(name, 'none')}"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]
    more = len(moved) - MOST_MOVED
    return ", ".join(moved[:MOST_MOVED]) + (f" and {more} more" if more > 0 else "")


def _changed_raw(record: Record, now: Present) -> list[str]:
    then = now.raw_then.get(record["raw"] or "", {})
    named = changed_inputs(then, {file: now.sha256_of(file) for file in then})
    return named or ["the raw files changed"]


def reasons_to_run(job: PlannedJob, record: Record | None, now: Present) -> list[str]:
    """Say what a job would depend on now otherwise than its record says.

    Parameters
    ----------
    job : PlannedJob
        As the rules have it.
    record : Record or None
        Its record; None where there is a file, but no record in it.
    now : Present
        What stands now.

    Returns
    -------
    list of str
        A reason each, in words; empty where the record holds. Of inputs, which are
        read, not what is in them.
    """
    if record is None:
        return [SPOILT_RECORD]
    kinds = changed_dependencies(job, record)
    found = []
    if "code" in kinds:
        found += changed_code(record["code"]["files"], now.code_of(job))
    if "settings" in kinds:
        spec = read_spec(job.params["spec"]) if "spec" in job.params else None
        named = changed_settings(record["settings"], spec, now.configuration)
        found += named or ["settings changed"]
    if "raw" in kinds:
        found += _changed_raw(record, now)
    if "environment" in kinds:
        found.append(changed_lock(record.get("versions", {}), now.versions()))
    elif "installed" in kinds:
        then = record.get("installed", {})
        found.append(changed_installation(then, job.installed))
    if "inputs" in kinds:
        then, files = dict.fromkeys(record["inputs"], ""), dict.fromkeys(job.inputs, "")
        found += changed_inputs(then, files)
    made, makes = {*record["outputs"]}, {*job.outputs}
    found += [f"new output {file}" for file in sorted(makes - made)]
    found += [f"output {file} is no longer made" for file in sorted(made - makes)]
    return found


@lru_cache(maxsize=4096)
def _record_in(content: bytes, path: Path) -> Record | None:
    """Read a record once, as long as its file has the same content."""
    try:
        return record_in(content, path)
    except ValueError:
        return None


def record_of(job: PlannedJob, folder: Path = Path()) -> Record | None:
    """Read the record of a job of a trial; None where there is none in the file.

    It is shared by all who ask, to be read and not changed.
    """
    path = folder / job.record
    return _record_in(path.read_bytes(), path)


def absent_outputs(job: PlannedJob, folder: Path = Path()) -> list[str]:
    """Say which outputs of a job are gone, its record apart.

    Parameters
    ----------
    job : PlannedJob
        As the rules have it.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    list of str
        A reason each.
    """
    return [f"output {f} is gone" for f in job.outputs if not (folder / f).is_file()]
