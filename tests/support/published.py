"""Numbers that others published on a trial, and ours beside them.

A trial is a folder of tests/validation: a ``config.yaml``, whose raw files lie under
``raw/``, and a ``published.csv`` with a row for each number. ``raw`` is a link to the
folder of the same name among the reference data, made where the trial is run.
"""

import csv
import dataclasses
import shutil
from pathlib import Path

import pandas as pd

from alsdecline.result_tables import read_result_table
from support.job_runs import analyse
from support.once import Once

FOLDER = Path(__file__).parents[1] / "validation"

MONTE_CARLO = "monte carlo, SE "
"""Tolerance of a posterior mean held to an estimate with this standard error."""


@dataclasses.dataclass(frozen=True)
class Published:
    """A number as it was printed, and where ours stands.

    Attributes
    ----------
    quantity, source : str
        What it is of, and where it was printed.
    table, where, column : str
        A table of results, ``column=value`` pairs that one row alone has, a column.
    published : str
        The number as printed.
    tolerance : str
        Empty: half a unit of the last printed digit. ``sign``: the sign alone. Else
        :data:`MONTE_CARLO` and a standard error: 4 Monte Carlo errors of ours and 2%
        of that.
    multiply : str
        What turns ours into the published unit: a number or a fraction; empty for 1.
    note : str
        What a reader must know.
    unmet_because : str
        Why ours lies outside the tolerance; empty where it does not.
    """

    quantity: str
    source: str
    table: str
    where: str
    column: str
    published: str
    tolerance: str
    multiply: str
    note: str
    unmet_because: str


@dataclasses.dataclass(frozen=True)
class Compared:
    """A published number and ours.

    Attributes
    ----------
    quantity, source, published, note : str
        As :class:`Published` has them; the note may be why it is not met.
    ours : float
        In the published unit.
    tolerance : float
        Largest difference permitted; infinite where the sign alone is compared.
    met : bool
        Whether ours is within it.
    expected : bool
        False where it is known, and said why, that it is not.
    sampled : bool
        Whether ours has a Monte Carlo error.
    """

    quantity: str
    source: str
    published: str
    ours: float
    tolerance: float
    met: bool
    expected: bool
    sampled: bool
    note: str


def trials() -> list[str]:
    """Name the trials that others published."""
    return sorted(path.parent.name for path in FOLDER.glob("*/published.csv"))


def lay_out(name: str, folder: Path, reference: Path) -> Path:
    """Make a trial's folder where it can be run, its raw files a link away."""
    folder.mkdir(parents=True)
    shutil.copy2(FOLDER / name / "config.yaml", folder)
    (folder / "raw").symlink_to(
        (reference / "data" / name).resolve(), target_is_directory=True
    )
    return folder


def analysed_published(name: str, once: Once, reference: Path) -> Path:
    """Return the folder of a trial that was analysed whole; to be read, not changed."""
    return once(name, lambda f: analyse(lay_out(name, f, reference), "--cores", "2"))


def read_published(name: str) -> list[Published]:
    """Read what was published on a trial."""
    with (FOLDER / name / "published.csv").open(encoding="utf-8", newline="") as stream:
        return [Published(**row) for row in csv.DictReader(stream)]


def _row(folder: Path, number: Published) -> pd.Series:
    """Return the one row of our table that a number is in."""
    table = read_result_table(folder / number.table)
    for pair in number.where.split(";"):
        column, _, value = pair.partition("=")
        table = table[table[column].fillna("").astype(str) == value]
    assert len(table) == 1, f"{number.quantity}: {len(table)} rows where {number.where}"
    return table.iloc[0]


def _factor(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above or 1) / float(below or 1)


def half_a_digit(printed: str) -> float:
    """Half a unit of the last digit of a printed number."""
    _, _, decimals = printed.partition(".")
    return 0.5 * 10.0 ** -len(decimals)


def compare(folder: Path, number: Published) -> Compared:
    """Put ours beside a published number."""
    row = _row(folder, number)
    factor = _factor(number.multiply)
    ours, theirs = factor * float(row[number.column]), float(number.published)
    sampled = number.tolerance.startswith(MONTE_CARLO)
    if number.tolerance == "sign":
        tolerance, met = float("inf"), ours * theirs > 0
    else:
        tolerance = half_a_digit(number.published)
        if sampled:
            se = float(number.tolerance.removeprefix(MONTE_CARLO))
            tolerance = 4 * abs(factor) * float(row["mcse"]) + 0.02 * se
        # half a digit itself may be rounded either way, and ours has 12 digits
        met = abs(ours - theirs) <= tolerance + 1e-12 * abs(ours)
    return Compared(
        number.quantity,
        number.source,
        number.published,
        ours,
        tolerance,
        met,
        not number.unmet_because,
        sampled or number.tolerance == "sign",
        number.unmet_because or number.note,
    )
