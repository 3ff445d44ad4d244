"""A run made again in a clean folder, and compared with what is there."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from alsdecline.audit.answers import ReplayAnswer
from alsdecline.audit.clean_folder import clean_folder, run_in_group
from alsdecline.audit.compared_files import TOLERANCE, files_agree, records_agree
from alsdecline.audit.compared_fits import fits_agree, put_fits
from alsdecline.audit.releases import RELEASES, TIMED
from alsdecline.audit.replay_platform import (
    FITS,
    Platform,
    fit_files,
    other_platform,
    readable_records,
)
from alsdecline.changes.estimates import compare_estimates, within_monte_carlo
from alsdecline.crate.metadata import METADATA
from alsdecline.faults import DataError
from alsdecline.jobs.locked_plan import copy_lock
from alsdecline.jobs.recorded_runs import open_run
from alsdecline.jobs.records import FOLDER as RECORDS
from alsdecline.plain_text import one_line
from alsdecline.settings.file import CONFIG
from alsdecline.trial_paths import file_to_read, file_to_write, link_before

CRATE = f"results/{METADATA}"

FIRST = "first"
"""Where the fits made here are kept, in the clean folder."""

HOW_SAMPLED = "how the sampling went, which another platform does not repeat"
BYTES_ALONE = "another platform may write other bytes, and it has no numbers to compare"
NOT_COMPARED = f"{', '.join(TIMED)}: they carry times"


def run_again(
    project: Path, folder: Path, clean: Path, raw: Iterable[str], cores: int
) -> None:
    """Run a trial in a clean folder.

    Parameters
    ----------
    project : Path
        The folder of the code.
    folder : Path
        The trial's folder.
    clean : Path
        An empty folder.
    raw : iterable of str
        Names of the raw files.
    cores : int
        Jobs at the same time.

    Raises
    ------
    DataError
        If the run fails; with the end of what it told.
    """
    for name in ["config.yaml", *raw]:
        _put(folder, clean, name)
    copy_lock(folder, clean)
    if (folder / RELEASES).is_dir():
        (clean / RELEASES).symlink_to((folder / RELEASES).resolve())
    _run(project, clean, cores)


def _run(project: Path, clean: Path, cores: int) -> None:
    command = [sys.executable, "-P", "-m", "snakemake", "--cores", str(cores)]
    where = ["--snakefile", str(project / "Snakefile"), "--directory", str(clean)]
    done = run_in_group([*command, *where], project)
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-10:])
        raise DataError(f"the run could not be made again:\n{last}")


def _put(folder: Path, clean: Path, name: str) -> None:
    """Copy a file, or lay the link again that it lies behind, as its record has it."""
    source = file_to_read(folder, name)
    if (clean / name).exists():  # behind a link that is there already
        return
    link = link_before(folder, name)
    copy = file_to_write(clean, link or name)
    copy.parent.mkdir(parents=True, exist_ok=True)
    if link:
        copy.symlink_to((folder / link).resolve())
    else:
        shutil.copyfile(source, copy)


def _results(folder: Path) -> dict[str, bytes]:
    return {
        name: path.read_bytes()
        for path in sorted((folder / "results").rglob("*"))
        if path.is_file()
        and not (name := str(path.relative_to(folder))).startswith(TIMED)
    }


def differing_bytes(first: Path, second: Path) -> list[str]:
    """Name the results that differ between two folders, absent ones too.

    Parameters
    ----------
    first, second : Path
        Folders of the same trial. What carries times is not compared.

    Returns
    -------
    list of str
    """
    first_results, second_results = _results(first), _results(second)
    names = sorted(first_results.keys() | second_results.keys())
    return [
        name for name in names if first_results.get(name) != second_results.get(name)
    ]


def compare_numbers(
    folder: Path, again: Path, names: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Compare results whose bytes differ, as another platform may make them differ.

    Parameters
    ----------
    folder, again : Path
        Folders of the same trial.
    names : iterable of str
        Results that differ in bytes.

    Returns
    -------
    list of str
        Those that say something else, or are absent.
    list of str
        Those that cannot be compared so.
    """
    of_fits = {str(path) for path, r in readable_records(again) if fit_files(r)}
    differing, unknown = [], []
    for name in names:
        first, second = folder / name, again / name
        agree: bool | None
        if not (first.is_file() and second.is_file()):
            agree = False
        elif name.startswith(FITS):
            agree = fits_agree(first, second)
        elif name.startswith(f"{RECORDS}/"):
            agree = records_agree(first, second, of_fit=name in of_fits)
        elif name == CRATE:
            agree = None
        else:
            agree = files_agree(first, second)
        if agree is None:
            unknown.append(name)
        elif not agree:
            differing.append(name)
    return differing, unknown


