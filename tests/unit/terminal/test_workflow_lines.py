"""Lines of the log carry what the workflow alone knows."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from snakemake.common import NOTHING_TO_BE_DONE_MSG

from alsdecline.terminal.told_run import LEFT
from alsdecline.terminal.workflow_lines import WorkflowFacts
from support.snakemake_log import Line


def facts(*rules: str) -> WorkflowFacts:
    jobs = [SimpleNamespace(rule=SimpleNamespace(name=rule)) for rule in rules]
    dag = SimpleNamespace(jobs=jobs, needrun_jobs=lambda: iter(jobs))
    return WorkflowFacts(SimpleNamespace(dag=dag))


def test_with_nothing_to_do_a_line_says_how_much_is_there_and_where(
    trial: Path, line: Line
) -> None:
    told = line(None, NOTHING_TO_BE_DONE_MSG)
    assert facts("all", "report", "fit_single", "fit_single").filter(told)
    assert told.msg == (
        f"Nothing to be done: 3 jobs up to date. Report: {trial}/results/report.html"
    )


def test_where_no_report_is_asked_for_none_is_named(line: Line) -> None:
    told = line(None, NOTHING_TO_BE_DONE_MSG)
    assert facts("ingest").filter(told)
    assert told.msg == "Nothing to be done: 1 job up to date"


def test_a_job_that_begins_says_how_many_are_left(
    began: Callable[..., logging.LogRecord],
) -> None:
    told = began(1, "gate")
    assert facts("gate", "fit_single", "fit_single", "all").filter(told)
    assert told.__dict__[LEFT] == {"gate": 1, "fit_single": 2, "all": 1}


def test_other_lines_pass_as_they_are(line: Line) -> None:
    told = line(None, "Unlocked working directory.")
    assert facts().filter(told)
    assert told.msg == "Unlocked working directory."
    assert LEFT not in told.__dict__
