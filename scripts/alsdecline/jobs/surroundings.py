"""Where something happened: who, host, processor, and the state of the code."""

import getpass
import platform
import socket
import subprocess
from functools import cache
from pathlib import Path

RUN_VARIABLE = "ALSDECLINE_RUN"
"""Environment variable by which a run tells its jobs its id."""


@cache
def processor() -> str:
    """Model of the processor, as the kernel tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:  # an account that the machine has no name of
        return "unknown"


def surroundings() -> dict[str, str]:
    """Who runs this process, and on what: ``who``, ``host``, ``processor``."""
    return {"who": _user(), "host": socket.gethostname(), "processor": processor()}


def _git(project: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", project, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # no git here
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def commit_of(project: Path) -> dict[str, str | bool]:
    """Tell which commit the project's code is, and whether it was changed since.

    Parameters
    ----------
    project : Path
        The project's folder.

    Returns
    -------
    dict
        ``commit`` and ``dirty``; empty where the folder is no clone.
    """
    top = _git(project, "rev-parse", "--show-toplevel", "HEAD")
    if top is None or Path(top.splitlines()[0]) != project.resolve():
        return {}
    state = _git(project, "status", "--porcelain", "--untracked-files=no")
    return {"commit": top.splitlines()[1], "dirty": bool(state)}
