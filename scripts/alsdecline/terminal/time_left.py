"""How long jobs take, by the last run or by the size of raw files; what is left."""

import csv
import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path

BENCHMARKS = Path("results/benchmarks")

FIT = "fit_"
"""How rules of fits begin, which all later jobs wait for."""

TYPICAL = {
    "fit_joint": 75.0,
    "fit_single": 14.0,
    "fit_member": 45.0,
    "diagnose": 9.0,
    "figure_effects": 3.0,
    "validate": 1.0,
    "accept": 0.5,
    "ingest": 1.5,
    "fit_design": 15.0,
    "simulate_design": 4.0,
}
"""Seconds that jobs of the bundled trial take; of other rules :data:`OTHERS`."""

OTHERS = 2.5

BUNDLED_BYTES = 30_000
"""Size of the raw files that :data:`TYPICAL` is of."""

OF_NO_DATA = frozenset({"fit_design", "simulate_design"})
"""Rules whose jobs take as long whatever the raw files."""

TRUSTED = 30.0
"""So many seconds of jobs that are done weigh as much as that nothing has changed."""


def duration(seconds: float) -> str:
    """Say how long something took or takes."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def about(seconds: float) -> str:
    """Say how long something may take, no more exactly than it is known."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 85:
        return f"about {10 * round(seconds / 10)} s"
    step = 60 if seconds < 3600 else 600
    return f"about {duration(step * round(seconds / step))}"


def raw_bytes(read: Iterable[object]) -> int:
    """Return the size of the raw files among those that a job reads, in bytes.

    What earlier jobs made says nothing of it, and is larger.
    """
    files = [Path(str(file)) for file in read]
    return sum(
        file.stat().st_size
        for file in files
        if file.parts[:1] != BENCHMARKS.parts[:1] and file.is_file()
    )


def seconds_of_last_run(folder: Path = BENCHMARKS) -> dict[str, float]:
    """Return the seconds that each job took when it ran last, by its name.

    Parameters
    ----------
    folder : Path
        Of the benchmarks.

    Returns
    -------
    dict of str to float
        Without those of which there is no benchmark.
    """
    found = {}
    for path in folder.rglob("*.tsv"):
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                row = next(csv.DictReader(stream, delimiter="\t"), {})
            name = path.relative_to(folder).with_suffix("").as_posix()
            found[name] = float(row["s"])
        except (OSError, ValueError, KeyError):
            continue  # of no use, and of no harm
    return found


@dataclasses.dataclass
class Expected:
    """How long jobs are expected to take.

    Attributes
    ----------
    last : mapping of str to float
        Seconds of the last run, by job.
    bytes : int
        Size of the raw files; 0 where it is not known.
    """

    last: Mapping[str, float]
    bytes: int = 0
    _expected: float = 0.0
    _took: float = 0.0

    def of(self, name: str) -> float:
        """Return the seconds of a job, or of any of a rule that is named instead."""
        if name in self.last:
            return self.last[name] * self.pace
        rule = name.partition("/")[0]
        alike = [s for job, s in self.last.items() if job.partition("/")[0] == rule]
        if alike:
            return sum(alike) / len(alike) * self.pace
        typical = TYPICAL.get(rule, OTHERS)
        size = max(1.0, self.bytes / BUNDLED_BYTES) if rule not in OF_NO_DATA else 1.0
        return typical * (size if rule.startswith(FIT) else size**0.5) * self.pace

    @property
    def pace(self) -> float:
        """How many times longer jobs of this run took so far than was expected."""
        return (self._took + TRUSTED) / (self._expected + TRUSTED)

    def took(self, name: str, seconds: float) -> None:
        """Learn from a job that is done."""
        self._expected += self.of(name) / self.pace
        self._took += seconds


def seconds_left(fits: Iterable[float], others: Iterable[float], cores: int) -> float:
    """Return the seconds that a run still takes.

    Parameters
    ----------
    fits, others : iterable of float
        What is left of each fit, and of each other job; these wait for the fits.
    cores : int
        How many jobs run at the same time.

    Returns
    -------
    float
    """
    fits, others = list(fits), list(others)
    of_fits = max(max(fits, default=0.0), sum(fits) / cores)
    return of_fits + max(max(others, default=0.0), sum(others) / cores)