def _estimates_moved(folder: Path, first: Path) -> list[str]:
    """Name the estimates that moved by more than Monte Carlo error."""
    estimates = compare_estimates(open_run(folder), open_run(first))
    return [
        f"{estimate['table']}: {' '.join(filter(None, estimate['of'].values()))}"
        for estimate in estimates
        if within_monte_carlo(estimate) is False
    ]


def _replay_numbers(
    project: Path, folder: Path, clean: Path, cores: int
) -> tuple[list[str], list[str]]:
    """Compare the fits with those made here, all else with what follows from them."""
    names = differing_bytes(folder, clean)
    fits = [name for name in names if name.startswith(FITS)]
    differing, unknown = compare_numbers(folder, clean, fits)
    if not fits or differing:
        return compare_numbers(folder, clean, names)
    first = clean / FIRST
    for part in ("results/tables", FITS):
        shutil.copytree(clean / part, first / part)
    shutil.copyfile(clean / CONFIG, first / CONFIG)
    put_fits(folder, clean)
    _run(project, clean, cores)
    differing, others = compare_numbers(folder, clean, differing_bytes(folder, clean))
    differing = differing or _estimates_moved(folder, first)
    return differing, [*unknown, *others]


def replay(
    project: Path, folder: Path, raw: Iterable[str], cores: int, platform: Platform
) -> ReplayAnswer:
    """Run a trial again in a clean folder and compare the results.

    Parameters
    ----------
    project, folder : Path
        The folders of the code and of the trial.
    raw : iterable of str
        Names of the raw files.
    cores : int
        Jobs at the same time.
    platform : Platform
        The lock and the processor here. Where the recorded run was made on another one,
        numbers are compared, not bytes.

    Returns
    -------
    ReplayAnswer
    """
    with clean_folder(folder) as clean:
        run_again(project, folder, clean, raw, cores)
        other = other_platform(folder, clean, platform)
        if other:
            differing, unknown = _replay_numbers(project, folder, clean, cores)
        else:
            differing, unknown = differing_bytes(folder, clean), []
    return {
        "same": not differing,
        "comparison": "numbers" if other else "bytes",
        "other_platform": other,
        "differing": differing,
        "not_compared": _not_compared(unknown, numbers=bool(other)),
    }


def _not_compared(unknown: Iterable[str], *, numbers: bool) -> list[str]:
    """Say what was not compared, and why."""
    told = [
        f"{name}: {HOW_SAMPLED if name.startswith(FITS) else BYTES_ALONE}"
        for name in unknown
    ]
    in_records = f"{RECORDS}: digests, lock, versions, and gates of fits in them"
    return [*told, *([in_records] if numbers else []), NOT_COMPARED]


def replay_text(result: ReplayAnswer) -> str:
    """Tell people the result of :func:`replay`."""
    how = (
        "byte by byte, on the platform of the recorded run"
        if result["comparison"] == "bytes"
        else "on another platform: fits within Monte Carlo error, what follows from "
        f"them and all else to {TOLERANCE:g}"
    )
    verdict = "the same results" if result["same"] else "OTHER results"
    other = [f"another platform: {reason}" for reason in result["other_platform"]]
    unknown = [f"not compared: {name}" for name in result["not_compared"]]
    lines = [*other, *unknown, *result["differing"]]
    return "\n".join([*map(one_line, lines), f"{verdict}, compared {how}"])
