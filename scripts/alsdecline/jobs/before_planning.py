"""What is checked before Snakemake plans: packages, settings, raw files, releases."""

import contextlib
import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from alsdecline.faults import DataError
from alsdecline.jobs.foreign_code import (
    refuse_code_in,
    refuse_to_run_what_is_in,
    run_no_code_of,
)
from alsdecline.jobs.installed import check_installed
from alsdecline.jobs.locked_plan import held_lock
from alsdecline.jobs.machine_faults import machine_fault
from alsdecline.jobs.recorded_runs import last_release
from alsdecline.near_names import nearest
from alsdecline.plain_text import one_line, printable_lines
from alsdecline.settings.check_paths import OURS
from alsdecline.settings.data_planning import data_plan, keyed_plan
from alsdecline.settings.file import (
    CONFIG,
    Configuration,
    SettingsError,
    read_configuration,
)
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.trial import Settings
from alsdecline.trial_paths import refuse_links_out

FEW = 3
"""Folders that may be meant, which are named."""


def load_settings(overwriting: Mapping[str, Any], folder: Path = Path()) -> Settings:
    """Return a trial's settings, as :func:`load_configuration`."""
    return load_configuration(overwriting, folder).settings


def load_configuration(
    overwriting: Mapping[str, Any], folder: Path = Path()
) -> Configuration:
    """Read the trial's settings from its folder, with what is filled in.

    Parameters
    ----------
    overwriting : mapping of str to object
        What Snakemake got by ``--configfile`` or ``--config``; must be empty.
    folder : Path
        The trial's folder; the working one if not given.

    Returns
    -------
    Configuration

    Raises
    ------
    SettingsError
        If the configuration is absent or wrong.
    DataError
        If the packages installed are not those that are pinned, settings come from
        elsewhere, the folder holds code or links by which what is written would leave
        it, a raw file is absent (of a design that is simulated before there are data,
        some but not all) or cannot be read, or the lock of the analysis plan is not the
        one that the ledger tells of.
    """
    check_installed()
    if overwriting:
        raise DataError(
            "--configfile and --config are refused: Snakemake merges them over "
            "config.yaml, and another trial's settings would leak into yours. Make a "
            "folder with a config.yaml of its own and choose it with --directory"
        )
    refuse_code_in(folder)
    refuse_links_out(folder)
    if not (folder / CONFIG).exists():
        raise DataError(no_trial_in(folder.absolute()))
    configuration = read_configuration(folder / CONFIG)
    settings = configuration.settings
    if not has_no_data(settings, folder):
        refuse_without_raw_files(settings, folder)
    unreadable = [
        f"{file}: cannot be read ({reason}); correct the file's permissions"
        for file in raw_files(settings)
        if (folder / file).exists() and (reason := _why_unreadable(folder / file))
    ]
    if unreadable:
        raise DataError("\n".join(unreadable))
    held_lock(folder)
    return configuration


def no_trial_in(folder: Path) -> str:
    """Say that a folder is no trial's, and which one may be meant.

    Parameters
    ----------
    folder : Path
        Without a configuration.

    Returns
    -------
    str
        One line.
    """
    said = f"{one_line(str(folder))} has no {CONFIG}, so it is no trial's folder"
    trials = sorted(path.parent.name for path in folder.parent.glob(f"*/{CONFIG}"))
    near = difflib.get_close_matches(folder.name, trials, n=FEW, cutoff=0.6)
    within = sorted(path.parent.name for path in folder.glob(f"*/{CONFIG}"))
    if near:
        meant = " or ".join(one_line(str(folder.parent / name)) for name in near)
        return f"{said}. Did you mean --directory {meant}?"
    if within:
        meant = " or ".join(one_line(str(folder / name)) for name in within[:FEW])
        return f"{said}. Did you mean --directory {meant}?"
    if misspelt := sorted(path.name for path in folder.glob("*.[yY]*[mM][lL]*")):
        return f"{said}; rename {one_line(misspelt[0])} to {CONFIG}"
    return f"{said}; choose a folder with a {CONFIG} by --directory"


def _why_unreadable(path: Path) -> str:
    """Say why a file cannot be read; nothing where it can."""
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


MOST_FILES = 12
"""Files of a trial's folder that are named where one is not there."""


