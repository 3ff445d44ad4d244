"""Whether what is there is what was recorded: files, code, settings, lock, ledger.

Everything is hashed again. Nothing is run and nothing written, and what Snakemake
remembers is not asked. A failure names the one file that is not what it was; what
follows from it is not told again for every job that depends on it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from alsdecline.audit.findings import Finding
from alsdecline.audit.recorded_files import Recorded
from alsdecline.digests import meaning_of_code, sha256_of_file
from alsdecline.jobs.events import EVENTS, read_event
from alsdecline.jobs.ledger import Chain
from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.records import CodeDigest, Record
from alsdecline.jobs.run_events import LOCKS
from alsdecline.settings.file import CONFIG
from alsdecline.trial_paths import fault_of_name

RESULTS = Path("results")
LOCK = "envs/requirements.txt"
OUTDATED = "is not what a later job read; `snakemake` makes that again"
"""Of a file that holds, as after a run of a part; what was made of it does not."""


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
        if fault := fault_of_name(path):
            findings.append(Finding(path, f"{fault}; no job has such a file"))
        elif not file.is_file():
            findings.append(Finding(path, "is absent"))
        elif sha256_of_file(file) != expected:
            findings.append(
                Finding(path, f"was changed: its SHA-256 is not {expected}")
            )
        elif known.inputs.get(path, expected) != expected:
            findings.append(Finding(path, OUTDATED))
    return findings


def check_under_way(folder: Path, chain: Chain) -> list[Finding]:
    """Tell that a run is at work in the folder, or was killed there.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    chain : Chain
        Its ledger.

    Returns
    -------
    list of Finding
        A note where Snakemake has the folder locked.
    """
    if not any((folder / LOCKS).glob("*")):
        return []
    runs = [line for line in chain.lines if line.get("event") == "run"]
    begun = runs and runs[-1].get("status") == "started"
    since = f" since {runs[-1].get('time')}" if begun else ""
    message = (
        f"a run is under way{since}, and what it makes is not there yet or not told of "
        "yet; if it was killed, `snakemake --unlock`, then run again"
    )
    return [Finding(str(LOCKS), message, failure=False)]


def check_nothing_else(
    folder: Path, known: Recorded, left_over: Mapping[str, str]
) -> list[Finding]:
    """Find files under results/ that no job accounts for.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    known : Recorded
        What jobs account for.
    left_over : mapping of str to str
        The job that made it last, of files that no job makes any more.

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
        elif str(path) in left_over:
            message = (
                f"is left over from {left_over[str(path)]}, for the settings plan it "
                "no more; remove it, if nobody needs it"
            )
            findings.append(Finding(str(path), message))
        else:
            message = "no job wrote it; remove it, if nobody needs it"
            findings.append(Finding(str(path), message))
    return findings


def _difference_of_code(project: Path, name: str, digests: CodeDigest) -> str:
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


def check_code(project: Path, records: Mapping[str, Record]) -> list[Finding]:
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
    differences: dict[tuple[str, str], str] = {}
    for job, record in records.items():
        for name, digests in record["code"]["files"].items():
            key = (name, digests["sha256"])
            if key not in differences:
                differences[key] = _difference_of_code(project, name, digests)
            if differences[key]:
                differing.setdefault((name, differences[key]), []).append(job)
    findings = []
    for (name, difference), jobs in sorted(differing.items()):
        if difference == "meaning":
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


def check_planned_jobs(
    jobs: Iterable[PlannedJob],
    records: Mapping[str, Record],
    settings_changed: str,
    failing_files: Iterable[str],
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
    failing_files : iterable of str
        Files that are named already, from which other differences follow.

    Returns
    -------
    list of Finding
    """
    failing = set(failing_files)
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
    elif "installed" in by_kind:
        message = "other packages are installed than the jobs ran with"
        findings.append(Finding(LOCK, f"{message}: {_few(by_kind['installed'])}"))
    if "settings" in by_kind:
        message = f"{settings_changed}; {_few(by_kind['settings'])} used other settings"
        findings.append(Finding(str(CONFIG), message))
    explained = {
        "code": any(name.startswith("scripts/") for name in failing),
        "raw": bool(failing) or "settings" in by_kind,
        "inputs": "settings" in by_kind,
        "outputs": "settings" in by_kind,
    }
    for kind, is_explained in explained.items():
        if kind in by_kind and not is_explained:
            message = f"its {kind} are not those that the rules have now"
            findings.append(Finding(paths[kind], message))
    return findings
