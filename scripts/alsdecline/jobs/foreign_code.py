"""A trial's folder holds a configuration and data; what else it holds is never run.

Python looks for modules beside the script that it runs, which Snakemake writes into the
trial's folder, and where PYTHONPATH has an empty entry in the working folder. Programs
that we use look there for settings of their own, some of which name code.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alsdecline.faults import DataError
from alsdecline.project import PROJECT

SETTINGS_OF_PROGRAMS = {
    "matplotlibrc": "Matplotlib",
    "arvizrc": "ArviZ",
    ".numba_config.yaml": "Numba",
}
"""Files that a program reads in the working folder, and which program."""

DEPLOYMENTS = ".snakemake/pip-deployments"
"""Where Snakemake, in jobs too, has Python look for what it finds nowhere else."""

PROFILES = ("default", "profiles/default", "slurm", "profiles/slurm")
"""Where Snakemake looks for a profile, whose resources are Python that it evaluates.

For the first two without being asked; for the others where it is to take ours, by a
path that is not that of the project.
"""

TRUST = "--tr"
"""How the option --trust-io-cache may be abbreviated, and no other."""

IO_CACHE = ".snakemake/iocache/latest.pkl"
"""What Snakemake unpickles, and so runs, where it is told to trust it."""

CONDA = "conda"


def _leads_into(entry: str, folder: Path) -> bool:
    """Tell whether a search path leads into the trial's folder, and not to our code."""
    path = Path(entry).resolve()
    ours = (PROJECT / "scripts", Path(sys.prefix), Path(sys.base_prefix))
    return path.is_relative_to(folder.resolve()) and not any(
        path.is_relative_to(root.resolve()) for root in ours
    )


def run_no_code_of(folder: Path) -> None:
    """Let neither this process nor those that it starts import what a folder holds.

    Parameters
    ----------
    folder : Path
        The trial's folder, the working one.
    """
    os.environ["PYTHONSAFEPATH"] = "1"  # the folder of a script is not searched
    sys.path[:] = [e for e in sys.path if e and not _leads_into(e, folder)]
    given = os.environ.get("PYTHONPATH")
    if given is not None:
        # an empty or relative entry would be searched in the trial's folder
        kept = [
            entry
            for entry in given.split(os.pathsep)
            if Path(entry).is_absolute() and not _leads_into(entry, folder)
        ]
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)


def _deployments(folder: Path) -> list[str]:
    there = os.path.lexists(folder / DEPLOYMENTS)
    return [f"{DEPLOYMENTS}: modules would be imported from it; remove it"] * there


def refuse_deployments_in(folder: Path) -> None:
    """Stop where Snakemake, if it is imported, would add modules of a folder to ours.

    Parameters
    ----------
    folder : Path
        The working one.

    Raises
    ------
    DataError
        If it holds any.
    """
    found = _deployments(folder)
    if found:
        raise DataError(found[0])


def code_in(folder: Path) -> list[str]:
    """Find what programs would take settings or code from in a trial's folder.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    list of str
        What is there and what to do, a line each.
    """
    found = _deployments(folder)
    found += [
        f"{name}: {program} would take its settings from it, which no record has; "
        "remove it, for a trial's folder holds a configuration and data alone"
        for name, program in SETTINGS_OF_PROGRAMS.items()
        if os.path.lexists(folder / name)
    ]
    if folder.resolve() != PROJECT:
        found += [
            f"{name}: Snakemake would take a profile from it, which may hold code; "
            "remove or rename it, for a trial's folder holds a configuration and data "
            "alone"
            for name in PROFILES
            if os.path.lexists(folder / name)
        ]
    return found


def refuse_code_in(folder: Path) -> None:
    """Stop where a run would take code or settings of programs from a trial's folder.

    Raises
    ------
    DataError
        With a line for each that :func:`code_in` finds.
    """
    found = code_in(folder)
    if found:
        raise DataError("\n".join(found))


def refuse_to_run_what_is_in(
    folder: Path, arguments: Iterable[str], deployment: Any
) -> None:
    """Stop where a command line asks to run what a trial's folder holds.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    arguments : iterable of str
        Of the command line.
    deployment : snakemake.settings.types.DeploymentSettings
        Which environments it asks for.

    Raises
    ------
    DataError
        With a line for each.
    """
    found = []
    # the settings of the plan are not known yet when the rules are read
    if any(argument.startswith(TRUST) for argument in arguments):
        found.append(
            f"{TRUST}...: refused, for Snakemake would run what {IO_CACHE} holds; "
            "leave it out"
        )
    methods = map(str, getattr(deployment, "deployment_method", ()))
    if CONDA in methods and folder.resolve() != PROJECT:
        prefix = deployment.conda_prefix or folder / ".snakemake" / CONDA
        if Path(prefix).resolve().is_relative_to(folder.resolve()):
            found.append(
                "--software-deployment-method conda: would run programs that lie in "
                "the trial's folder; add --conda-prefix and a folder elsewhere"
            )
    if found:
        raise DataError("\n".join(found))
