"""Whether what is there is what was recorded: files, code, settings, lock, ledger.

Everything is hashed again. Nothing is run and nothing written, and what Snakemake
remembers is not asked. A failure names the one file that is not what it was; what
follows from it is not told again for every job that depends on it.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.digests import meaning_of_code, sha256_of_file
from alsdecline.jobs.events import EVENTS
from alsdecline.jobs.ledger import HEAD, LEDGER, Chain, last_of_jobs, read_event
from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.recorded_runs import COMPARISON
from alsdecline.jobs.records import read_record
from alsdecline.settings.file import CONFIG

RESULTS = Path("results")
LOCK = "envs/requirements.txt"


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is not as it was recorded.

    Attributes
    ----------
    path : str
        The file: from the trial's folder, or of the code from the project's.
    message : str
        What is wrong, and what to do.
    failure : bool
        False for a note: bytes differ, but not what they mean.
    """

    path: str
    message: str
    failure: bool = True


@dataclasses.dataclass(frozen=True)
class Recorded:
    """What the records and the ledger say of a trial's jobs.

    Attributes
    ----------
    records : dict of str to dict
        Records that can be trusted, by job.
    outputs, inputs : dict of str to str
        SHA-256 by path, of what jobs wrote and read. An input that several jobs read
        otherwise has the last one's.
    timed : dict of str to str
        SHA-256 of logs and benchmarks.
    files : set of str
        All files that jobs and the ledger account for.
    """

    records: dict[str, dict[str, Any]]
    outputs: dict[str, str]
    inputs: dict[str, str]
    timed: dict[str, str]
    files: set[str]


def _hashes(digests: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: digest["sha256"] for name, digest in digests.items()}


def _record_of(
    folder: Path, job: PlannedJob, line: Mapping[str, Any] | None, chain: Chain
) -> tuple[dict[str, Any] | None, str]:
    """Return a job's record, and what is wrong with it."""
    path = folder / job.record
    if not path.is_file():
        return None, f"is absent; `snakemake` makes {job.name} again"
    if not chain.faults:
        if line is None:
            return None, "the ledger has no line of this job; its tail was cut"
        if line["record"].get(job.record) != sha256_of_file(path):
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
    lines = last_of_jobs(chain)
    result = Recorded({}, {}, {}, {}, {str(LEDGER), str(HEAD)})
    findings = []
    for job in jobs:
        line = lines.get(job.name)
        record, wrong = _record_of(folder, job, line, chain)
        result.files.update([job.record, *job.outputs])
        if record is None:
            # a release just made asks for a comparison that no run has made yet
            fails = job.name != COMPARISON or line is not None
            findings.append(Finding(job.record, wrong, fails))
            if line is not None:
                result.outputs.update(line["outputs"])
                result.inputs.update(line["inputs"])
            continue
        result.records[job.name] = record
        result.outputs.update(_hashes(record["outputs"]))
        result.inputs.update(_hashes(record["inputs"]))
    if not jobs and not chain.faults:
        # without a plan, for the settings cannot be read, the ledger alone tells
        for line in lines.values():
            result.outputs.update(line["outputs"])
            result.inputs.update(line["inputs"])
    # what the plan has no more is left over, its logs too
    names = {job.name for job in jobs} or lines.keys()
    for line in chain.lines:
        if line.get("event") == "job" and line["job"] in names:
            result.files.update(line["timed"])
            if not chain.faults:
                result.timed.update(line["timed"])
    return result, findings


def check_files(folder: Path, known: Recorded) -> list[Finding]:
    """Hash all inputs, outputs, logs and benchmarks again.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    known : Recorded
        What they should be.

    Returns
    -------
    list of Finding
        Files that are absent, changed, or not those that a later job read.
    """
    findings = []
    for path, expected in sorted((known.inputs | known.timed | known.outputs).items()):
        file = folder / path
        if not file.is_file():
            findings.append(Finding(path, "is absent"))
        elif sha256_of_file(file) != expected:
            findings.append(
                Finding(path, f"was changed: its SHA-256 is not {expected}")
            )
        elif known.inputs.get(path, expected) != expected:
            message = "is not what a later job read; `snakemake` makes that again"
            findings.append(Finding(path, message))
    return findings


