"""Why a run stopped: what its jobs, or Snakemake, leave of it, without a traceback."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

from alsdecline.jobs.job_log import TRACEBACK, words_of_stop
from alsdecline.plain_text import printable_lines

OF_JOBS = (
    "At least one job did not complete successfully.",
    "Exiting because a job execution failed.",
    "Look above for error messages",
)
"""What Snakemake says where jobs failed that say more themselves."""

EXIT = re.compile(r"CalledProcessError")
KILLED = re.compile(r"exit status 137\b|SIGKILL")
KILLED_WORDS = (
    "it was killed, as a machine does that is short of memory; run fewer jobs at the "
    "same time (--cores 1), or give it more"
)

_PLACE = re.compile(r'^\w+(?: in rule \w+)?(?: in file ".*", line \d+)?:\n')
_FRAME = re.compile(r'^ *File ".*", line \d+, in .*\n?', re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class FailedJob:
    """A job that failed.

    Attributes
    ----------
    name : str
        The job's.
    log : str
        Path of its log; empty where it has none.
    """

    name: str
    log: str


def words_of_snakemake(error: str) -> str:
    """Return what Snakemake says of an error, without places in code.

    Parameters
    ----------
    error : str
        As Snakemake logs it.

    Returns
    -------
    str
        Of what nobody foresaw, the last line alone.
    """
    if TRACEBACK in error:
        last = error.strip().splitlines()[-1]
        return (
            f"a fault of the program: {last}\n"
            "The newest file of .snakemake/log has all of it; --verbose shows it"
        )
    return _FRAME.sub("", _PLACE.sub("", error)).strip()


def _words_of_job(job: FailedJob, errors: Iterable[str]) -> list[str]:
    if found := words_of_stop(Path(job.log)) if job.log else []:
        if found[0].startswith("a fault of the program"):
            found.append(f"{job.log} has all of it")
        return found
    if any(KILLED.search(error) for error in errors):
        return [KILLED_WORDS]
    where = f"; {job.log} has what it wrote" if job.log else ""
    return [f"it ended without a word{where}"]


def told_failures(failed: Iterable[FailedJob], errors: Iterable[str]) -> list[str]:
    """Return the lines that say why a run stopped.

    Parameters
    ----------
    failed : iterable of FailedJob
        Jobs that failed for good.
    errors : iterable of str
        What Snakemake logged as errors.

    Returns
    -------
    list of str
        What matters, and that alone.
    """
    failed, errors = list(failed), list(errors)
    own = [
        words
        for error in errors
        if not EXIT.search(error)
        and (words := words_of_snakemake(error))
        and not words.startswith(OF_JOBS)
    ]
    lines = []
    for job in failed:
        # Snakemake says what no job knows of itself, as that an output is not there
        if own and not (job.log and words_of_stop(Path(job.log))):
            lines += [f"{job.name} failed:"]
            continue
        lines += [f"{job.name} failed:", *_words_of_job(job, errors)]
    return printable_lines("\n".join([*lines, *dict.fromkeys(own)])).split("\n")
