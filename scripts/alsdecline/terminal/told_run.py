"""What a run tells a person as it goes: a line a job, how far the fits are, its end."""

import dataclasses
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.terminal import lines
from alsdecline.terminal.failures import FailedJob
from alsdecline.terminal.screen import Screen
from alsdecline.terminal.time_left import (
    FIT,
    Expected,
    about,
    raw_bytes,
    seconds_left,
    seconds_of_last_run,
)
from alsdecline.terminal.told import CHECKPOINT, TARGETS, Told, name_of_job

END = "alsdecline_end"
"""Attribute of the line of a log that is the end of a run: labels with their texts."""

LEFT = "alsdecline_left"
"""Attribute of the line on a job that begins: how many are left, by their rule."""

ENOUGH = 3
"""So many samplings say how long those take that follow."""


@dataclasses.dataclass(frozen=True)
class RunningJob:
    """A job under way: its name and rule, its log, and when it began."""

    name: str
    rule: str
    log: Path
    started: float


class ToldRun(Told):
    """Tells of a run.

    Parameters
    ----------
    screen : Screen
        Where to.
    quiet : bool
        Whether jobs are not told of.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(screen, quiet=quiet)
        self._clock = clock
        self._cores = 1
        self._total = 0
        self._done = 0
        self._pending: dict[str, int] = {}
        self._running: dict[int, RunningJob] = {}
        self._expected: Expected | None = None

    def take(self, record: logging.LogRecord) -> None:
        """Tell what a line of Snakemake's log says, if it says anything to a person."""
        line = record.__dict__
        event = line.get("event")
        if event == LogEvent.RESOURCES_INFO:
            self._cores = int(line.get("cores") or line.get("nodes") or self._cores)
        elif event == LogEvent.RUN_INFO:
            self._plan(line.get("stats") or {})
        elif event == LogEvent.JOB_INFO:
            self._began(line)
        elif event == LogEvent.JOB_FINISHED:
            self._finished(line["job_id"])
        elif END in line:
            self._ended(line[END])
        else:
            super().take(record)

    def tick(self) -> None:
        """Show how far what runs is, on a terminal."""
        if not self.screen.is_terminal or self.quiet or self.interrupted:
            return
        far = {
            job.name: lines.progress_of_fit(job.log) for job in self._running.values()
        }
        self.screen.changing(lines.under_way(far, self._left()) if far else "")

    def job_failed(self, jobid: int, failed: FailedJob) -> None:
        """Tell at once only if others go on, which take their time."""
        self._running.pop(jobid, None)
        if self._running and not self.quiet and not self.interrupted:
            others = ", ".join(job.name for job in self._running.values())
            self.screen.text(f"{failed.name} failed; still running: {others}")

    def words_of_interruption(self) -> str:
        """Say what an interruption leaves."""
        done = f"{self._done} of {lines.jobs(self._total)}"
        return f"Interrupted: {done} done, and kept. Run again to go on."

    def _plan(self, stats: Mapping[str, int]) -> None:
        self._pending = {r: n for r, n in stats.items() if r not in TARGETS | {"total"}}
        self._total = sum(self._pending.values())

    def _began(self, line: Mapping[str, Any]) -> None:
        name = name_of_job(line)
        if self._expected is None:
            self._expected = self._tell_how_much(line.get("input") or ())
        if name in TARGETS:
            return
        self.job_goes_on(line["jobid"])
        if LEFT in line:
            self._plan_again(line[LEFT])
        log = Path(str(next(iter(line.get("log") or ()), "")))
        rule = str(line["rule_name"])
        self._running[line["jobid"]] = RunningJob(name, rule, log, self._clock())
        self._pending[rule] = max(self._pending.get(rule, 0) - 1, 0)

    def _plan_again(self, left: Mapping[str, int]) -> None:
        """Take in what is left, which is known anew once the checkpoint ran."""
        running = Counter(job.rule for job in self._running.values())
        self._pending = {r: n - running[r] for r, n in left.items() if r not in TARGETS}
        self._total = self._done + len(self._running) + sum(self._pending.values())

    def _tell_how_much(self, read: Sequence[str]) -> Expected:
        """Tell how much there is to do, once the first job shows what it reads."""
        self._expected = Expected(seconds_of_last_run(), raw_bytes(read))
        if not self.quiet:
            by = (
                "by the times of the last run"
                if self._expected.last
                else "a guess, by the size of the raw files"
            )
            cores = f"{self._cores} core{'s' * (self._cores != 1)}"
            many = lines.jobs(self._total)
            if self._expected.last and CHECKPOINT in self._pending:
                many = f"up to {many}"  # what it makes may have the bytes it had
            self.screen.line(f"{many} on {cores}, {about(self._left())} ({by})")
        return self._expected

    def _finished(self, jobid: int) -> None:
        job = self._running.pop(jobid, None)
        if job is None:  # the rule that asks for all
            return
        seconds = self._clock() - job.started
        if self._expected:
            self._expected.took(job.name, seconds)
        self._done += 1
        if self.quiet:
            return
        total = max(self._total, self._done)
        left = self._left() if self._done < total else None
        self.screen.line(lines.job_line(self._done, total, job.name, seconds, left))
        self.tick()

    def _left(self) -> float:
        """Return the seconds that the run still takes."""
        if self._expected is None:
            return 0.0
        fits: list[float] = []
        others: list[float] = []
        for job in self._running.values():
            of = fits if job.name.startswith(FIT) else others
            of.append(self._left_of(job, self._expected))
        for rule, count in self._pending.items():
            of = fits if rule.startswith(FIT) else others
            of += [self._expected.of(rule)] * count
        return seconds_left(fits, others, self._cores)

    def _left_of(self, job: RunningJob, expected: Expected) -> float:
        elapsed = self._clock() - job.started
        far = lines.progress_of_fit(job.log) if job.name.startswith(FIT) else None
        if far and far[0] >= ENOUGH:
            return elapsed / far[0] * (far[1] - far[0])
        return max(expected.of(job.name) - elapsed, 0.0)

    def _ended(self, parts: Sequence[tuple[str, str]]) -> None:
        self.screen.changing("")
        if not self.quiet:
            self.screen.line()
            for label, text in parts:
                self.screen.labelled(label, text)
