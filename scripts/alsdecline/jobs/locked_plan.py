"""The lock of the analysis plan, held to what the ledger tells of it.

The file alone could be edited, digest and all. So the ledger's line of the lock has the
SHA-256 of the file and the lock itself, and nothing is believed that no line tells. The
first one counts, for a plan is locked once.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.jobs.events import Event
from alsdecline.jobs.ledger import LEDGER, append, read_ledger
from alsdecline.settings.file import CONFIG, read_settings
from alsdecline.settings.plan_lock import (
    LOCK,
    REMEDY,
    Lock,
    lock_bytes,
    new_lock,
    read_lock,
)
from alsdecline.stable_files import write_text

FITS = "results/fits/"
VERB = "`scripts/audit.py lock`"


def _is_lock(line: Event) -> bool:
    # a line of an earlier version has the plan's digest alone, which any edit keeps
    return (
        line.get("event") == "lock"
        and isinstance(line.get("sha256"), str)
        and isinstance(line.get("lock"), dict)
    )


def _line_of_lock(lines: Iterable[Event]) -> Event | None:
    return next(filter(_is_lock, lines), None)


def _told_before(lines: Iterable[Event]) -> tuple[bool, bool]:
    """Tell whether the ledger has a run that read arms, and fits, before any lock."""
    unblinded = fits = False
    for line in lines:
        if _is_lock(line):
            break
        unblinded |= line.get("event") == "run" and line.get("blinded") is False
        made = line.get("outputs") if line.get("event") == "job" else None
        fits |= isinstance(made, dict) and any(f.startswith(FITS) for f in made)
    return unblinded, fits


def _where(line: Event) -> str:
    return f"{LEDGER}, line {line.get('line')}"


def lock_plan(folder: Path, *, utc: str | None = None) -> Lock:
    """Freeze the analysis plan of a trial in the ledger, and in a file.

    Where the ledger has the lock and the file is gone, the file is put back.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    utc : str, optional
        When, in UTC (ISO 8601). The file has no other time.

    Returns
    -------
    Lock
        As the file has it.

    Raises
    ------
    SettingsError
        If the configuration is absent or wrong.
    DataError
        If the plan is locked already, or the ledger does not hold.
    """
    settings = read_settings(folder / CONFIG)
    chain = read_ledger(folder)
    if chain.faults:
        raise DataError("\n".join([*chain.faults, "nothing was locked"]))
    if (folder / LOCK).is_file() and held_lock(folder):
        raise DataError(
            f"{LOCK}: the analysis plan is locked already, and is locked once; say "
            f"under `plan_deviations:` in {CONFIG} what differs from it and why"
        )
    if _line_of_lock(chain.lines) is None:
        unblinded, fits = _told_before(chain.lines)
        fits |= any(path.is_file() for path in (folder / FITS).rglob("*"))
        lock = new_lock(settings, unblinded=unblinded, fits_existed=fits, utc=utc)
        _enter(folder, lock)
    return _put(folder)


def _enter(folder: Path, lock: Lock) -> None:
    """Enter a lock in the ledger; from it the file is made, whoever is killed."""
    event: dict[str, Any] = {
        "event": "lock",
        "digest": lock.digest,
        "sha256": hashlib.sha256(lock_bytes(lock)).hexdigest(),
        "lock": lock.model_dump(mode="json"),
    }
    append(folder, [event | ({"time": lock.locked_utc} if lock.locked_utc else {})])


def _put(folder: Path) -> Lock:
    """Write the lock that the ledger tells of to its file."""
    line = _line_of_lock(read_ledger(folder).lines) or {}
    try:
        lock = Lock.model_validate(line.get("lock"))
        content = lock_bytes(lock)
    except ValueError:  # pydantic's, or of text that is none
        content = b""
    if hashlib.sha256(content).hexdigest() != line.get("sha256"):
        raise DataError(
            f"{_where(line)}: the lock in it does not have its SHA-256; put the ledger "
            f"back, and {LOCK} as it was locked"
        )
    write_text(folder / LOCK, content.decode())
    return lock


def held_lock(folder: Path) -> Lock | None:
    """Read the lock of a trial's analysis plan, held to the ledger.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    Lock or None
        None where the plan was never locked.

    Raises
    ------
    DataError
        If the file is not the lock that the ledger tells of, or one is there without
        the other.
    """
    lock = read_lock(folder)
    lines = read_ledger(folder).lines
    line = _line_of_lock(lines)
    if line is None and lock is None:
        return None
    if line is None:
        raise DataError(
            f"{LOCK}: no line of {LEDGER} tells of this lock; put the ledger back that "
            f"does, or remove the lock and lock the plan by {VERB}, which dates it now"
        )
    if lock is None:
        raise DataError(
            f"{LOCK}: is gone, but {_where(line)} tells that the plan was locked at "
            f"{line.get('time')}; {VERB} puts it back"
        )
    if sha256_of_file(folder / LOCK) != line["sha256"]:
        raise DataError(
            f"{LOCK}: was changed after it was locked, for it is not the one that "
            f"{_where(line)} tells of; {REMEDY}"
        )
    unblinded, fits = _told_before(lines)
    if (fits and not lock.fits_existed) or (unblinded and lock.blinded):
        raise DataError(
            f"{LOCK}: says less of what was known than {LEDGER} tells before "
            f"line {line.get('line')}: put both back as they were"
        )
    return lock


def ledger_is_whole(folder: Path) -> bool:
    """Tell whether a trial's ledger holds, and always did as far as it tells."""
    chain = read_ledger(folder)
    return not (chain.faults or chain.recovered)


def copy_lock(folder: Path, other: Path) -> None:
    """Give another folder a trial's lock, and its line to the ledger there.

    Parameters
    ----------
    folder, other : Path
        The trial's folder, and one without a ledger.
    """
    line = _line_of_lock(read_ledger(folder).lines)
    if line is not None:
        append(other, [line])  # with its time
        _put(other)