def _files_there(folder: Path) -> list[str]:
    """Return the files that may be raw ones, in the folder and those within."""
    found = (p for pattern in ("*", "*/*") for p in sorted(folder.glob(pattern)))
    names = (p.relative_to(folder) for p in found if p.is_file())
    return [
        name.as_posix()
        for name in names
        if name.parts[0] not in OURS
        and not any(part.startswith((".", "~$")) for part in name.parts)
        and name.suffix not in (".yaml", ".yml", ".md", ".py")
    ]


def _no_raw_file(settings: Settings, file: str, there: list[str]) -> str:
    """Say that a raw file is absent, and what to do about it."""
    if settings.design is not None and file == settings.design.simulated:
        return (
            f"{file}: no such table of simulated trials; make it by "
            "benchmarks/simulated_intervals.py, or leave `design: simulated:` out of "
            f"{CONFIG}"
        )
    if file == settings.data.decisions:
        return (
            f"{file}: no such file of decisions; put it there, or leave `decisions:` "
            f"under `data:` out of {CONFIG} where nothing was decided"
        )
    named = f". There are {', '.join(there[:MOST_FILES])}" if there else ""
    # folders and endings are alike in all of them
    by_stem = {PurePosixPath(name).name.split(".")[0]: name for name in there}
    near = by_stem.get(nearest(PurePosixPath(file).name.split(".")[0], by_stem))
    asked = f"did you mean {near!r}? " if near else ""
    message = (
        f"{file}: no such raw file; {asked}put it there, or correct `file:` under "
        f"`data:` in {CONFIG}{named}"
    )
    allocation = settings.data.allocation
    if allocation is None or file != allocation.file:
        return message
    return f"{message}; where the trial is not unblinded yet, set `trial.blinded: true`"


def has_no_data(settings: Settings, folder: Path) -> bool:
    """Tell whether a trial has no raw file yet, but a design that can be simulated."""
    return settings.simulated_design is not None and not any(
        (folder / file).exists() for file in raw_files(settings)
    )


def refuse_without_raw_files(settings: Settings, folder: Path = Path()) -> None:
    """Refuse a trial of which raw files are absent.

    Raises
    ------
    DataError
        A line of each.
    """
    files = raw_files(settings)
    absent = [file for file in files if not (folder / file).is_file()]
    if not absent:
        return
    there = [file for file in _files_there(folder) if file not in files]
    told = [_no_raw_file(settings, file, there) for file in absent]
    if has_no_data(settings, folder):
        told.append("`snakemake design` needs none of them")
    raise DataError("\n".join(told))


def refuse_while_blinded(settings: Settings) -> None:
    """Tell that what needs arms is not made while the trial is blinded, and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    if settings.trial.blinded:
        print(
            f"refused while trial.blinded is true in {CONFIG}: this needs the arms. "
            "Without a target, all is made that needs none; at unblinding set it to "
            "false",
            file=sys.stderr,
        )
        raise SystemExit(1)


@contextlib.contextmanager
def told_in_lines() -> Iterator[None]:
    """Tell what a user can mend in lines, also what the machine refuses, and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    try:
        yield
    except (SettingsError, DataError) as error:
        print(printable_lines(str(error)), file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        print(machine_fault(error), file=sys.stderr)
        raise SystemExit(1) from None


def configuration_or_exit(overwriting: Mapping[str, Any]) -> Configuration:
    """Read it as :func:`load_configuration` does; tell what is wrong and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    with told_in_lines():
        configuration = load_configuration(overwriting)
        keyed_plan(configuration.settings)  # which needs its key
        return configuration


def run_no_code_or_exit(workflow: Any) -> None:
    """Let a run import nothing from the trial's folder; refuse to run what is there.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Of the trial in the working folder.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    run_no_code_of(Path())
    with told_in_lines():
        refuse_to_run_what_is_in(Path(), sys.argv, workflow.deployment_settings)


def last_release_or_exit(trial: Path) -> Path | None:
    """Find the last release as :func:`last_release` does; tell what is wrong and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    with told_in_lines():
        return last_release(trial)


def raw_files(settings: Settings) -> list[str]:
    """Return a trial's raw files, that of decisions, and simulations of its design."""
    tables = raw_tables(data_plan(settings)).values()
    files = [table.file for table in tables]
    if settings.data.decisions is not None:
        files.append(settings.data.decisions)
    if settings.design is not None and settings.design.simulated is not None:
        files.append(settings.design.simulated)
    return list(dict.fromkeys(files))
