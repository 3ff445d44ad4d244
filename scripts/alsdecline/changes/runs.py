"""What changed between two recorded runs, from records of patients to conclusions."""

from pathlib import Path

from alsdecline.changes.comparison import (
    ComparedEstimate,
    Comparison,
    NamedEstimate,
    OtherChanges,
)
from alsdecline.changes.conclusions import (
    estimate_conclusions,
    gate_conclusions,
    primary_conclusions,
)
from alsdecline.changes.decisions import compare_decisions
from alsdecline.changes.estimate_names import Names, is_estimate_of
from alsdecline.changes.estimates import RATES, compare_estimates, moved
from alsdecline.changes.patients import compare_patients
from alsdecline.changes.provenance import (
    compare_code,
    compare_jobs,
    compare_packages,
    compare_raw_files,
    compare_versions,
    locks_differ,
)
from alsdecline.jobs.recorded_runs import RecordedRun, open_run
from alsdecline.report.words import listed
from alsdecline.settings.changes import SettingChange, compare_settings

FORMAT = 1


def _notes(old: RecordedRun, new: RecordedRun, *, packages_known: bool) -> list[str]:
    """Say what could not be compared, and why."""
    notes = [
        f"The settings of {run.name} cannot be read by this version and are not "
        f"compared: {run.complaint}"
        for run in (old, new)
        if run.settings is None
    ]
    without = [run.name for run in (old, new) if not run.records]
    if without:
        notes.append(
            f"No records (results/records) in {listed(without)}: code, jobs and "
            "versions are not compared."
        )
    if not packages_known:
        differ = not without and locks_differ(old, new)
        known = "The locks differ" if differ else "The locks are not both known"
        notes.append(f"{known}: the packages that they pin are not compared.")
    return notes


def _named(
    estimates: list[ComparedEstimate], new: RecordedRun, names: Names
) -> list[NamedEstimate]:
    """Add to each estimate what it is called, and whether it is the primary one."""
    settings = new.settings
    primary = (
        next(e for e in settings.estimands if e.id == settings.primary)
        if settings
        else None
    )
    return [
        {
            **estimate,
            "label": names.called(estimate["table"], estimate["of"]),
            "primary": estimate["table"] == RATES.name
            and primary is not None
            and is_estimate_of(primary, estimate["of"]),
        }
        for estimate in estimates
    ]


def _settings(old: RecordedRun, new: RecordedRun) -> list[SettingChange] | None:
    if old.settings is None or new.settings is None:
        return None
    return compare_settings(old.settings, new.settings)


def _level(run: RecordedRun) -> float | None:
    return run.settings.summaries.interval if run.settings else None


def compare_runs(old: RecordedRun, new: RecordedRun) -> Comparison:
    """Compare two runs.

    Parameters
    ----------
    old, new : RecordedRun
        The runs, the earlier first.

    Returns
    -------
    Comparison
        As JSON has it.
    """
    names = Names.of(new.settings or old.settings)
    estimates = _named(compare_estimates(old, new), new, names)
    recorded = bool(old.records and new.records)
    packages = compare_packages(old, new)
    patients = compare_patients(old, new)
    levels = (_level(old), _level(new))
    conclusions = [
        *primary_conclusions(old, new),
        *estimate_conclusions(estimates, levels),
        *gate_conclusions(old, new, names),
    ]
    other_changes: OtherChanges = {
        "settings": _settings(old, new),
        "raw_files": compare_raw_files(old, new),
        "decisions": compare_decisions(old, new),
        "code": compare_code(old, new) if recorded else None,
        "jobs": compare_jobs(old, new) if recorded else None,
        "versions": compare_versions(old, new) if recorded else None,
        "packages": packages,
        "conclusions": conclusions,
    }
    differs = any([*patients.values(), *other_changes.values(), *map(moved, estimates)])
    return {
        "format": FORMAT,
        "old": old.name,
        "new": new.name,
        "same": not differs,
        "notes": _notes(old, new, packages_known=packages is not None),
        "records": patients,
        "estimates": estimates,
        **other_changes,
    }


def diff(folder_a: Path, folder_b: Path) -> Comparison:
    """Compare the runs in two folders, as :func:`compare_runs` does.

    Raises
    ------
    DataError
        If a folder holds no run.
    """
    return compare_runs(open_run(folder_a), open_run(folder_b))
