"""What is told of every call of Snakemake: its words without noise, and what failed."""

import logging
from collections.abc import Mapping
from typing import Any

from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.planned import job_name
from alsdecline.jobs.records import FOLDER as RECORDS
from alsdecline.plain_text import printable_lines
from alsdecline.terminal.failures import OF_JOBS, FailedJob, told_failures
from alsdecline.terminal.screen import Screen

TARGETS = frozenset({"all", "design"})
"""The rules that ask for all jobs, or for those of simulated designs, and have none."""

CHECKPOINT = "ingest"
"""The rule after whose job the plan is made anew."""

INTERRUPTED = "Terminating processes on user request"

NOISE = (
    "Workflow has started",
    "Building DAG of jobs",
    "Assuming unrestricted shared filesystem usage",
    "Using shell: ",
    "Provided ",
    "Rules claiming more threads",
    "Conda environments: ignored",
    "Singularity containers: ignored",
    "Group jobs: inactive",
    "Select jobs to execute",
    "Execute ",
    "Updating checkpoint dependencies",
    "DAG of jobs will be updated after completion",
    "Shutting down, this might take some time",
    "Removing output files of failed job",
    "Complete log(s): ",
    "Elapsed time: ",
    "Reasons:",
    "Some jobs were triggered by provenance information",
    "Rules with ",
    "The run involves checkpoint jobs",
)
"""How lines of Snakemake begin that say nothing of the trial."""

SILENT = (
    LogEvent.WORKFLOW_STARTED,
    LogEvent.RESOURCES_INFO,
    LogEvent.RUN_INFO,
    LogEvent.PROGRESS,
    LogEvent.SHELLCMD,
    LogEvent.RULEGRAPH,
    LogEvent.DEBUG_DAG,
    LogEvent.JOB_STARTED,
    LogEvent.JOB_FINISHED,
    LogEvent.GROUP_INFO,
)
"""Events that are told by what is made of them, or not at all."""


def name_of_job(line: Mapping[str, Any]) -> str:
    """Return the name that our records have of a job, by what Snakemake says of it."""
    for file in line.get("output") or ():
        if str(file).startswith(f"{RECORDS}/"):
            return job_name(str(file))
    return str(line["rule_name"])


class Told:
    """Tells of a call of Snakemake.

    Parameters
    ----------
    screen : Screen
        Where to.
    quiet : bool
        Whether nothing is told but what failed.
    """

    def __init__(self, screen: Screen, *, quiet: bool = False) -> None:
        self.screen = screen
        self.quiet = quiet
        self.interrupted = False
        self._failed: dict[int, FailedJob] = {}
        self._errors: list[str] = []

    def take(self, record: logging.LogRecord) -> None:
        """Tell what a line of Snakemake's log says, if it says anything to a person."""
        line = record.__dict__
        event = line.get("event")
        if event == LogEvent.JOB_ERROR:
            log = next(iter(line.get("log") or ()), "")
            failed = FailedJob(name_of_job(line), str(log))
            self._failed[line["jobid"]] = failed
            self.job_failed(line["jobid"], failed)
        elif record.levelno >= logging.ERROR or event == LogEvent.GROUP_ERROR:
            self._errors.append(record.getMessage())
        elif event not in SILENT:
            self._words(record.getMessage())

    def job_failed(self, jobid: int, failed: FailedJob) -> None:
        """Take in that a job failed, of which the last lines tell."""

    def job_goes_on(self, jobid: int) -> None:
        """Forget that a job failed which is tried again."""
        self._failed.pop(jobid, None)

    def tick(self) -> None:
        """Show how far what runs is, where it can be shown."""

    def end(self) -> None:
        """Tell last, and alone, why the call stopped where it did."""
        self.screen.changing("")
        if self.interrupted:
            self.screen.line(self.words_of_interruption())
        elif self._failed or self._errors:
            for text in told_failures(self._failed.values(), self._errors):
                self.screen.text(text)

    def words_of_interruption(self) -> str:
        """Say what an interruption leaves."""
        return "Interrupted."

    def _words(self, text: str) -> None:
        if text.startswith(INTERRUPTED):
            self.interrupted = True
            self.screen.changing("interrupted; the jobs that run are ended first")
        elif (
            not self.quiet and text.strip() and not text.startswith((*NOISE, *OF_JOBS))
        ):
            self.screen.line(printable_lines(text))
