"""A run made again in a clean folder, and compared with what is there."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from alsdecline.audit.answers import ReplayAnswer
from alsdecline.audit.clean_folder import clean_folder, run_in_group
from alsdecline.audit.releases import RELEASES, TIMED
from alsdecline.changes.estimates import within_monte_carlo
from alsdecline.changes.runs import diff
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import Chain
from alsdecline.jobs.locked_plan import copy_lock
from alsdecline.plain_text import one_line
from alsdecline.result_tables import read_result_table
from alsdecline.trial_paths import file_to_read, file_to_write

TOLERANCE = 1e-8
"""Relative, between processors, of tables that no sampling comes into."""

SAMPLED = (
    "rate_of_decline",
    "prior_sensitivity",
    "parameters",
    "influence",
    "model_comparison",
)


def same_platform(chain: Chain, lock: str, processor: str) -> bool:
    """Tell whether all jobs ran with this lock and on this model of processor.

    Parameters
    ----------
    chain : Chain
        The ledger.
    lock : str
        Digest param of the lock here.
    processor : str
        Model of the processor here.

    Returns
    -------
    bool
    """
    jobs = [line for line in chain.lines if line.get("event") == "job"]
    return all(
        line["processor"] == processor and line["depends"]["environment"] == lock
        for line in jobs
    )


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
        copy = file_to_write(clean, name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file_to_read(folder, name), copy)
    copy_lock(folder, clean)
    if (folder / RELEASES).is_dir():
        (clean / RELEASES).symlink_to((folder / RELEASES).resolve())
    command = [sys.executable, "-P", "-m", "snakemake", "--cores", str(cores)]
    where = ["--snakefile", str(project / "Snakefile"), "--directory", str(clean)]
    done = run_in_group([*command, *where], project)
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-10:])
        raise DataError(f"the run could not be made again:\n{last}")


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


def _tables_agree(first: Path, second: Path) -> bool:
    """Tell whether two tables agree, their numbers to :data:`TOLERANCE`."""
    first_table, second_table = read_result_table(first), read_result_table(second)
    try:
        pd.testing.assert_frame_equal(
            first_table, second_table, rtol=TOLERANCE, atol=TOLERANCE
        )
    except AssertionError:
        return False
    return True


def differing_numbers(folder: Path, again: Path) -> list[str]:
    """Name what differs by more than another processor may make it.

    Parameters
    ----------
    folder, again : Path
        Folders of the same trial.

    Returns
    -------
    list of str
        Tables that no sampling comes into and that differ by more than
        :data:`TOLERANCE`; estimates that moved by more than Monte Carlo error.
    """
    tables = sorted((folder / "results/tables").rglob("*.csv"))
    found = [
        str(path.relative_to(folder))
        for path in tables
        if path.stem not in SAMPLED
        and not _tables_agree(path, again / path.relative_to(folder))
    ]
    return found + [
        f"{estimate['table']}: {estimate['label']}"
        for estimate in diff(folder, again)["estimates"]
        if within_monte_carlo(estimate) is False
    ]


def replay(
    project: Path, folder: Path, raw: Iterable[str], cores: int, exact: bool
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
    exact : bool
        Whether bytes are compared; else numbers.

    Returns
    -------
    ReplayAnswer
    """
    with clean_folder(folder) as clean:
        run_again(project, folder, clean, raw, cores)
        compare = differing_bytes if exact else differing_numbers
        differing = compare(folder, clean)
    return {
        "same": not differing,
        "comparison": "bytes" if exact else "numbers",
        "differing": differing,
    }


def replay_text(result: ReplayAnswer) -> str:
    """Tell people the result of :func:`replay`."""
    how = (
        "byte by byte, on the platform of the recorded run"
        if result["comparison"] == "bytes"
        else f"on another platform: tables to {TOLERANCE:g}, estimates within Monte "
        "Carlo error"
    )
    verdict = "the same results" if result["same"] else "OTHER results"
    return "\n".join(
        [*map(one_line, result["differing"]), f"{verdict}, compared {how}"]
    )
