"""A run is told in a line a job, and what stopped it last and alone."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.job_log import write_stop
from alsdecline.terminal.screen import Screen
from alsdecline.terminal.told_run import END, LEFT, ToldRun
from support.snakemake_log import Line, Written

Began = Callable[..., logging.LogRecord]

STATS = {"validate": 1, "fit_joint": 1, "report": 1, "all": 1, "total": 4}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Run:
    """A run that is told, and what is seen of it."""

    def __init__(self, line: Line, *, terminal: bool = False, quiet: bool = False):
        self.written = Written(terminal=terminal)
        self.clock = Clock()
        self.told = ToldRun(Screen(self.written), quiet=quiet, clock=self.clock)
        self._line = line

    def take(self, event: LogEvent | None, text: str = "", **more: Any) -> None:
        self.told.take(self._line(event, text, **more))

    def begin(self) -> None:
        self.take(None, "Building DAG of jobs...")
        self.take(LogEvent.WORKFLOW_STARTED, "Workflow has started!")
        self.take(None, "Using shell: /usr/bin/bash")
        self.take(LogEvent.RESOURCES_INFO, "Provided cores: 2", cores=2)
        self.take(LogEvent.RESOURCES_INFO, "Rules claiming more threads ...")
        self.take(LogEvent.RUN_INFO, "Job stats:\njob count", stats=dict(STATS))
        self.take(None, "Select jobs to execute...")
        self.take(LogEvent.JOB_STARTED, "Execute 1 jobs...", jobs=[1])

    def done(self, jobid: int, seconds: float) -> None:
        self.clock.now += seconds
        self.take(LogEvent.JOB_FINISHED, f"Finished jobid: {jobid}", job_id=jobid)

    @property
    def seen(self) -> list[str]:
        return self.written.getvalue().splitlines()


@pytest.fixture
def run(trial: Path, line: Line) -> Run:
    assert trial.is_dir()
    return Run(line)


def test_a_run_is_a_line_for_each_job_and_its_end(run: Run, began: Began) -> None:
    run.begin()
    for jobid, name, seconds in (
        (1, "validate", 1.0),
        (2, "fit_joint", 75.0),
        (3, "report", 2.0),
    ):
        run.told.take(began(jobid, name))
        run.done(jobid, seconds)
    run.told.take(began(0, "all"))
    run.done(0, 0.0)
    run.take(None, "Answer: yes", **{END: [("Answer", "Slower."), ("Took", "78 s")]})
    run.take(None, "Complete log(s): /a/.snakemake/log/1.log")
    run.take(None, "Elapsed time: 0:01:18")
    run.told.end()
    assert run.seen == [
        "3 jobs on 2 cores, about 80 s (a guess, by the size of the raw files)",
        "[1/3] validate                                    1 s   about 80 s left",
        "[2/3] fit_joint                            1 min 15 s   a few seconds left",
        "[3/3] report                                      2 s",
        "",
        "Answer    Slower.",
        "Took      78 s",
    ]


def test_the_time_left_is_by_the_last_run_where_there_was_one(
    run: Run, began: Began
) -> None:
    folder = Path("results/benchmarks")
    folder.mkdir(parents=True)
    for name, seconds in (("validate", 1), ("fit_joint", 300), ("report", 60)):
        (folder / f"{name}.tsv").write_text(f"s\th:m:s\n{seconds}\t0:00\n", "utf-8")
    run.begin()
    run.told.take(began(1, "validate"))
    run.done(1, 1.0)
    assert (
        run.seen[0] == "3 jobs on 2 cores, about 6 min (by the times of the last run)"
    )
    assert run.seen[1].endswith("about 6 min left")


def fit_is_at(text: str) -> None:
    log = Path("results/logs/fit_joint.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(text, "utf-8")


def test_a_terminal_shows_how_far_a_fit_is_below_the_lines(
    trial: Path, line: Line, began: Began
) -> None:
    run = Run(line, terminal=True)
    run.begin()
    run.told.take(began(2, "fit_joint"))
    fit_is_at("joint: sampling 1 of 25, prior a\njoint: sampling 11 of 25, prior b\n")
    run.clock.now += 50
    run.told.tick()
    assert trial.is_dir()
    *_, last = run.written.getvalue().split("\n")
    # 50 s for 10 of 25, and what comes after the fit
    assert last == "about 80 s left: fit_joint [####------] 10/25"


def test_no_control_code_goes_where_no_terminal_is(run: Run, began: Began) -> None:
    run.begin()
    run.told.take(began(2, "fit_joint"))
    fit_is_at("joint: sampling 11 of 25, prior b\n")
    run.told.tick()
    run.done(2, 3.0)
    assert "\x1b" not in run.written.getvalue()
    assert "\r" not in run.written.getvalue()


FINAL = "Exiting because a job execution failed. Look above for error messages"
FAILED = "WorkflowError:\nAt least one job did not complete successfully."
CALLED = (
    'CalledProcessError in file "/p/rules/data.smk", line 52:\n'
    "Command 'set -euo pipefail; python x' returned non-zero exit status 1.\n"
    '  File "/p/rules/data.smk", line 52, in __rule_accept'
)


def fail(run: Run, began: Began, *, words: str = "", called: str = CALLED) -> None:
    run.begin()
    run.told.take(began(1, "validate"))
    log = Path("results/logs/validate.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as stream:
        print("looking at the files", file=stream)
        if words:
            write_stop(stream, words)
    run.take(LogEvent.ERROR, called, level=logging.ERROR)
    about = began(1, "validate").__dict__
    run.take(
        LogEvent.JOB_ERROR,
        "Error in rule",
        level=logging.ERROR,
        **{k: about[k] for k in ("jobid", "rule_name", "output", "log")},
    )
    run.take(None, "Shutting down, this might take some time.")
    run.take(None, FINAL, level=logging.ERROR)
    run.take(LogEvent.ERROR, FAILED, level=logging.ERROR)
    run.told.end()


def test_on_an_error_the_words_of_the_job_come_last_and_alone(
    run: Run, began: Began
) -> None:
    fail(run, began, words="a.csv, row 3: no number\n1 fatal finding")
    assert run.seen[1:] == [
        "validate failed:",
        "a.csv, row 3: no number",
        "1 fatal finding",
    ]


def test_a_job_that_was_killed_is_told_as_such(run: Run, began: Began) -> None:
    fail(run, began, called=CALLED.replace("status 1.", "status 137."))
    assert run.seen[1] == "validate failed:"
    assert run.seen[2].startswith("it was killed, as a machine does that is short of")


def test_a_job_without_a_word_is_told_with_its_log(run: Run, began: Began) -> None:
    fail(run, began)
    assert run.seen[2] == (
        "it ended without a word; results/logs/validate.log has what it wrote"
    )


def test_while_others_run_a_failure_is_told_at_once(run: Run, began: Began) -> None:
    run.begin()
    run.told.take(began(2, "fit_joint"))
    run.told.take(began(1, "validate"))
    about = began(1, "validate").__dict__
    run.take(
        LogEvent.JOB_ERROR,
        level=logging.ERROR,
        **{k: about[k] for k in ("jobid", "rule_name", "output", "log")},
    )
    assert run.seen[-1] == ("validate failed; still running: fit_joint")


def test_an_interruption_is_one_line_that_says_what_is_kept(
    run: Run, began: Began
) -> None:
    run.begin()
    run.told.take(began(1, "validate"))
    run.done(1, 1.0)
    run.told.take(began(2, "fit_joint"))
    run.take(None, "Terminating processes on user request, this might take some time.")
    about = began(2, "fit_joint").__dict__
    run.take(
        LogEvent.JOB_ERROR,
        level=logging.ERROR,
        **{k: about[k] for k in ("jobid", "rule_name", "output", "log")},
    )
    run.take(LogEvent.ERROR, FAILED, level=logging.ERROR)
    run.told.end()
    assert run.seen[2:] == [
        "Interrupted: 1 of 3 jobs done, and kept. Run again to go on."
    ]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            'MissingRuleException:\nNo rule to produce x\n  File "/p/a", line 3, in b',
            ["No rule to produce x"],
        ),
        (
            'Traceback (most recent call last):\n  File "a", line 1, in b\nKeyError: 3',
            [
                "a fault of the program: KeyError: 3",
                "The newest file of .snakemake/log has all of it; --verbose shows it",
            ],
        ),
        ("one \x1b[2Jtwo", [r"one \x1b[2Jtwo"]),
    ],
)  # fmt: skip
def test_what_snakemake_refuses_is_told_without_places_in_code(
    run: Run, error: str, told: list[str]
) -> None:
    run.take(LogEvent.ERROR, error, level=logging.ERROR)
    run.told.end()
    assert run.seen == told


def test_with_quiet_a_failure_is_still_told(
    trial: Path, line: Line, began: Began
) -> None:
    run = Run(line, quiet=True)
    fail(run, began, words="a.csv: empty")
    assert trial.is_dir()
    assert run.seen == ["validate failed:", "a.csv: empty"]


def test_what_snakemake_says_besides_is_passed_on(run: Run) -> None:
    run.take(None, "Unlocked working directory.")
    run.take(None, "SLURM run ID: 1")
    assert run.seen == ["Unlocked working directory.", "SLURM run ID: 1"]


def test_what_the_checkpoint_leaves_to_do_is_counted_anew(
    run: Run, began: Began
) -> None:
    run.begin()
    run.told.take(began(1, "validate", **{LEFT: {"validate": 1, "fit_joint": 1}}))
    run.done(1, 1.0)
    run.told.take(began(2, "report", **{LEFT: {"report": 1, "all": 1}}))
    run.done(2, 1.0)
    assert run.seen[1].startswith("[1/2] validate")
    assert run.seen[2] == ("[2/2] report                                      1 s")
