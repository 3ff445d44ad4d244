"""A dry run tells which jobs would run, gathered by the reason."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.terminal.screen import Screen
from alsdecline.terminal.told_plan import ToldPlan
from support.snakemake_log import Line, Written

DRY = "This was a dry-run (flag -n). The order of jobs does not reflect the order."
SETTING = "setting sampler.draws: 4000 -> 500"
BY_JOB = "Input files updated by another job: results/fits/joint/posterior.parquet"


@pytest.fixture
def seen(
    trial: Path, line: Line, began: Callable[..., logging.LogRecord]
) -> Callable[..., list[str]]:
    def of(*jobs: tuple[str, str]) -> list[str]:
        assert trial.is_dir()
        written = Written(terminal=False)
        told = ToldPlan(Screen(written))
        told.take(line(LogEvent.RUN_INFO, "Job stats:", stats={"gate": 1, "total": 1}))
        for jobid, (name, reason) in enumerate(jobs):
            told.take(began(jobid, name, reason))
        told.take(began(99, "all", BY_JOB))
        told.take(line(LogEvent.RUN_INFO, "Job stats:", stats={"gate": 1, "total": 1}))
        told.take(line(None, "Reasons:\n    (check individual jobs above for details)"))
        told.take(line(None, DRY))
        told.end()
        return written.getvalue().splitlines()

    return of


def test_jobs_are_gathered_by_why_they_would_run(
    seen: Callable[..., list[str]],
) -> None:
    assert seen(
        ("gate", BY_JOB),
        ("fit_joint", f"{SETTING}; Missing output files: a, b"),
        ("fit_single/limb", SETTING),
        ("describe", "Missing output files: results/tables/exposure.csv"),
        ("report", f"Missing output files: results/report.html; {BY_JOB}"),
    ) == [
        "5 jobs would run, about 2 min on one core:",
        "   2  not made yet: describe, report",
        f"   2  {SETTING}: fit_joint, fit_single/limb",
        "   1  follows from others: gate",
        "Nothing was run or written.",
    ]


def test_it_says_where_the_plan_is_made_anew(seen: Callable[..., list[str]]) -> None:
    *_, last = seen(("ingest", "raw file data/visits.csv changed"))
    assert last == (
        "Nothing was run or written. What follows from ingest is planned again once it "
        "has run."
    )


def test_with_quiet_it_tells_how_many_jobs_of_each_rule(
    trial: Path, line: Line
) -> None:
    assert trial.is_dir()
    written = Written(terminal=False)
    told = ToldPlan(Screen(written), quiet=True)
    stats = {"fit_single": 4, "accept": 1, "all": 1, "total": 6}
    told.take(line(LogEvent.RUN_INFO, "Job stats:", stats=stats))
    told.end()
    assert written.getvalue() == "5 jobs would run: accept, fit_single 4\n"
