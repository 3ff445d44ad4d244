"""Checks of visits against the schedule: off it, far from it, or before screening."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from alsdecline.datasets.study_time import study_day
from alsdecline.datasets.visit_times import time_origins, visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.table_files.dialect import MONTHS


def _placed_visits(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return the visits with their day from time zero and their week."""
    days = visit_days(plan, files)
    visits = files.tables["visits"].assign(day=days)
    return visits.assign(week=visit_weeks(plan, visits, days))


def _told(
    files: TrialFiles, rule: Rule, visit: dict[Any, Any], column: str, message: str
) -> Finding:
    value = None if pd.isna(visit[column]) else visit[column]
    return files.finding("visits", rule, visit[ROW], column, value, message)


def _outside_windows(
    plan: DataPlan, files: TrialFiles, visits: pd.DataFrame
) -> Iterator[Finding]:
    """Find visits on days that no window has."""
    outside = visits["day"].notna() & visits["week"].isna()
    outside &= visits["day"] >= plan.visits.earliest_day
    for visit in visits.assign(on=study_day(visits["day"]))[outside].to_dict("records"):
        message = (
            f"study day {visit['on']:g} is in no window; in the models alone, as "
            "unscheduled. Check the date"
        )
        yield _told(files, Rule.UNSCHEDULED_VISIT, visit, plan.time_column, message)


def _unscheduled(
    plan: DataPlan, files: TrialFiles, visits: pd.DataFrame
) -> Iterator[Finding]:
    """Find visits after time zero that are not in the schedule, or have no place."""
    column = plan.planned_column or plan.time_column
    for visit in visits.to_dict("records"):
        which = (
            "without a planned time"
            if pd.isna(visit["week"])
            else f"{plan.visits.name_of(visit['week'])} is not in the schedule"
        )
        message = (
            f"{which}; kept at its day {visit['day']:g}, as unscheduled. Check whether "
            "it is a planned one"
        )
        yield _told(files, Rule.UNSCHEDULED_VISIT, visit, column, message)


def _far_from_plan(
    plan: DataPlan, files: TrialFiles, visits: pd.DataFrame
) -> Iterator[Finding]:
    """Find visits on another day than planned, and those planned before time zero."""
    column, window = plan.time_column, plan.visits.window_days
    early = (visits["week"] < 0) & (visits["day"] >= 0)
    for visit in visits[early].to_dict("records"):
        message = (
            f"day {visit['day']:g}, planned before time zero "
            f"({plan.visits.name_of(visit['week'])}); kept at its day. Check the "
            f"{column[6:]}"
        )
        yield _told(files, Rule.VISIT_WINDOW, visit, column, message)
    if window is None:
        return
    scheduled = visits["week"].isin(plan.visits.schedule)
    far = scheduled & ((visits["day"] - 7 * visits["week"]).abs() > window)
    for visit in visits[far].to_dict("records"):
        message = (
            f"day {visit['day']:g}, outside {window} days around "
            f"{plan.visits.name_of(visit['week'])}; kept at its day. Check the "
            f"{column[6:]}"
        )
        yield _told(files, Rule.VISIT_WINDOW, visit, column, message)


def visits_off_schedule(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits that are not in the schedule, or far from their day in it.

    Screening visits, those before time zero, need not be in it.
    """
    visits = _placed_visits(plan, files)
    if plan.visits.windows:
        yield from _outside_windows(plan, files, visits)
        return
    placed = visits[visits["day"] >= plan.visits.earliest_day]
    scheduled = placed["week"].isin(plan.visits.schedule)
    screening = (placed["week"] < 0) | (placed["week"].isna() & (placed["day"] < 0))
    yield from _unscheduled(plan, files, placed[~scheduled & ~screening])
    yield from _far_from_plan(plan, files, placed)


FEWEST = 3
"""Visits of a patient from which on most of them tell of time zero."""

ON_THE_DAY = 3
"""Days from time zero of a visit that is at it."""

MOST_PATIENTS = 0.25
"""Share of patients with most visits before time zero by which that is the design."""


def _day_for_month(date: pd.Timestamp) -> pd.Timestamp | None:
    """Return a date with day and month exchanged, if there is such a date."""
    if date.day > len(MONTHS) or date.day == date.month:
        return None
    return date.replace(day=date.month, month=date.day)


def visits_mostly_before(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients most of whose visits are before time zero, unlike others'."""
    if plan.file_unit is not None:
        return
    days = visit_days(plan, files)
    patients = files.tables["visits"]["patient"]
    of_patient = (days < 0)[days.notna()].groupby(patients)
    counts = of_patient.agg(["sum", "count"])
    # a visit on the day confirms it
    confirmed = patients[days.abs() <= ON_THE_DAY]
    counts = counts[~counts.index.isin(confirmed)]
    mostly = counts[(counts["sum"] > counts["count"] / 2) & (counts["count"] >= FEWEST)]
    if len(mostly) > max(1, MOST_PATIENTS * patients.nunique()):
        return
    origins = time_origins(plan, files)
    subjects = files.tables["subjects"].drop_duplicates("patient")
    for subject in subjects[subjects["patient"].isin(mostly.index)].to_dict("records"):
        patient, date = subject["patient"], subject["randomisation_date"]
        before, number = mostly.loc[patient]
        zero = "the randomisation" if origins[patient] == date else "the first dose"
        message = (
            f"{before} of {number} visits of patient {patient} are before {zero}; "
            "look up its date"
        )
        other = _day_for_month(date) if zero == "the randomisation" else None
        if other is not None:
            moved = days[patients == patient] - (other - date).days
            few = (moved < 0).sum() <= number / 2
            if few and moved.min() >= plan.visits.earliest_day:
                message += f"; with day and month exchanged it is {other:%Y-%m-%d}"
        yield files.finding(
            "subjects",
            Rule.MOSTLY_BEFORE,
            subject[ROW],
            "randomisation_date",
            date,
            message,
        )


def visits_before_screening(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits that are earlier than any screening."""
    if plan.file_unit == "years":  # as ages, in which no slip of a date can be
        return
    visits = files.tables["visits"].assign(day=visit_days(plan, files))
    # of a patient in two rows, which is told, it is not known what is time zero
    subjects = files.tables["subjects"]["patient"]
    twice = visits["patient"].isin(subjects[subjects.duplicated()])
    early = visits[(visits["day"] < plan.visits.earliest_day) & ~twice]
    for visit in early.to_dict("records"):
        message = (
            f"{-visit['day']:g} days before time zero, and screening begins "
            f"{-plan.visits.earliest_day:g} days before it. Ask where it was entered; "
            "if it is right, write `screening_days:` below `visits:` in config.yaml"
        )
        yield _told(files, Rule.BEFORE_SCREENING, visit, plan.time_column, message)
