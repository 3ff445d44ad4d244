"""Rules on values that do not fit the patient's own course."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.courses import FEWEST, Course, course_of, spread
from alsdecline.validation.slips import slip_of
from alsdecline.validation.units import (
    differing_units,
    groups_of_patients,
    strange_groups,
)

FAR = 8.0
"""Spreads from which on a value is told without a further reason. The farthest of three
real trials lies at 7.0, of a reaction time at 5.9, of visual acuity at 5.3."""

FAR_BY_A_SLIP = 6.0
"""The same where a slip of the hand (digits exchanged, point misplaced) explains it."""

FITS = 1.5
"""Spreads within which the value without the slip must lie."""

GAINED = 5.0
"""How many times the usual difference a gain must be that is told."""

MULTIPLE = 2.0
APART = 6.0
"""How many times the others, and how many usual differences beyond them, values are
that seem to be in another unit."""

MADE_BY_ONE = 3
"""Differences that one value may make: its own, and those of the two beside it."""

SMALL = 150
"""Differences up to which one wrong value may move their spread."""

LONGEST_WAIT = 3.0
"""How many usual waits between values a patient's course is carried on at most."""

MOST_PASSES = 20
"""Wrong values of one patient that are found, one after the other."""


@dataclasses.dataclass(frozen=True)
class _Departures:
    """How far each value lies from where those beside it lead one to expect it."""

    expected: np.ndarray
    spreads: np.ndarray
    """Departures in spreads."""
    unit: np.ndarray
    """One spread, in the outcome's unit."""
    counts: np.ndarray
    """What a departure counts beside its neighbour's: of the first and the last of each
    patient less. Of an error of its own the neighbour has a share w, and of one of the
    neighbour's it has all, so that it counts the root of w."""


def _spreads(differences: np.ndarray, at: np.ndarray, least: float) -> np.ndarray:
    """Return the spread of differences by which each is judged.

    In a small trial that is of all but itself and those that the same value may have
    made: else one wrong value would be its own yardstick.
    """
    if differences.size > SMALL or differences.size < FEWEST:
        return np.full(differences.size, spread(differences, least))
    apart, fewest = np.abs(at[:, None] - at) > 1, FEWEST - MADE_BY_ONE
    every = np.broadcast_to(differences, apart.shape)
    spreads, others = np.empty(differences.size), apart.sum(axis=1)
    for n in np.unique(others):
        rows = others == n
        of_others = every[rows][apart[rows]].reshape(-1, n)
        spreads[rows] = spread(of_others, least, fewest)
    return spreads


def _departures(
    patient: np.ndarray, day: np.ndarray, value: np.ndarray, least: float
) -> _Departures:
    """Compare each value with the line between its neighbours in time.

    The first and the last of a patient are compared with the one beside them.
    """
    n = value.size
    expected, unit = np.full(n, np.nan), np.full(n, np.nan)
    if n < 2:
        return _Departures(expected, np.zeros(n), unit, np.ones(n))
    before = np.r_[False, patient[1:] == patient[:-1]]
    after = np.r_[before[1:], False]
    previous, following = np.roll(value, 1), np.roll(value, -1)
    wait, whole = day - np.roll(day, 1), np.roll(day, -1) - np.roll(day, 1)
    inner = before & after
    w = np.where(inner & (whole > 0), wait / np.where(whole > 0, whole, 1), 0.5)
    line = (1 - w) * previous + w * following
    # of equal and independent errors
    width = np.sqrt(1 + w**2 + (1 - w) ** 2)
    expected[inner] = line[inner]
    unit[inner] = width[inner] * _spreads(
        ((value - line) / width)[inner], np.flatnonzero(inner), least
    )
    steps, waits = (value - previous)[before], wait[before]
    rates = steps[waits > 0] / waits[waits > 0]
    usual = float(np.median(rates)) if rates.size else 0.0
    first, last = after & ~before, before & ~after
    at_last = np.flatnonzero(last) - 1
    longest = LONGEST_WAIT * float(np.median(waits)) if waits.size else 0.0
    wait = np.minimum(wait, longest)
    later = np.roll(wait, -1)
    of_steps = np.full(n, np.nan)
    of_steps[before] = _spreads(
        (value - previous - usual * wait)[before], np.flatnonzero(before), least
    )
    expected[first] = (following - usual * later)[first]
    expected[last] = (previous + usual * wait)[last]
    unit[first], unit[last] = np.roll(of_steps, -1)[first], of_steps[last]
    with np.errstate(invalid="ignore"):
        departures = np.nan_to_num((value - expected) / unit)
    counts = np.ones(n)
    counts[first], counts[last] = (
        np.sqrt(1 - np.roll(w, -1))[first],
        np.sqrt(w[at_last]),
    )
    return _Departures(expected, departures, unit, counts)


def _beside(patient: np.ndarray, there: _Departures, value: np.ndarray) -> np.ndarray:
    """Return which values depart at least as much as those beside them.

    An error of a value moves what is expected beside it by a share of the error, and
    by all of it at either end of a course, where only one value tells.
    """
    size = there.counts * np.nan_to_num(np.abs(value - there.expected))
    same = np.r_[False, patient[1:] == patient[:-1], False]
    before = np.where(same[:-1], np.r_[0.0, size[:-1]], 0.0)
    after = np.where(same[1:], np.r_[size[1:], 0.0], 0.0)
    most: np.ndarray = (size >= before) & (size > after)
    return most


