"""Checks of the paths in a configuration: raw files lie in the trial's folder."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from alsdecline.plain_text import NEEDED_IN_TEXT, one_line
from alsdecline.settings.check_references import Location, Problem
from alsdecline.settings.tables import Table
from alsdecline.settings.trial import Settings
from alsdecline.trial_paths import fault_of_name

OURS = ("results", "releases", ".snakemake")
"""Folders that the pipeline makes, in which no raw file lies."""

NAMES_PARTS = "{}<>"
"""Marks by which Snakemake fills parts of names in."""


REMEDY = (
    "put the file into the trial's folder, or there a link to it, and name it from "
    "there"
)


def fault_of_raw_file(name: str) -> str:
    """Say why a raw file cannot be where a configuration has it; empty if it can."""
    fault = fault_of_name(name)
    if fault:
        return fault
    if any(character in name for character in NEEDED_IN_TEXT):
        return "has a line end or tab"
    first = PurePosixPath(name).parts[:1]
    return (
        f"lies in {first[0]}/, which is made anew" if first and first[0] in OURS else ""
    )


def path_problems(settings: Settings) -> Iterator[Problem]:
    """Find raw files that do not lie in the trial's folder.

    Parameters
    ----------
    settings : Settings
        A configuration.

    Yields
    ------
    (location, message)
    """
    files: dict[Location, str] = {
        ("data", name, "file"): table.file
        for name, table in settings.data
        if isinstance(table, Table)
    }
    if settings.data.decisions is not None:
        files["data", "decisions"] = settings.data.decisions
    if settings.design is not None and settings.design.simulated is not None:
        files["design", "simulated"] = settings.design.simulated
    for at, file in files.items():
        if any(mark in file for mark in NAMES_PARTS):
            yield at, f"one of {' '.join(NAMES_PARTS)} is in its name; rename the file"
        if fault := fault_of_raw_file(file):
            yield at, f"{one_line(file)!r} {fault}; {REMEDY}"