def check_nothing_else(folder: Path, known: Recorded) -> list[Finding]:
    """Find files under results/ that no job accounts for.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    known : Recorded
        What jobs account for.

    Returns
    -------
    list of Finding
    """
    findings = []
    for file in sorted((folder / RESULTS).rglob("*")):
        path = file.relative_to(folder)
        directory = file.is_dir() and not file.is_symlink()
        if directory or str(path) in known.files:
            continue
        if path.parent == EVENTS and path.suffix == ".json" and read_event(file):
            message = "an interrupted run left it; the next run enters it in the ledger"
            findings.append(Finding(str(path), message, failure=False))
        else:
            message = "no job wrote it; remove it, if nobody needs it"
            findings.append(Finding(str(path), message))
    return findings


def _file_in_code(project: Path, name: str, digests: Mapping[str, str]) -> str:
    """Say how a file of code differs from its record: '', ``bytes`` or ``meaning``."""
    path = project / name
    if not path.is_file():
        return "meaning"
    if sha256_of_file(path) == digests["sha256"]:
        return ""
    if "meaning" not in digests:
        return "meaning"
    try:
        same = meaning_of_code(path) == digests["meaning"]
    except (SyntaxError, UnicodeDecodeError):
        same = False
    return "bytes" if same else "meaning"


def check_code(
    project: Path, records: Mapping[str, Mapping[str, Any]]
) -> list[Finding]:
    """Compare all files of code with those that jobs ran.

    Parameters
    ----------
    project : Path
        The folder of the code.
    records : mapping
        By job.

    Returns
    -------
    list of Finding
        A failure where the meaning of code changed, a note where bytes alone did.
    """
    differing: dict[tuple[str, str], list[str]] = {}
    told: dict[tuple[str, str], str] = {}
    for job, record in records.items():
        for name, digests in record["code"]["files"].items():
            key = (name, digests["sha256"])
            if key not in told:
                told[key] = _file_in_code(project, name, digests)
            if told[key]:
                differing.setdefault((name, told[key]), []).append(job)
    findings = []
    for (name, how), jobs in sorted(differing.items()):
        if how == "meaning":
            message = f"is not the code that ran, in {_few(jobs)}"
            findings.append(Finding(name, message))
        elif (name, "meaning") not in differing:
            message = "differs in comments or layout from the code that ran"
            findings.append(Finding(name, message, failure=False))
    return findings


def _few(names: list[str]) -> str:
    """Name up to three, and say how many others there are."""
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} other jobs" if len(names) > 3 else shown


def check_plan(
    jobs: Iterable[PlannedJob],
    records: Mapping[str, Mapping[str, Any]],
    settings_changed: str,
    named: Iterable[str],
) -> list[Finding]:
    """Compare what jobs would depend on now with what their records say.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        As the rules have them.
    records : mapping
        By job.
    settings_changed : str
        What is told of the settings where any job's differ.
    named : iterable of str
        Files that are told already, from which other differences follow.

    Returns
    -------
    list of Finding
    """
    told = set(named)
    by_kind: dict[str, list[str]] = {}
    paths: dict[str, str] = {}
    for job in jobs:
        if job.name not in records:
            continue
        for kind in changed_dependencies(job, records[job.name]):
            by_kind.setdefault(kind, []).append(job.name)
            paths[kind] = job.record
    findings = []
    if "environment" in by_kind:
        findings.append(Finding(LOCK, "is not the lock that the jobs ran with"))
    if "settings" in by_kind:
        message = f"{settings_changed}; {_few(by_kind['settings'])} used other settings"
        findings.append(Finding(str(CONFIG), message))
    explained = {
        "code": any(name.startswith("scripts/") for name in told),
        "raw": bool(told) or "settings" in by_kind,
        "inputs": "settings" in by_kind,
        "outputs": "settings" in by_kind,
    }
    for kind, is_explained in explained.items():
        if kind in by_kind and not is_explained:
            message = f"its {kind} are not those that the rules have now"
            findings.append(Finding(paths[kind], message))
    return findings
