"""Which commit the project's code is, or why that is not known."""

import subprocess
from pathlib import Path

UNKNOWN = "unknown"


def _git(project: Path, *arguments: str) -> tuple[str | None, str]:
    """Return what git answers, None where it does not, and why it does not."""
    # git reads no clone of another owner, for its settings may run programs; this
    # project's code runs anyway, and a program that watches its files needs not
    settings = [f"safe.directory={project.resolve()}", "core.fsmonitor=false"]
    options = [part for setting in settings for part in ("-c", setting)]
    try:
        done = subprocess.run(
            ["git", *options, "-C", project, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )
    except OSError as error:
        return None, f"git cannot be run: {error.strerror}"
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"status {done.returncode}"
        return None, f"git says: {said.replace(str(project.resolve()), '.')}"
    return done.stdout.strip(), ""


def commit_of(project: Path) -> dict[str, str | bool]:
    """Tell which commit the project's code is, and whether it was changed since.

    Parameters
    ----------
    project : Path
        The project's folder.

    Returns
    -------
    dict
        ``commit``, and ``dirty``: whether a file differs from it. Where either is not
        known it is ``unknown``, and ``unknown_because`` says why.
    """
    top, why = _git(project, "rev-parse", "--show-toplevel", "HEAD")
    if top is not None and Path(top.splitlines()[0]) != project.resolve():
        top, why = None, "the project's folder is no clone, but lies in one"
    if top is None:
        return {"commit": UNKNOWN, "dirty": UNKNOWN, "unknown_because": why}
    commit = top.splitlines()[1]
    state, why = _git(project, "status", "--porcelain", "--untracked-files=no")
    if state is None:
        return {"commit": commit, "dirty": UNKNOWN, "unknown_because": why}
    return {"commit": commit, "dirty": bool(state)}
