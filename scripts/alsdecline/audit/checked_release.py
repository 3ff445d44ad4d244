"""A release is held to its manifest before anything is compared with it."""

from pathlib import Path

from alsdecline.audit.releases import (
    MANIFEST,
    RELEASES,
    checked_manifest,
    release_faults,
)
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import LEDGER, read_ledger

MOST = 5
"""Faults that are told one by one."""


def _faults(release: Path) -> list[str]:
    faults = [f"{name} {wrong}" for name, wrong in release_faults(release)]
    chain = read_ledger(release)
    if chain.faults or chain.head != checked_manifest(release)["head"]:
        faults.append(f"{LEDGER} is not the one that the manifest has the head of")
    return faults


def refuse_changed_release(folder: Path) -> None:
    """Refuse to compare with a release that is not what was frozen.

    Parameters
    ----------
    folder : Path
        A release; a folder that is none is left to who reads it.

    Raises
    ------
    DataError
        If it is not what its manifest says, or lies among releases without one.
    """
    if not (folder / MANIFEST).is_file():
        if folder.parent.name == RELEASES.name:
            raise DataError(
                f"release {folder.name}: has no {MANIFEST}, so it cannot be held to "
                "what was frozen; put the file back"
            )
        return
    faults = _faults(folder)
    if not faults:
        return
    lines = [f"release {folder.name}: {fault}" for fault in faults[:MOST]]
    more = len(faults) - MOST
    lines.append(
        f"{f'and {more} more; ' if more > 0 else ''}nothing is compared with a release "
        "that is not what was frozen: put its files back from a copy; "
        f"`audit.py verify {folder.name}` tells all"
    )
    raise DataError("\n".join(lines))
