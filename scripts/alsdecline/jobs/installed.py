"""What is installed, and whether it is what the lock of the packages pins."""

import platform
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.project import LOCK

COMMAND = "make runtime"
"""What installs anew what the lock pins, in the project's folder."""

FEW = 3
"""Packages that are named one by one."""

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)\s*(?:;(?P<marker>[^\\]*))?\\?"
)
_NO_PIN = re.compile(r"\s*(?:#.*|--hash=sha256:[0-9a-f]{64}\s*\\?)?")
_VERSION = re.compile(r"^Version:[ \t]*(\S+)", re.MULTILINE)


def locked_versions(lock: Path) -> dict[str, str]:
    """Return what a lock pins for this Python on this platform.

    Parameters
    ----------
    lock : Path
        A requirements file: a line ``name==version`` for each package, behind it, if
        it is not for all platforms, a marker; hashes on lines of their own.

    Returns
    -------
    dict of str to str
        Versions by package, in the order of the lock.

    Raises
    ------
    DataError
        If it cannot be read, pins nothing, or has a line of another kind.
    """
    try:
        lines = lock.read_bytes().decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise DataError(f"{_called(lock)}: cannot be read: {reason}") from None
    pinned = {}
    for number, line in enumerate(lines, start=1):
        if pin := _PIN.fullmatch(line):
            if _is_for_here(pin["marker"], lock, number):
                pinned[pin["name"]] = pin["version"]
        elif not _NO_PIN.fullmatch(line):
            raise _no_lock(lock, number)
    if not pinned:
        message = "pins no package; put the file back as it was"
        raise DataError(f"{_called(lock)}: {message}")
    return pinned


def _called(lock: Path) -> str:
    return f"{lock.parent.name}/{lock.name}"


def _no_lock(lock: Path, number: int) -> DataError:
    return DataError(
        f"{_called(lock)}, line {number}: neither name==version nor a hash; put the "
        "file back as it was, or write it anew by `make lock`"
    )


def _is_for_here(marker: str | None, lock: Path, number: int) -> bool:
    if marker is None:
        return True
    # few packages have one, and what reads them takes time to import
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    try:
        return Marker(marker.strip()).evaluate()
    except (InvalidMarker, UndefinedEnvironmentName):
        raise _no_lock(lock, number) from None


def _installed_version(name: str) -> str | None:
    """Return the version of a package, without parsing all that it says of itself."""
    for found in distributions(name=name):
        said = found.read_text("METADATA") or found.read_text("PKG-INFO") or ""
        if version := _VERSION.search(said):
            return version[1]
    return None


@cache
def installed_versions(lock: Path = LOCK) -> Mapping[str, str]:
    """Return what is installed of what a lock pins, and which Python.

    Parameters
    ----------
    lock : Path
        The lock; the project's own if not given.

    Returns
    -------
    mapping of str to str
        Versions by package, absent ones left out, and that of ``python`` to its minor
        version, which decides which packages there are.

    Raises
    ------
    DataError
        If the lock is none.
    """
    found = {name: _installed_version(name) for name in locked_versions(lock)}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python} | {n: version for n, version in found.items() if version}


def check_installed(lock: Path = LOCK) -> None:
    """Check that the packages installed are those that a lock pins.

    Parameters
    ----------
    lock : Path
        The lock; the project's own if not given.

    Raises
    ------
    DataError
        In a line that says what differs, and the command that mends it.
    """
    pinned, installed = locked_versions(lock), installed_versions(lock)
    differing = [
        f"{name} {installed[name]} for {version}"
        if name in installed
        else f"no {name} for {version}"
        for name, version in pinned.items()
        if installed.get(name) != version
    ]
    if not differing:
        return
    more = len(differing) - FEW
    named = ", ".join(differing[:FEW]) + (f" and {more} more" if more > 0 else "")
    raise DataError(
        f"{_called(lock)}: other packages are installed than it pins: {named}; run "
        f"`{COMMAND}` in the project's folder, and the programs of its .venv"
    )


def installed_or_exit() -> None:
    """Check as :func:`check_installed` does; tell what differs and exit.

    It comes before any module is imported that needs a package, which may be absent
    where somebody's own Snakemake runs.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    try:
        check_installed()
    except DataError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
