"""What the workflow knows, put into lines of the log, whichever logger prints them."""

import datetime
import logging
from collections import Counter
from pathlib import Path
from typing import Any

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.ledger import read_ledger
from alsdecline.terminal import lines
from alsdecline.terminal.summary import REPORT, end_of_run
from alsdecline.terminal.told import TARGETS
from alsdecline.terminal.told_run import END, LEFT

REPORT_RULE = "report"


def _asks_for_report(workflow: Any) -> bool:
    return any(job.rule.name == REPORT_RULE for job in workflow.dag.jobs)


def tell_end(workflow: Any, run: str) -> None:
    """Tell how a run ended that did all that it was to do.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Which did its jobs, in the trial's folder.
    run : str
        Id of the run in the ledger.
    """
    events = [
        line
        for line in read_ledger(Path()).lines
        if (line.get("event"), line.get("status")) == ("job", "done")
        and line.get("run") == run
    ]
    took = datetime.datetime.now() - workflow.start_time
    parts = end_of_run(events, took.total_seconds(), report=_asks_for_report(workflow))
    text = "\n".join(f"{label}: {words}" for label, words in parts)
    logger.info(text, extra={END: parts})


class WorkflowFacts(logging.Filter):
    """Adds to lines of the log what the workflow alone knows.

    Of what is up to date, how much it is and where the report is; of a job that begins,
    how many are left, which the checkpoint may have changed.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Of the trial in the working folder.
    """

    def __init__(self, workflow: Any) -> None:
        super().__init__()
        self._workflow = workflow

    def filter(self, line: logging.LogRecord) -> bool:
        """Change the line where it is one of these; let all lines pass."""
        if line.msg == NOTHING_TO_BE_DONE_MSG:
            names = [job.rule.name for job in self._workflow.dag.jobs]
            many = lines.jobs(len(names) - len(TARGETS.intersection(names)))
            where = f". Report: {REPORT.resolve()}" * _asks_for_report(self._workflow)
            line.msg = f"Nothing to be done: {many} up to date{where}"
        elif getattr(line, "event", None) == LogEvent.JOB_INFO:
            left = self._workflow.dag.needrun_jobs()
            line.__dict__[LEFT] = dict(Counter(job.rule.name for job in left))
        return True


def tell_workflow_facts(workflow: Any) -> None:
    """Have lines of the log tell so."""
    logger.addFilter(WorkflowFacts(workflow))
