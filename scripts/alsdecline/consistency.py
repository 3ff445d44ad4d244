"""Checks of the raw tables against each other and against the plan."""

from collections.abc import Callable, Iterator
from functools import partial

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
    columns = {outcome.id: outcome.column for outcome in plan.outcomes}
    for outcome in plan.outcomes:
        if not outcome.sum_of or outcome.column is None:
            continue
        parts = [str(columns[part]) for part in outcome.sum_of]
        for _, record in visits.dropna(subset=[outcome.column, *parts]).iterrows():
            expected = sum(record[part] for part in parts)
            if abs(record[outcome.column] - expected) > SUM_TOLERANCE:
                shown = " + ".join(f"{part} {record[part]:g}" for part in parts)
                yield report(
                    "fatal",
                    "sum",
                    record[ROW],
                    outcome.column,
                    record[outcome.column],
                    f"{shown} is {expected:g}; correct the part or the sum",
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
    origin = time_origins(plan, files)
    visits = files.tables["visits"].dropna(subset=["patient"])
    early = visits["visit_date"] <= pd.to_datetime(visits["patient"].map(origin))
    at_baseline = (visits["visit_week"] == 0) | early
    measured = [o.column for o in plan.outcomes if o.column and not o.sum_of]
    for patient, mine in visits.groupby("patient", sort=True):
        first = [*mine.loc[mine["visit_week"] == 0, ROW], *mine[ROW]][0]
        for column in measured:
            if mine[column].isna().all():
                message = (
                    f"patient {patient} has no value at all, and is in no analysis"
                )
                yield report("warning", "no_values", first, column, None, message)
            elif mine.loc[at_baseline, column].isna().all():
                message = (
                    f"patient {patient} has no baseline (week 0) value; there is no "
                    "change from baseline. Enter it if it was measured"
                )
                yield report("warning", "no_baseline", first, column, None, message)


def _windows(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    report = partial(files.finding, "visits")
    origin = time_origins(plan, files)
    scheduled = plan.visits.weeks
    visits = files.tables["visits"].dropna(subset=["visit_date", "visit_week"])
    for _, visit in visits.iterrows():
        start = origin.get(visit["patient"])
        if start is None or pd.isna(start):
            continue
        week, day = visit["visit_week"], (visit["visit_date"] - start).days
        if week not in scheduled:
            message = f"week {week:g} is not in the schedule; kept at its day {day}"
            yield report(
                "warning", "unscheduled_visit", visit[ROW], "visit_week", week, message
            )
        elif abs(day - 7 * week) > plan.visits.window_days:
            message = (
                f"day {day}, outside {plan.visits.window_days} days around week "
                f"{week:g}; kept at its day. Check the date"
            )
            yield report(
                "warning",
                "visit_window",
                visit[ROW],
                "visit_date",
                visit["visit_date"],
                message,
            )


def _doses(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    if "exposure" not in files.tables:
        return
    report = partial(files.finding, "exposure")
    arm_of = files.tables["subjects"].set_index("patient")["arm"].to_dict()
    planned = {arm.id: arm.dose for arm in plan.arms.groups}
    for _, dose in files.tables["exposure"].dropna(subset=["dose"]).iterrows():
        arm = arm_of.get(dose["patient"])
        due = planned.get(arm) if arm is not None else None
        if due is None or dose["dose"] == due:
            continue
        other = [a for a, d in planned.items() if d == dose["dose"]]
        severity: Severity = "fatal" if other else "warning"
        of = f"the dose of arm {other[0]!r}" if other else "of no arm"
        message = (
            f"{of}, but the patient is in arm {arm!r} ({due:g}); correct dose or arm"
        )
        yield report(severity, "dose_of_arm", dose[ROW], "dose", dose["dose"], message)


def _dates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    start = subjects.drop_duplicates("patient").set_index("patient")[
        "randomisation_date"
    ]
    for table, column in (("exposure", "date"), ("events", "date")):
        if table not in files.tables:
            continue
        report = partial(files.finding, table)
        for _, record in files.tables[table].dropna(subset=[column]).iterrows():
            randomised = start.get(record["patient"])
            if randomised is not None and record[column] < randomised:
                message = (
                    f"before randomisation on {text_of(randomised)}; correct the date"
                )
                yield report(
                    "fatal",
                    "before_randomisation",
                    record[ROW],
                    column,
                    record[column],
                    message,
                )
    if "adverse_events" in files.tables:
        report = partial(files.finding, "adverse_events")
        events = files.tables["adverse_events"]
        for _, event in events[events["end_date"] < events["start_date"]].iterrows():
            message = f"before its start on {text_of(event['start_date'])}; correct it"
            yield report(
                "fatal",
                "end_before_start",
                event[ROW],
                "end_date",
                event["end_date"],
                message,
            )


def _after_death(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    if "events" not in files.tables:
        return
    events = files.tables["events"].dropna(subset=["patient", "date"])
    deaths = events[events["event"] == "died"].set_index("patient")["date"].to_dict()
    for table, column in (
        ("visits", "visit_date"),
        ("exposure", "date"),
        ("adverse_events", "start_date"),
    ):
        if table not in files.tables:
            continue
        report = partial(files.finding, table)
        for _, record in files.tables[table].dropna(subset=[column]).iterrows():
            death = deaths.get(record["patient"])
            if death is not None and record[column] > death:
                message = (
                    f"after the death on {text_of(death)}; correct one of the dates"
                )
                yield report(
                    "fatal", "after_death", record[ROW], column, record[column], message
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
