"""Rules on records that agree too well: copied visits, one patient under two names.

How improbable an agreement is, is counted in bits: of the first values by how many
patients have them, of each further one by how often such a change is seen. What is
told would not be expected once in :data:`ONCE_IN` trials of the same size, if patients
had nothing to do with each other. A value that stays as it was tells nothing.
"""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.datasets.visit_times import visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan

ONCE_IN = 10_000


MOST_DIGITS = 6
"""Decimals that count of numbers."""


def _bits_needed(patients: int, places: int = 1) -> float:
    """Return the bits of an agreement that no two of so many patients have by chance.

    `places` is in how many visits it may begin.
    """
    pairs = patients * (patients - 1) / 2
    return float(np.log2(max(pairs, 1) * places * ONCE_IN))


def _resolution(values: np.ndarray) -> float:
    """Return what half of the numbers, or more, are written to, as 1 or 0.1.

    The rest may be prorated, and have as many decimals as there are.
    """
    for digits in range(MOST_DIGITS):
        written = np.isclose(values, np.round(values, digits), rtol=0, atol=1e-9)
        if written.mean() >= 0.5:
            return float(10.0**-digits)
    return float(10.0**-MOST_DIGITS)


def _bits(values: np.ndarray, written_to: float | None = None) -> np.ndarray:
    """Return how improbable it is that another value is the same as each, in bits.

    The probability is the share that the value has beside the two that agree; it is at
    least one in all values or, of numbers, what it is of two draws of a normal
    distribution of their SD that are written to as many digits (`written_to`, else by
    themselves). That of a missing value is 1.
    """
    known = ~pd.isna(values)
    bits = np.zeros(values.shape)
    if known.sum() < 3:
        return bits
    own = values[known]
    codes, _ = pd.factorize(own)
    beside = (np.bincount(codes)[codes] - 2) / (own.size - 2)
    by_chance = 1 / own.size
    if own.dtype.kind == "f":
        sd = float(np.std(own, ddof=1))
        step = _resolution(own) if written_to is None else written_to
        by_chance = step / (2 * np.sqrt(np.pi) * sd) if sd > 0 else 1.0
    bits[known] = -np.log2(np.maximum(beside, min(by_chance, 1.0)))
    return bits


@dataclasses.dataclass(frozen=True)
class _Grid:
    """All patients' scheduled visits.

    Attributes
    ----------
    patients : ndarray, shape (n,)
    weeks : ndarray, shape (m,)
        Scheduled, rising.
    rows : ndarray, shape (n, m)
        Rows of the visits; 0 where there was none.
    scores : ndarray, shape (k, n, m)
        Of each outcome; NaN where missing.
    """

    patients: np.ndarray
    weeks: np.ndarray
    rows: np.ndarray
    scores: np.ndarray


def _grid(plan: DataPlan, files: TrialFiles) -> _Grid:
    """Lay the values of all outcomes out by patient and scheduled visit."""
    visits = files.tables["visits"]
    weeks = visit_weeks(plan, visits, visit_days(plan, files))
    measured = [o for o in plan.outcomes if not o.sum_of]
    frame = pd.DataFrame({"patient": visits["patient"], "week": weeks})
    frame[ROW] = visits[ROW]
    for k, outcome in enumerate(measured):
        frame[k] = outcome_values(plan, visits, outcome)
    frame = frame.dropna(subset=["patient", "week"])
    frame = frame.drop_duplicates(["patient", "week"])
    frame = frame[frame["week"].isin(plan.visits.schedule)]
    n, patients = pd.factorize(frame["patient"], sort=True)
    m, scheduled = pd.factorize(frame["week"], sort=True)
    rows = np.zeros((patients.size, scheduled.size), dtype=int)
    rows[n, m] = frame[ROW]
    values = np.full((len(measured), *rows.shape), np.nan)
    for k in range(len(measured)):
        values[k, n, m] = frame[k]
    return _Grid(np.asarray(patients), np.asarray(scheduled), rows, values)


def _coded(values: np.ndarray) -> np.ndarray:
    """Return a number for each different value; -1 where it is missing."""
    codes, _ = pd.factorize(values.ravel())
    return np.asarray(codes).reshape(values.shape)


