"""The lines that a person sees: of a job, of fits under way, of jobs by reason."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from alsdecline.plain_text import one_line
from alsdecline.terminal.time_left import about, duration

SAMPLING = re.compile(r"sampling (\d+) of (\d+)")
"""How a fit tells its log how far it is."""

FIRST_REASONS = 2
"""So many reasons of a job are told of those that it has."""

NAME, TIME, BAR = 36, 10, 10
"""Columns of a job's name and time, and of the bar of a fit."""

FOLLOWS = "follows from others"
NOT_MADE = "not made yet"
UPDATED_BY_JOB = "Input files updated by another job"
MISSING = "Missing output files"
FOLLOWING = ("input ", "new input ", "follows from ")
"""How reasons of the ledger begin that lie in another job."""


def job_line(
    done: int, total: int, name: str, seconds: float, left: float | None
) -> str:
    """Say that a job is done, which of how many, and what is left of the run."""
    number = f"[{done:>{len(str(total))}}/{total}]"
    line = f"{number} {name:<{NAME}} {duration(seconds):>{TIME}}"
    return line if left is None else f"{line}   {about(left)} left"


def progress_of_fit(log: Path) -> tuple[int, int] | None:
    """Return how many samplings of a fit are done, and of how many, by its log."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = SAMPLING.findall(text)
    return (int(found[-1][0]) - 1, int(found[-1][1])) if found else None


def bar(done: int, total: int) -> str:
    """Draw how far a fit is, in characters that every terminal has."""
    filled = BAR * done // max(total, 1)
    return f"[{'#' * filled}{'-' * (BAR - filled)}] {done}/{total}"


def under_way(running: Mapping[str, tuple[int, int] | None], left: float) -> str:
    """Say what runs, fits with a bar, and what is left of the run."""
    fits = [f"{name} {bar(*far)}" for name, far in running.items() if far]
    others = [name for name, far in running.items() if not far]
    return f"{about(left)} left: {', '.join([*fits, *others])}"


def planned_reason(reason: str) -> str:
    """Say in a few words why a job would run.

    Parameters
    ----------
    reason : str
        As Snakemake has it, behind what the records say.

    Returns
    -------
    str
        What the records say, where they say anything.
    """
    parts = reason.split("; ")
    own = [p for p in parts if not p.startswith((MISSING, UPDATED_BY_JOB))]
    if own:
        return "; ".join(own)
    return NOT_MADE if reason.startswith(MISSING) else FOLLOWS


def ran_reason(reasons: Sequence[str]) -> str:
    """Say in a few words why a job ran, by what the ledger has of it.

    Parameters
    ----------
    reasons : sequence of str
        All, in the order of the ledger.

    Returns
    -------
    str
        The first of its own.
    """
    own = [reason for reason in reasons if not reason.startswith(FOLLOWING)]
    return "; ".join(own[:FIRST_REASONS]) or FOLLOWS


def by_reason(reasons: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather jobs by their reason; what only follows from others comes last.

    Parameters
    ----------
    reasons : iterable of (str, str)
        Jobs, each with its reason.

    Returns
    -------
    dict of str to list of str
        Jobs by reason, the reason of most jobs first.
    """
    found: dict[str, list[str]] = {}
    for job, reason in reasons:
        found.setdefault(one_line(reason), []).append(job)
    ordered = sorted(found, key=lambda r: (r == FOLLOWS, -len(found[r]), r))
    return {reason: found[reason] for reason in ordered}


def jobs(count: int) -> str:
    """Say how many jobs."""
    return f"{count} job{'s' * (count != 1)}"
