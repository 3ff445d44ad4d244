"""Checks of the raw tables against each other and against the plan."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from alsdecline.data_plan import DataPlan
from alsdecline.findings import Finding, Severity
from alsdecline.raw_tables import ROW
from alsdecline.record_identity import alike_patients, duplicates, unknown_patients
from alsdecline.trial_files import TrialFiles, text_of

SUM_TOLERANCE = 1e-9


def _arms(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    report = partial(files.finding, "subjects")
    present = set(files.tables["subjects"]["arm"].dropna())
    for arm in plan.arms.groups:
        if present and arm.id not in present:
            message = f"no patient in arm {arm.id!r}; correct the arms in the plan"
            yield report("fatal", "empty_arm", None, "arm", None, message)


def _sums(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    report = partial(files.finding, "visits")
    visits = files.tables["visits"]
    columns = {outcome.id: str(outcome.column) for outcome in plan.outcomes}
    for outcome in plan.outcomes:
        if not outcome.sum_of or outcome.column is None:
            continue
        parts = [columns[part] for part in outcome.sum_of]
        complete = visits.dropna(subset=[outcome.column, *parts])
        gap = complete[outcome.column] - complete[parts].sum(axis=1)
        for _, record in complete[gap.abs() > SUM_TOLERANCE].iterrows():
            shown = " + ".join(
                f"{files.column_name('visits', part)} {record[part]:g}"
                for part in parts
            )
            total = sum(record[part] for part in parts)
            yield report(
                "fatal",
                "sum",
                record[ROW],
                outcome.column,
                record[outcome.column],
                f"{shown} is {total:g}; correct the part or the sum",
            )


def _no_visits(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    report = partial(files.finding, "subjects")
    visits = files.tables["visits"]
    if visits.empty:  # the file could not be read, which is told already
        return
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    for _, subject in subjects[~subjects["patient"].isin(visits["patient"])].iterrows():
        message = "no visit at all; the patient is listed, and in no analysis"
        yield report(
            "warning",
            "no_visits",
            subject[ROW],
            "patient",
            subject["patient"],
            message,
        )


def _baselines(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients without any value of an outcome, or without one at baseline."""
    report = partial(files.finding, "visits")
    visits = files.tables["visits"].dropna(subset=["patient"])
    starts = _dates_of(visits["patient"], time_origins(plan, files))
    week_0 = visits["visit_week"] == 0
    measured = [o.column for o in plan.outcomes if o.column and not o.sum_of]
    at_any_time = visits.groupby("patient")[measured].count()
    early = visits[week_0 | (visits["visit_date"] <= starts)]
    at_baseline = early.groupby("patient")[measured].count()
    at_baseline = at_baseline.reindex(at_any_time.index, fill_value=0)
    # where a message points to: the visit of week 0, else the first in the file
    in_order = visits.assign(later=~week_0).sort_values("later", kind="stable")
    first = in_order.groupby("patient")[ROW].first()
    for column in measured:
        if not at_any_time[column].any():  # which is told of the column already
            continue
        for patient in at_any_time.index[at_baseline[column] == 0]:
            row = first[patient]
            if at_any_time.loc[patient, column] == 0:
                message = f"patient {patient} has no value and is in no analysis of it"
                yield report("warning", "no_values", row, column, None, message)
                continue
            message = (
                f"patient {patient} has no baseline (week 0) value; there is no "
                "change from baseline. Enter it if it was measured"
            )
            yield report("warning", "no_baseline", row, column, None, message)