def _paired(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return a number for each different pair of two arrays of numbers from 0 on."""
    return _coded(one.astype(np.int64) * (int(other.max()) + 1) + other)


def _bits_of_grid(grid: _Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what tells visits apart: their codes, and bits as first and as further.

    All are of shape (n, m). Visits of equal codes have equal values of all outcomes.
    """
    joint = np.zeros(grid.rows.shape, dtype=np.int64)
    known = np.zeros(grid.rows.shape, dtype=bool)
    for outcome in grid.scores:
        codes = _coded(outcome)
        known |= codes >= 0
        joint = _paired(joint, codes + 1)
    joint[~known] = -1
    first = np.zeros(grid.rows.shape)
    further = np.zeros(grid.rows.shape)
    for outcome in grid.scores:
        measured = outcome[~np.isnan(outcome)]
        step = _resolution(measured) if measured.size else 1.0
        first += np.column_stack([_bits(at_visit, step) for at_visit in outcome.T])
        changes = np.round(np.diff(outcome, axis=-1), MOST_DIGITS)
        # two who stay at a scale's end, or of whom one value was carried on, agree so
        further[:, 1:] += np.where(changes == 0, 0.0, _bits(changes, step))
    return joint, first, further


def _runs(grid: _Grid) -> Iterator[tuple[int, int, np.ndarray]]:
    """Find patients with the same values at visits in a row.

    Yields the first and the last of these visits and the patients, by their positions;
    of a patient the longest run alone that begins first.
    """
    n, m = grid.rows.shape
    if n < 2 or not grid.scores.size:
        return
    joint, first, further = _bits_of_grid(grid)
    needed = _bits_needed(n, m)
    told: set[tuple[int, ...]] = set()
    for start in range(m):
        run, bits = joint[:, start].copy(), first[:, start].copy()
        open_ = run >= 0
        for end in range(start + 1, m):
            open_ &= joint[:, end] >= 0
            run = _paired(run + 1, joint[:, end] + 1)
            bits += further[:, end]
            sizes = np.bincount(run[open_], minlength=run.max() + 1)
            open_ &= sizes[run] > 1  # nobody else goes on as this patient does
            if not open_.any():
                break
            enough = np.flatnonzero(open_ & (bits >= needed))
            for alike in pd.Series(enough).groupby(run[enough]).groups.values():
                members = tuple(int(enough[i]) for i in alike)
                if len(members) > 1 and members not in told:
                    told.add(members)
                    own = joint[list(members)]
                    same = (own == own[0]).all(axis=0) & (own[0] >= 0)
                    last = start + int(np.argmin(np.r_[same[start:], False])) - 1
                    yield start, last, np.array(members)


def copied_visits(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits in a row at which two patients have the same values throughout."""
    grid = _grid(plan, files)
    for start, last, members in _runs(grid):
        model, *others = members
        names = [plan.visits.name_of(float(grid.weeks[i])) for i in (start, last)]
        for other in others:
            message = (
                f"the same values of all outcomes as patient {grid.patients[model]} "
                f"from {names[0]} (row {grid.rows[model, start]}) to {names[1]}, more "
                "than chance has; check whose they are, and leave out the rows that "
                "are another's"
            )
            row = int(grid.rows[other, start])
            patient = grid.patients[other]
            yield files.finding(
                "visits", Rule.COPIED_VISITS, row, "patient", patient, message
            )


def _measured(column: pd.Series) -> np.ndarray:
    """Return a column as numbers, dates in days; texts as they are."""
    if column.dtype.kind == "M":
        return ((column - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    return column.to_numpy()


def patients_alike(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients of whom all that is known of them at the start is the same."""
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    subjects = subjects.drop_duplicates("patient")
    described = [c.column for c in plan.data.subjects.characteristics]
    baselines = [o.baseline.column for o in plan.outcomes if o.baseline]
    wanted = ["randomisation_date", *described, *baselines]
    columns = [c for c in dict.fromkeys(wanted) if c in subjects]
    if len(subjects) < 2 or not columns:
        return
    codes = np.column_stack([pd.factorize(subjects[c])[0] for c in columns])
    bits = np.sum([_bits(_measured(subjects[c])) for c in columns], axis=0)
    _, same = np.unique(codes, axis=0, return_inverse=True)
    sizes = np.bincount(same)
    alike = (sizes[same] > 1) & (bits >= _bits_needed(len(subjects)))
    shown = ", ".join(files.column_name("subjects", column) for column in columns)
    for _, group in subjects[alike].groupby(same[alike]):
        first = group.iloc[0]
        for _, subject in group.iloc[1:].iterrows():
            message = (
                f"the same {shown} as patient {first['patient']} in row {first[ROW]}; "
                "if one patient was entered under two identifiers, keep the records "
                "under one of them"
            )
            yield files.finding(
                "subjects",
                Rule.PATIENTS_ALIKE,
                subject[ROW],
                "patient",
                subject["patient"],
                message,
            )
