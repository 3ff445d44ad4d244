"""A job's log: what it told and, behind a mark, the words that it stopped with."""

from pathlib import Path
from typing import TextIO

from alsdecline.plain_text import printable_lines

STOPPED = "Stopped:"
"""The line of a log behind which stands why the job stopped."""

TRACEBACK = "Traceback (most recent call last):"

QUIET_VARIABLE = "ALSDECLINE_QUIET_JOBS"
"""Environment variable by which a run has its jobs tell their logs alone.

What a person needs of them the run tells then, in a line each.
"""


def write_stop(log: TextIO, message: str) -> None:
    """Write why a job stopped, so that :func:`words_of_stop` finds it.

    Parameters
    ----------
    log : text stream
        The job's.
    message : str
        A line for each fault.
    """
    print(STOPPED, printable_lines(message), sep="\n", file=log, flush=True)


def words_of_stop(path: Path) -> list[str]:
    """Return the words that a job stopped with.

    Parameters
    ----------
    path : Path
        Of its log.

    Returns
    -------
    list of str
        A line for each fault, without a traceback; empty where the job left no word,
        as one that was killed.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="backslashreplace")
    except OSError:
        return []
    lines = printable_lines(text).split("\n")
    if STOPPED not in lines:
        return []
    at = len(lines) - lines[::-1].index(STOPPED)
    words = lines[at:]
    if TRACEBACK in words:
        words = words[: words.index(TRACEBACK)]
    return [line for line in words if line]
