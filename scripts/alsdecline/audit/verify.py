"""The verb ``verify``: everything about a trial's results, checked at once."""

from collections.abc import Sequence
from pathlib import Path

from snakemake.exceptions import WorkflowError

from alsdecline.audit.answers import (
    FindingAnswer,
    RepairAnswer,
    Verdict,
    VerifyAnswer,
)
from alsdecline.audit.checks import (
    OUTDATED,
    RESULTS,
    check_code,
    check_files,
    check_nothing_else,
    check_planned_jobs,
    check_under_way,
)
from alsdecline.audit.findings import Finding
from alsdecline.audit.recorded_files import recorded
from alsdecline.audit.releases import (
    checked_manifest,
    heads_kept,
    release_faults,
    releases_absent,
)
from alsdecline.digests import canonical_json, sha256_of_file
from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings
from alsdecline.jobs.events import FOLDER as LEDGERS
from alsdecline.jobs.held_results import left_over
from alsdecline.jobs.ledger import HEAD, LEDGER, Chain, read_ledger
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.planned_of_trial import jobs_of_trial
from alsdecline.jobs.records import FOLDER as RECORDS
from alsdecline.jobs.records import read_record
from alsdecline.plain_text import one_line
from alsdecline.settings.changes import compare_settings
from alsdecline.settings.file import CONFIG, SettingsError
from alsdecline.settings.trial import Settings
from alsdecline.trial_paths import fault_of_name, file_to_write

REPORT_RECORD = Path("results/records/report.json")


def _settings_changed(folder: Path, settings: Settings) -> str:
    """Say which settings are not those that the report was made of."""
    path = folder / REPORT_RECORD
    if not path.is_file():
        return "settings changed"
    try:
        then = Settings.model_validate(read_record(path)["settings"]["all"])
    except (ValueError, KeyError, TypeError):  # tampered with, or of another version
        return "settings changed"
    keys = [
        f"{change['key']}: {canonical_json(change['old'])} -> "
        f"{canonical_json(change['new'])}"
        for change in compare_settings(then, settings)
    ]
    return f"settings changed ({'; '.join(keys)})" if keys else "settings changed"


def _notes_of_last_run(
    project: Path, folder: Path, chain: Chain, named: set[str]
) -> list[Finding]:
    """Tell whose bytes differ from the last run's, of settings and rules."""
    runs = [line for line in chain.lines if isinstance(line.get("files"), dict)]
    if not runs or chain.faults:
        return []
    findings = []
    for name, expected in runs[-1]["files"].items():
        path = (folder if name == str(CONFIG) else project) / name
        if (
            name in named
            or fault_of_name(name)
            or (path.is_file() and sha256_of_file(path) == expected)
        ):
            continue
        message = "differs from that of the last run, but the jobs it makes do not"
        findings.append(Finding(name, message, failure=False))
    return findings


def _chain_findings(chain: Chain) -> list[Finding]:
    wrong = [*chain.recovered, *chain.faults]
    found = [Finding(str(LEDGER), fault) for fault in wrong]
    torn = [note for note in chain.notes if "torn" in note]
    behind = [note for note in chain.notes if "torn" not in note]
    found += [Finding(str(LEDGER), note) for note in torn]
    return found + [Finding(str(HEAD), note, failure=False) for note in behind]


def _verdict(findings: Sequence[Finding], chain: Chain) -> Verdict:
    """Return what a check found, and where the ledger stood."""
    return {
        "verified": not any(finding.failure for finding in findings),
        "findings": [
            {"path": f.path, "message": f.message, "failure": f.failure}
            for f in findings
        ],
        "head": chain.head,
        "lines": len(chain.lines),
    }