def _windows(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    report = partial(files.finding, "visits")
    visits = files.tables["visits"].dropna(subset=["visit_date", "visit_week"])
    starts = _dates_of(visits["patient"], time_origins(plan, files))
    visits = visits.assign(day=(visits["visit_date"] - starts).dt.days)
    scheduled = visits["visit_week"].isin(plan.visits.weeks)
    off = (visits["day"] - 7 * visits["visit_week"]).abs() > plan.visits.window_days
    placed = visits["day"].notna()
    for _, visit in visits[placed & ~scheduled].iterrows():
        week = visit["visit_week"]
        message = (
            f"week {week:g} is not in the schedule; kept at its day {visit['day']:g}"
        )
        yield report(
            "warning", "unscheduled_visit", visit[ROW], "visit_week", week, message
        )
    for _, visit in visits[placed & scheduled & off].iterrows():
        date = visit["visit_date"]
        message = (
            f"day {visit['day']:g}, outside {plan.visits.window_days} days around week "
            f"{visit['visit_week']:g}; kept at its day. Check the date"
        )
        yield report("warning", "visit_window", visit[ROW], "visit_date", date, message)


def _doses(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    if "exposure" not in files.tables:
        return
    report = partial(files.finding, "exposure")
    arm_of = files.tables["subjects"].set_index("patient")["arm"].to_dict()
    planned = {arm.id: arm.dose for arm in plan.arms.groups if arm.dose is not None}
    doses = files.tables["exposure"]
    due = doses["patient"].map(arm_of).map(planned).astype("float64")
    wrong = doses["dose"].notna() & due.notna() & (doses["dose"] != due)
    for _, dose in doses[wrong].iterrows():
        arm = arm_of[dose["patient"]]
        other = [a for a, d in planned.items() if d == dose["dose"]]
        severity: Severity = "fatal" if other else "warning"
        of = f"the dose of arm {other[0]!r}" if other else "of no arm"
        message = (
            f"{of}, but the patient is in arm {arm!r} ({planned[arm]:g}); correct dose "
            "or arm"
        )
        yield report(severity, "dose_of_arm", dose[ROW], "dose", dose["dose"], message)


def _beyond(
    files: TrialFiles,
    table: str,
    column: str,
    limits: pd.Series,
    later: bool,
    rule: str,
    message: str,
) -> Iterator[Finding]:
    """Find dates later, or else earlier, than the limits of their records."""
    frame = files.tables[table]
    wrong = frame[column] > limits if later else frame[column] < limits
    for limit, (_, record) in zip(limits[wrong], frame[wrong].iterrows(), strict=True):
        told = message.format(text_of(limit))
        yield files.finding(
            table, "fatal", rule, record[ROW], column, record[column], told
        )


def _dates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    randomised = subjects.set_index("patient")["randomisation_date"].to_dict()
    for table in ("exposure", "events"):
        if table in files.tables:
            limits = _dates_of(files.tables[table]["patient"], randomised)
            message = "before randomisation on {}; correct the date"
            yield from _beyond(
                files, table, "date", limits, False, "before_randomisation", message
            )
    if "adverse_events" in files.tables:
        starts = files.tables["adverse_events"]["start_date"]
        message = "before its start on {}; correct it"
        yield from _beyond(
            files,
            "adverse_events",
            "end_date",
            starts,
            False,
            "end_before_start",
            message,
        )


def _after_death(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    if "events" not in files.tables:
        return
    events = files.tables["events"].dropna(subset=["patient", "date"])
    deaths = events[events["event"] == "died"].set_index("patient")["date"].to_dict()
    message = "after the death on {}; correct one of the dates"
    for table, column in (
        ("visits", "visit_date"),
        ("exposure", "date"),
        ("adverse_events", "start_date"),
    ):
        if table in files.tables:
            limits = _dates_of(files.tables[table]["patient"], deaths)
            yield from _beyond(
                files, table, column, limits, True, "after_death", message
            )


_RULES: tuple[Callable[[DataPlan, TrialFiles], Iterator[Finding]], ...] = (
    unknown_patients,
    alike_patients,
    duplicates,
    _arms,
    _sums,
    _no_visits,
    _baselines,
    _windows,
    _doses,
    _dates,
    _after_death,
)


def _dates_of(patients: pd.Series, dates: Mapping[Any, Any]) -> pd.Series:
    """Return the date that each record's patient has; missing where there is none."""
    return pd.to_datetime(patients.map(dict(dates)))


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
        By patient.
    """
    subjects = files.tables["subjects"].dropna(subset=["patient", "randomisation_date"])
    origin = dict(zip(subjects["patient"], subjects["randomisation_date"], strict=True))
    if plan.time_origin == "first_dose" and "exposure" in files.tables:
        given = files.tables["exposure"].dropna(subset=["patient", "date"])
        given = given[given["dose"] > 0]
        first = given.groupby("patient")["date"].min().to_dict()
        origin |= {patient: first[patient] for patient in origin if patient in first}
    return origin


def check_consistency(plan: DataPlan, files: TrialFiles) -> list[Finding]:
    """Check the tables against each other and the plan.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables; cells that could not be read are missing.

    Returns
    -------
    list of Finding
        Unknown and repeated records, wrong sums, absent baselines, visits out of
        their windows, doses and dates that contradict the arm, the randomisation or
        the death of the patient.
    """
    return [finding for rule in _RULES for finding in rule(plan, files)]