def _far_values(
    course: Course, told: set[str]
) -> tuple[np.ndarray, list[tuple[int, float, str]]]:
    """Find values far from the patient's own, the farthest first.

    Returns which values are none of them, and of each its position, the value that was
    expected and the slip that explains it. Patients of whom is told already are left
    out.
    """
    values = course.rows
    patient, _ = pd.factorize(values["patient"])
    day, value = values["day"].to_numpy(), values["value"].to_numpy()
    kept = np.flatnonzero(~values["patient"].isin(told))
    found: list[tuple[int, float, str]] = []
    for _ in range(MOST_PASSES):
        there = _departures(patient[kept], day[kept], value[kept], course.least_spread)
        size = np.abs(there.spreads)
        most = _beside(patient[kept], there, value[kept])
        doubtful = (size >= FAR_BY_A_SLIP) & most
        far = []
        for i in np.flatnonzero(doubtful):
            at, expected = int(kept[i]), float(there.expected[i])
            slip = slip_of(value[at], expected, FITS * there.unit[i])
            if slip or size[i] >= FAR:
                found.append((at, expected, slip))
                far.append(i)
        if not far:
            break
        kept = np.delete(kept, far)
    return kept, found


def _persistent_gains(course: Course, kept: np.ndarray) -> list[int]:
    """Find values from which on a patient is better than ever disease permits.

    The two values from there on exceed the two before, all of them, by more than
    :data:`GAINED` times what values beside each other usually differ by.
    """
    values = course.rows.iloc[kept]
    by_patient = (values["value"] * course.gain).groupby(values["patient"])
    steps = by_patient.diff()
    usual = spread((steps - steps.median()).dropna().to_numpy(), course.least_spread)
    worst_after = np.minimum(by_patient.shift(0), by_patient.shift(-1))
    best_before = np.maximum(by_patient.shift(1), by_patient.shift(2))
    gained = (worst_after - best_before) >= GAINED * usual
    return [int(at) for at in values.index[gained]]


def _away(group: pd.DataFrame, everybody: float) -> tuple[float, float]:
    """Return how far values are from what everybody has; then, how late they are."""
    return abs(np.log(group["value"].median() / everybody)), group["day"].iloc[0]


def _other_units(course: Course) -> Iterator[tuple[pd.DataFrame, float]]:
    """Find values of a patient that are a multiple of all the patient's others.

    Yields the values, and how many times the others they are; only of measurements
    without a maximum, for points have no unit to be changed.
    """
    values = course.rows
    points = course.scale.maximum is not None or course.scale.whole_points
    if points or not (values["value"] > 0).any():
        return
    values = values[values["value"] > 0].sort_values(["patient", "value"])
    by_patient = values.groupby("patient")["value"]
    everybody = float(course.rows.groupby("patient")["value"].first().median())
    lower = by_patient.shift(1)
    steps = course.rows.groupby("patient")["value"].diff().dropna().to_numpy()
    apart = values["value"] - lower >= APART * spread(steps, course.least_spread)
    gaps = values[apart & (values["value"] >= MULTIPLE * lower)]
    for patient, gap in gaps.groupby("patient")["value"].max().items():
        own = values[values["patient"] == patient].sort_values("day")
        high = own["value"] >= gap
        groups = [own[high], own[~high]]
        # those that other patients have not
        rest, strange = sorted(groups, key=lambda group: _away(group, everybody))
        if len(strange) > 1:
            yield strange, strange["value"].median() / rest["value"].median()


def _unit_findings(files: TrialFiles, course: Course) -> Iterator[tuple[str, Finding]]:
    """Tell of values in another unit, with whose they are."""
    for values, times in _other_units(course):
        patient = str(values["patient"].iloc[0])
        factor = f"{times:.3g} times" if times >= 1 else f"1/{1 / times:.3g} of"
        message = (
            f"from here on {len(values)} values of patient {patient}, to day "
            f"{values['day'].iloc[-1]:g}, are about {factor} the patient's others, as "
            f"if in another unit than {course.scale.unit}; check them against their "
            "source, and give all in one unit"
        )
        yield (
            patient,
            course.finding(files, Rule.UNIT_CHANGED, int(values.index[0]), message),
        )


def _outlier_finding(
    files: TrialFiles, course: Course, at: int, expected: float, slip: str
) -> Finding:
    """Tell of a value far from the patient's own."""
    values = course.rows
    patient = values["patient"].iloc[at]
    beside = values.loc[max(at - 1, 0) : at + 1].drop(at)
    beside = beside[beside["patient"] == patient]
    shown = " and ".join(f"{value:g}" for value in beside["value"])
    because = f", as by {slip}" if slip else ""
    message = (
        f"far from {shown} beside it of patient {patient}, by which "
        f"about {expected:.3g} would be expected{because}; check it against its "
        "source, and leave it if it stands there"
    )
    return course.finding(files, Rule.OUTLIER, at, message)


def values_off_course(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find values that do not fit the patient's other values of the outcome."""
    days, groupings = visit_days(plan, files), groups_of_patients(plan, files)
    for outcome in plan.outcomes:
        if outcome.sum_of:  # its parts are looked at
            continue
        course = course_of(plan, files, outcome, days)
        # of whom all values are in another unit is told by that
        groups = [*strange_groups(course, groupings)]
        told = set().union(*(group for _, group in groups))
        yield from differing_units(files, course, groups)
        for patient, finding in _unit_findings(files, course):
            told.add(patient)
            yield finding
        kept, far = _far_values(course, told)
        for at, expected, slip in far:
            yield _outlier_finding(files, course, at, expected, slip)
        for at in _persistent_gains(course, kept):
            before = course.rows["value"].iloc[at - 1]
            message = (
                f"patient {course.rows['patient'].iloc[at]} is better from here on "
                f"than at any visit shortly before ({before:g}), by more than anybody "
                "gains; check whose values these are, and on which version of the "
                "scale"
            )
            yield course.finding(files, Rule.GAIN, at, message)
