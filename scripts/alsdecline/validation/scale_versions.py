"""Rules on totals of two versions of a scale: ALSFRS among ALSFRS-R."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.visit_times import time_origins, visit_days
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.courses import Course, course_of, spread

SECONDS_A_DAY = 86400

REVISED = "alsfrs_r"
MOST_OF_OLDER = 40
"""Points of ALSFRS, which has 10 items. ALSFRS-R has three items on breathing in place
of one, so that who breathes freely has 8 points more on it."""

SHIFT = (6.0, 10.0)
"""Points by which totals change for good where the version does."""

FEWEST = 4
"""Patients without whom nothing is said."""

SHARE = 0.75
LEAST = 4.0
"""Share of the patients whose totals change by so many points, where the version does
for all of them."""

MOMENTS = 50
"""Moments that are tried as that of a change."""

LEAST_SPREAD = 1.0
"""Points by which changes between visits vary by at least."""

ERRORS = 4.0
"""How many standard errors of a median the median change of many must be."""

ERROR_OF_MEDIAN = 1.25
"""Standard error of the median of n normal values, in their SD / sqrt(n)."""


@dataclasses.dataclass(frozen=True)
class _Change:
    """Where totals seem to become another version's."""

    at: int
    points: float
    patients: int


def _steps(course: Course) -> pd.DataFrame:
    """Return each value with the change from the patient's value before."""
    rows = course.rows.assign(at=np.arange(len(course.rows)))
    by_patient = rows.groupby("patient")
    rows["step"] = by_patient["value"].diff()
    rows["before"] = by_patient["value"].shift()
    rows["since"] = by_patient["day"].shift()
    return rows.dropna(subset=["step"])


def _of_many(steps: pd.DataFrame, when: pd.Series, since: pd.Series) -> _Change | None:
    """Find when the version changes for most patients, if it does.

    `when` each value was measured, and `since` when the one before it was, are days of
    the trial or of the calendar.
    """
    moved = (steps["step"] - steps["step"].median()).to_numpy()
    before, value = steps["before"].to_numpy(), steps["value"].to_numpy()
    until, begins = when.to_numpy(), since.to_numpy()
    large = until[np.abs(moved) >= LEAST]
    if not large.size:
        return None
    fewest = max(FEWEST, steps["patient"].nunique() / 2)
    best = None
    for moment in np.unique(np.quantile(large, np.linspace(0, 1, MOMENTS))):
        across = (begins < moment) & (until >= moment)  # of each patient one at most
        if across.sum() < fewest:
            continue
        points = float(np.median(moved[across]))
        smaller = (value if points < 0 else before)[across]
        usual = spread(moved[~across], LEAST_SPREAD)
        if (
            SHIFT[0] <= abs(points) <= SHIFT[1]
            and abs(points) >= ERRORS * ERROR_OF_MEDIAN * usual / np.sqrt(across.sum())
            and (np.sign(points) * moved[across] >= LEAST).mean() >= SHARE
            and smaller.max() <= MOST_OF_OLDER
            and (best is None or abs(points) > abs(best.points))
        ):
            first = int(steps["at"].to_numpy()[across].min())
            best = _Change(first, points, int(across.sum()))
    return best


def _change(course: Course, starts: pd.Series) -> _Change | None:
    """Find a change at a day of the trial, else at a date."""
    steps = _steps(course)
    if steps.empty:
        return None
    start = of_patients(steps["patient"], starts)
    return _of_many(steps, steps["day"], steps["since"]) or _of_many(
        steps, start + steps["day"], start + steps["since"]
    )


def mixed_versions(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find totals of ALSFRS-R that turn into those of ALSFRS, or the reverse.

    Only totals without items, which tell themselves how many there are.
    """
    days = visit_days(plan, files)
    origins = time_origins(plan, files)
    starts = pd.Series(origins, dtype="datetime64[s]").astype("int64") / SECONDS_A_DAY
    for outcome in plan.outcomes:
        if outcome.scale != REVISED or outcome.items or outcome.sum_of:
            continue
        course = course_of(plan, files, outcome, days)
        if change := _change(course, starts):
            message = (
                f"from here on totals of {change.patients} patients are about "
                f"{abs(change.points):.0f} points "
                f"{'higher' if change.points > 0 else 'lower'} than before, as where "
                "ALSFRS (10 items, 40 points) and ALSFRS-R (12 items, 48 points) are "
                "mixed; check which was used. Totals of two versions are no one "
                "outcome: leave those of one out by `where:`, or enter the items"
            )
            yield course.finding(files, Rule.SCALE_VERSION, change.at, message)
