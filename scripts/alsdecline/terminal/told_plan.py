"""What a dry run tells a person: which jobs would run, and why, gathered by reason."""

import logging
from collections.abc import Mapping

from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.terminal import lines
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

ENDS = "This was a dry-run"


class ToldPlan(Told):
    """Tells of a dry run.

    Parameters
    ----------
    screen : Screen
        Where to.
    quiet : bool
        Whether jobs are told by their numbers alone.
    """

    def __init__(self, screen: Screen, *, quiet: bool = False) -> None:
        super().__init__(screen, quiet=quiet)
        self._planned: dict[str, str] = {}
        self._raw: list[str] = []

    def take(self, record: logging.LogRecord) -> None:
        """Take in what would run, and tell it at the end."""
        line = record.__dict__
        if line.get("event") == LogEvent.JOB_INFO:
            self._raw = self._raw or list(line.get("input") or ())
            if (name := name_of_job(line)) not in TARGETS:
                self._planned[name] = lines.planned_reason(str(line["reason"]))
        elif line.get("event") == LogEvent.RUN_INFO and self.quiet:
            self._tell_counts(line.get("stats") or {})
        elif record.getMessage().startswith(ENDS):
            self._tell()
        else:
            super().take(record)

    def _tell_counts(self, stats: Mapping[str, int]) -> None:
        """Tell how many jobs each rule has: Snakemake then says no more of them."""
        counts = {r: n for r, n in stats.items() if r not in TARGETS | {"total"}}
        named = [f"{rule} {n}" if n > 1 else rule for rule, n in counts.items()]
        many = lines.jobs(sum(counts.values()))
        self.screen.text(f"{many} would run: {', '.join(sorted(named))}")

    def _tell(self) -> None:
        if self.quiet:
            return
        expected = Expected(seconds_of_last_run(), raw_bytes(self._raw))
        fits = [expected.of(name) for name in self._planned if name.startswith(FIT)]
        others = [expected.of(n) for n in self._planned if not n.startswith(FIT)]
        many = lines.jobs(len(self._planned))
        takes = about(seconds_left(fits, others, 1))
        self.screen.line(f"{many} would run, {takes} on one core:")
        for reason, names in lines.by_reason(self._planned.items()).items():
            text = f"{reason}: {', '.join(sorted(names))}"
            self.screen.text(text, label=f"{len(names):>4}  ")
        after = (
            f" What follows from {CHECKPOINT} is planned again once it has run."
            if CHECKPOINT in self._planned
            else ""
        )
        self.screen.text(f"Nothing was run or written.{after}")