def verify(project: Path, folder: Path) -> VerifyAnswer:
    """Check that a trial's results are what its records and ledger say.

    Parameters
    ----------
    project : Path
        The folder of the code.
    folder : Path
        The trial's folder.

    Returns
    -------
    VerifyAnswer
    """
    chain = read_ledger(folder)
    findings = check_under_way(folder, chain) + _chain_findings(chain)
    findings += [Finding(str(LEDGER), fault) for fault in heads_kept(folder, chain)]
    findings += [
        Finding(
            f"releases/{name}", "is not here; the ledger tells of it", failure=False
        )
        for name in releases_absent(folder, chain)
    ]
    jobs: list[PlannedJob] = []
    settings_changed = ""
    try:
        settings = load_settings({}, folder)
        settings_changed = _settings_changed(folder, settings)
        jobs = jobs_of_trial(project, folder)
    except (SettingsError, DataError) as error:
        findings += [
            _as_finding(line.removeprefix(f"{folder}/"))
            for line in str(error).splitlines()
        ]
    except WorkflowError as error:
        message = f"cannot be read: {' '.join(str(error).split())}"
        findings.append(Finding("Snakefile or rules/", message))
    known, record_findings = recorded(folder, jobs, chain)
    findings += record_findings + check_files(folder, known)
    findings += check_code(project, known.records)
    failing = {finding.path for finding in findings if finding.failure}
    findings += check_planned_jobs(jobs, known.records, settings_changed, failing)
    if jobs:
        findings += check_nothing_else(folder, known, left_over(jobs, chain, folder))
    named = {finding.path for finding in findings}
    findings += _notes_of_last_run(project, folder, chain, named)
    raw = {
        name: digest
        for name, digest in sorted(known.inputs.items())
        if not name.startswith(("results/", "releases/"))
    }
    return {
        **_verdict(findings, chain),
        "jobs": len(jobs),
        "files": len(known.files | known.inputs.keys()),
        "raw": raw,
    }


def _as_finding(line: str) -> Finding:
    path, _, message = line.partition(":")
    return Finding(path, message.strip())


def verify_text(result: VerifyAnswer) -> str:
    """Tell people the result of :func:`verify`, a line a finding."""
    lines = [
        one_line(
            f"{'FAILURE' if f['failure'] else 'note'}  {f['path']}: {f['message']}"
        )
        for f in result["findings"]
    ]
    failures = sum(f["failure"] for f in result["findings"])
    verdict = "verified" if result["verified"] else f"NOT verified, {failures} failures"
    lines.append(
        f"{verdict}: {result['jobs']} jobs, {result['files']} files; ledger of "
        f"{result['lines']} lines, head {result['head']}"
    )
    return "\n".join(lines)


def verify_release(release: Path) -> VerifyAnswer:
    """Check that a release is what it was.

    Parameters
    ----------
    release : Path
        Its folder.

    Returns
    -------
    VerifyAnswer
    """
    chain, manifest = read_ledger(release), checked_manifest(release)
    findings = _chain_findings(chain)
    findings += [Finding(name, wrong) for name, wrong in release_faults(release)]
    if chain.head != manifest["head"]:
        findings.append(Finding(str(LEDGER), "has another head than the manifest"))
    return {
        **_verdict(findings, chain),
        "jobs": len(list((release / RECORDS).rglob("*.json"))),
        "files": len(manifest["files"]),
        "raw": manifest["raw"],
    }


def repair(project: Path, folder: Path) -> RepairAnswer:
    """Remove results that do not hold, so that the next run makes them again.

    Parameters
    ----------
    project, folder : Path
        The folders of the code and of the trial.

    Returns
    -------
    RepairAnswer
        Left are raw files, code, settings, the lock and the ledger, and what holds
        itself but is not what a later job read.
    """
    removed: list[str] = []
    left: list[FindingAnswer] = []
    for finding in verify(project, folder)["findings"]:
        if not finding["failure"]:
            continue
        name = _to_remove(folder, Path(finding["path"]))
        if name is None or finding["message"] == OUTDATED:
            left.append(finding)
        else:
            (folder / name).unlink(missing_ok=True)
            removed.append(str(name))
    return {"removed": sorted(set(removed)), "left": left}


def _to_remove(folder: Path, name: Path) -> Path | None:
    """Name the file without which what does not hold is made again; None of none."""
    for timed in (RESULTS / "logs", RESULTS / "benchmarks"):
        if timed in name.parents:
            name = RECORDS / name.relative_to(timed).with_suffix(".json")
    if not name.is_relative_to(RESULTS) or name.parent == LEDGERS:
        return None
    try:
        path = file_to_write(folder, str(name))
    except DataError:
        return None
    return name if path.is_symlink() or not path.is_dir() else None


def repair_text(result: RepairAnswer) -> str:
    """Tell people the result of :func:`repair`."""
    lines = [one_line(f"removed  {name}") for name in result["removed"]]
    lines += [one_line(f"left  {f['path']}: {f['message']}") for f in result["left"]]
    lines.append(
        f"{len(result['removed'])} files removed, {len(result['left'])} findings left; "
        "`snakemake` makes again what is missing"
    )
    return "\n".join(lines)
