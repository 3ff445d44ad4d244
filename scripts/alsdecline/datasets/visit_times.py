"""When visits were, from each patient's time origin, and which visits they are."""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.study_time import study_day
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.relative_times import study_days_as_days
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.visits import Visits, VisitWindow
from alsdecline.time_units import DAYS_PER, DAYS_PER_WEEK, SAME_WEEK, TimeUnit


def given_doses(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return the records of doses that were given, placebo included.

    A dose of 0 was given where 0 is what the patient's arm plans, or of an arm without
    a planned dose what most of its records have, else it was not.
    """
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    arm_of = dict(zip(subjects["patient"], subjects["arm"], strict=True))
    doses = files.tables["exposure"].dropna(subset=["patient", "date"])
    arms = of_patients(doses["patient"], arm_of)
    usual = doses["dose"].groupby(arms).median()
    placebo = {
        arm.id
        for arm in plan.arms.groups
        if (usual.get(arm.id) if arm.dose is None else arm.dose) == 0
    }
    on_placebo = arms.isin(placebo)
    return doses[(doses["dose"] > 0) | ((doses["dose"] == 0) & on_placebo)]


def time_origins(plan: DataPlan, files: TrialFiles) -> dict[str, pd.Timestamp]:
    """Return each patient's time zero: randomisation, or the first dose if chosen.

    Parameters
    ----------
    plan : DataPlan
        Its ``time_origin`` decides; a patient without a dose has randomisation.
    files : TrialFiles
        The typed tables.

    Returns
    -------
    dict of str to Timestamp
        By patient; empty where the visits have times instead of dates.
    """
    if plan.file_unit is not None:
        return {}
    return {str(patient): day for patient, day in _origins(plan, files).items()}


def _origins(plan: DataPlan, files: TrialFiles) -> pd.Series:
    """Return time zero by patient, of a trial with dates."""
    subjects = files.tables["subjects"].dropna(subset=["patient", "randomisation_date"])
    subjects = subjects.drop_duplicates("patient", keep="last")
    origin = subjects.set_index("patient")["randomisation_date"]
    if plan.time_origin == "first_dose" and "exposure" in files.tables:
        first = given_doses(plan, files).groupby("patient")["date"].min()
        origin = first.reindex(origin.index).fillna(origin)
    return origin


def _days(plan: DataPlan, times: pd.Series, unit: TimeUnit) -> pd.Series:
    """Return days from time zero of times in a unit; nothing is rounded."""
    return times.astype("float64") * DAYS_PER[unit] - plan.visits.zero_day


def _scheduled(visits: Visits, weeks: pd.Series) -> pd.Series:
    """Return the scheduled weeks that weeks written to a few digits mean."""
    schedule = np.array(visits.schedule)
    after = np.searchsorted(schedule, weeks).clip(max=schedule.size - 1)
    before = (after - 1).clip(min=0)
    nearer = (schedule[after] - weeks).abs() < (schedule[before] - weeks).abs()
    near = pd.Series(np.where(nearer, schedule[after], schedule[before]), weeks.index)
    return weeks.mask((near - weeks).abs() < SAME_WEEK, near)


def visit_days(plan: DataPlan, files: TrialFiles) -> pd.Series:
    """Return the days from the time origin to each visit; missing where unknown.

    They are as exact as the file has them: whole where it has dates.
    """
    if files.visit_days is not None:
        return files.visit_days
    visits = files.tables["visits"]
    unit = plan.file_unit
    if unit is not None:
        times = visits[plan.time_column].astype("float64")
        if plan.data.visits.time == "study_day":
            times = study_days_as_days(times)
        return _days(plan, times, unit)
    starts = of_patients(visits["patient"], _origins(plan, files))
    return (visits["visit_date"] - starts).dt.days.astype("float64")


def with_visit_days(plan: DataPlan, files: TrialFiles) -> TrialFiles:
    """Return the files with :func:`visit_days` in them, for many ask."""
    return dataclasses.replace(files, visit_days=visit_days(plan, files))


def window_of(
    windows: list[VisitWindow], study_days: pd.Series, earliest: float = -np.inf
) -> pd.Series:
    """Return the position of the window that each study day lies in.

    Parameters
    ----------
    windows : list of VisitWindow
        They do not overlap.
    study_days : Series
        Days, the time origin being day 1 and the day before it -1.
    earliest : float
        Where a window begins that is open below.

    Returns
    -------
    Series
        -1 where a day is in no window.
    """
    place = pd.Series(-1, index=study_days.index)
    for position, window in enumerate(windows):
        low = earliest if window.from_day is None else window.from_day
        high = np.inf if window.to_day is None else window.to_day
        place[study_days.between(low, high)] = position
    return place


def visit_weeks(plan: DataPlan, visits: pd.DataFrame, days: pd.Series) -> pd.Series:
    """Return the scheduled week of each visit, by the file or by windows.

    Parameters
    ----------
    plan : DataPlan
        Its windows decide if there are any, else what the file says.
    visits : DataFrame
        The typed visits.
    days : Series
        From :func:`visit_days`.

    Returns
    -------
    Series
        Weeks; missing outside all windows, and of a visit that was not planned.
    """
    if plan.planned_column:
        days = _days(plan, visits[plan.planned_column], plan.visits.unit)
        return _scheduled(plan.visits, days / DAYS_PER_WEEK)
    if not plan.visits.windows:
        return _scheduled(plan.visits, days / DAYS_PER_WEEK)
    visits_plan = plan.visits
    place = window_of(visits_plan.windows, study_day(days), visits_plan.earliest_day)
    return place.map(dict(enumerate(plan.visits.schedule))).astype("float64")
