"""Which paths belong to a trial: all that reads, writes, copies or deletes asks here.

Names come from a configuration, records, the ledger and releases, which others may have
written. A name belongs to a trial if it leads from the trial's folder to nowhere above
it. What is only read may lie behind a link that stands in the folder, so that raw files
can stay on other storage; what is written, copied or deleted must lie in the folder
itself, all links followed.
"""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from alsdecline.faults import DataError

WRITTEN = ("results", ".snakemake")
"""Folders that a run writes into."""

ENVIRONMENTS = Path(".snakemake/conda")
"""Holds links by the thousand where it is used; :mod:`jobs.foreign_code` sees to it."""


def fault_of_name(name: str) -> str:
    """Say why a name is of no path in a trial's folder.

    Parameters
    ----------
    name : str
        A path as a configuration, a record or a ledger has it.

    Returns
    -------
    str
        What is wrong; empty where nothing is. What stands on the disk is not asked.
    """
    if not name or "\0" in name:
        return "is no name of a file"
    path = PurePosixPath(name)
    if path.is_absolute():
        return "is an absolute path, where one from the trial's folder is needed"
    if ".." in path.parts:
        return "leads out of the trial's folder by '..'"
    return ""


def file_to_read(folder: Path, name: str) -> Path:
    """Return the path of a file that is only read.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    name : str
        From there.

    Returns
    -------
    Path
        It may lie behind a link that stands in the folder.

    Raises
    ------
    DataError
        If the name is of no path in the folder.
    """
    fault = fault_of_name(name)
    if fault:
        raise DataError(f"{name}: {fault}")
    return folder / name


def file_to_write(folder: Path, name: str) -> Path:
    """Return the path of a file that is written, copied or deleted.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    name : str
        From there.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If the name is of no path in the folder, or the folder that the file is in lies
        behind a link that leads out. The file itself may be such a link: to write or
        delete replaces or removes the link.
    """
    path = file_to_read(folder, name)
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            f"{name}: lies behind a link that leads out of the trial's folder, where "
            "nothing is written, copied or deleted; remove the link"
        )
    return path


def link_before(folder: Path, name: str) -> str:
    """Return the first part of a file's path that is a link; empty where none is."""
    parts = PurePosixPath(name).parts
    before = (PurePosixPath(*parts[: i + 1]) for i in range(len(parts)))
    return next((str(path) for path in before if (folder / path).is_symlink()), "")


def _links(folder: Path) -> Iterator[Path]:
    """Return the links in a folder and below, of which none is followed."""
    for here, folders, files in os.walk(folder):
        yield from (p for n in [*folders, *files] if (p := Path(here, n)).is_symlink())


def links_out(folder: Path, *names: str) -> list[str]:
    """Find links by which what is written would leave the trial's folder.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    *names : str
        Folders in it that are written into; :data:`WRITTEN` if none is given.

    Returns
    -------
    list of str
        Paths from the trial's folder.
    """
    inside = folder.resolve()
    tops = [folder / name for name in names or WRITTEN]
    found = [top for top in tops if top.is_symlink()]
    found += [link for top in tops if top not in found for link in _links(top)]
    return sorted(
        str(name)
        for link in found
        if not (name := link.relative_to(folder)).is_relative_to(ENVIRONMENTS)
        and not link.resolve().is_relative_to(inside)
    )


def refuse_links_out(folder: Path, *names: str) -> None:
    """Stop where what is written would leave the trial's folder.

    Raises
    ------
    DataError
        With a line for each link that :func:`links_out` finds.
    """
    found = links_out(folder, *names)
    if found:
        raise DataError(
            "\n".join(
                f"{name}: a link that leads out of the trial's folder, where nothing "
                "is written; remove the link"
                for name in found
            )
        )
