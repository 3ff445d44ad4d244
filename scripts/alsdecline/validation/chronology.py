"""Rules on the order of dates: of a patient's visits, and of what precedes what."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles, text_of
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.partial_dates import FROM, TO, day_known
from alsdecline.raw.relative_times import ANCHOR, said_day
from alsdecline.raw.rules import Rule, Severity
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.tables import RELATIVE_DAYS
from alsdecline.time_units import DAYS_PER_WEEK
from alsdecline.validation.dates import dates_of, records_beyond
from alsdecline.validation.year_slips import (
    ABOUT_A_YEAR,
    dated_visits,
    in_order_of_file,
    year_off,
)

BEFORE_SCREENING = -90
"""Visits before this day are told as earlier than any screening."""

MOST_CONSENTS = 0.5
"""Share of patients by which early consents are told once."""

FAR = 180
"""Days after the last scheduled visit that none of its visits has."""


def _inverted(visits: pd.DataFrame) -> pd.DataFrame:
    """Return visits that are before one of their patient that stands above them."""
    latest = visits.groupby("patient")["day"].cummax()
    before = latest.groupby(visits["patient"]).shift()
    return visits[visits["day"] < before]


def _in_order(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return the visits in the order that they should have, by plan or as in the file.

    None where neither tells.
    """
    visits = dated_visits(plan, files)
    visits = visits[visits["day"] >= BEFORE_SCREENING]
    if plan.planned_column:
        visits = visits[visits["week"].notna() & ~year_off(visits["off"])]
        visits = visits.sort_values(["patient", "week", "day"], kind="stable")
        return visits.reset_index(drop=True)
    return in_order_of_file(visits, BEFORE_SCREENING).reset_index(drop=True)


def visits_out_of_order(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits whose dates contradict the order of the plan, or of the file."""
    visits, column = _in_order(plan, files), plan.time_column
    how = "planned" if plan.planned_column else "in the file"
    inverted = _inverted(visits)
    those = visits[visits["patient"].isin(inverted["patient"])]
    of_patients = dict(tuple(those.groupby("patient")))
    told: set[int] = set()
    for at, visit in inverted.to_dict("index").items():
        of_patient = of_patients[visit["patient"]]
        above = of_patient[of_patient.index < int(str(at))]
        other = above.nlargest(1, "day").to_dict("records")[0]
        wrong, side = visit, "after"
        if abs(other["off"]) > abs(wrong["off"]):  # never, where nothing was planned
            wrong, other, side = other, wrong, "before"
        if wrong[ROW] in told:
            continue
        told.add(wrong[ROW])
        message = (
            f"day {wrong['day']:g}, though it is {how} {side} the visit in row "
            f"{other[ROW]}, day {other['day']:g}; check both dates"
        )
        yield files.finding(
            "visits", Rule.VISIT_ORDER, wrong[ROW], column, wrong[column], message
        )


def visits_far_behind(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits long after the last scheduled one, in a window without an end."""
    windows = plan.visits.windows
    if not windows or windows[-1].to_day is not None:
        return
    last = DAYS_PER_WEEK * max(plan.visits.schedule)
    visits = dated_visits(plan, files)
    for visit in visits[visits["day"] > last + FAR].to_dict("records"):
        message = (
            f"day {visit['day']:g}, {visit['day'] - last:g} days after the last "
            "scheduled visit, in whose window it is; check the date, or write "
            "`to_day:` of that window"
        )
        yield files.finding(
            "visits",
            Rule.FAR_VISIT,
            visit[ROW],
            plan.time_column,
            visit[plan.time_column],
            message,
        )


def _dates_by_patient(frame: pd.DataFrame, column: str, end: str) -> dict[Any, Any]:
    """Return the first or last day that each patient's date may be."""
    known = frame.assign(_day=day_known(frame, column, end))
    known = known.dropna(subset=["patient", "_day"]).drop_duplicates("patient")
    return dict(zip(known["patient"], known["_day"], strict=True))


def _with_dates_of_visits(plan: DataPlan, files: TrialFiles) -> TrialFiles:
    """Return the files with visits that have dates, counted as those of other files."""
    days = pd.to_timedelta(visit_days(plan, files), unit="D")
    visits = files.tables["visits"].assign(visit_date=ANCHOR + days)
    return dataclasses.replace(files, tables=files.tables | {"visits": visits})


def records_after_end(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits and doses after the end of the patient's participation.

    Where ends have times, later by a unit of these at least, which may be rounded.
    """
    if plan.data.events is None or "events" not in files.tables:
        return
    if plan.file_unit is not None:
        files = _with_dates_of_visits(plan, files)
    time, events = plan.data.events.time, files.tables["events"]
    rounded = 0.0 if time == "date" else RELATIVE_DAYS.get(time, 1.0)
    starts = files.tables["subjects"].drop_duplicates("patient").set_index("patient")
    begun = of_patients(events["patient"], starts["randomisation_date"])
    # an end before the beginning is wrong, which is told, and nothing is after it
    events = events[~(events["date"] < begun.astype(events["date"].dtype))]
    for event in ("completed", "withdrawn"):
        ends = _dates_by_patient(events[events["event"] == event], "date", TO)
        limits = {
            patient: day + pd.Timedelta(days=rounded) for patient, day in ends.items()
        }
        for table, column in (
            ("visits", "visit_date"),
            ("exposure", "date"),
            ("exposure", "end_date"),
        ):
            if table not in files.tables:
                continue
            followed = event == "withdrawn" and table == "visits"
            severity: Severity = "note" if followed else "warning"
            remedy = "followed up" if followed else "correct one if it is wrong"
            told = column if table == "exposure" else plan.time_column
            frame = files.tables[table]
            latest = dates_of(frame["patient"], limits)
            if column == "end_date":  # of a period that began before
                frame = frame[~(day_known(frame, "date", FROM) > latest)]
                latest = latest[frame.index]
            for record, _ in records_beyond(frame, column, latest, later=True):
                day = said_day(plan, ends[record["patient"]])
                yield files.finding(
                    table,
                    Rule.AFTER_END,
                    record[ROW],
                    told,
                    record[told],
                    f"after the end of participation ({event} on {day}); {remedy}",
                    severity,
                )


def events_before_screening(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find adverse events that start before screening may begin."""
    if "adverse_events" not in files.tables or plan.file_unit is not None:
        return
    starts = _dates_by_patient(files.tables["subjects"], "randomisation_date", FROM)
    days = plan.visits.screening_days
    frame = files.tables["adverse_events"]
    first = dates_of(frame["patient"], starts) - pd.Timedelta(days=days)
    for record, _ in records_beyond(frame, "start_date", first, later=False):
        randomised = text_of(starts[record["patient"]])
        yield files.finding(
            "adverse_events",
            Rule.EARLY_EVENT,
            record[ROW],
            "start_date",
            record["start_date"],
            f"more than {days} days before the randomisation on {randomised}; look up "
            "the date. What was there before the trial is left out by `where:`",
        )


def early_consents(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find consents long before randomisation, as by a slip in the year."""
    subjects = files.tables["subjects"]
    if "consent_date" not in subjects or plan.file_unit is not None:
        return
    longest = pd.Timedelta(days=ABOUT_A_YEAR[0])
    first = subjects["randomisation_date"] - longest
    early = [*records_beyond(subjects, "consent_date", first, later=False)]
    # where it is so of most, it is the design, and told once
    most = len(early) > MOST_CONSENTS * len(subjects)
    for record, limit in early[:1] if most else early:
        randomised = limit + longest
        days = (randomised - record["consent_date"]).days
        yield files.finding(
            "subjects",
            Rule.EARLY_CONSENT,
            record[ROW],
            "consent_date",
            record["consent_date"],
            f"{days} days before the randomisation on {text_of(randomised)}; look up "
            f"the year{further_rows(len(early)) if most else ''}",
        )


def records_before_consent(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find what happened to patients before they consented."""
    subjects = files.tables["subjects"]
    if "consent_date" not in subjects or plan.file_unit is not None:
        return
    consents = _dates_by_patient(subjects, "consent_date", FROM)
    columns: tuple[tuple[str, str, Severity], ...] = (
        ("subjects", "randomisation_date", "fatal"),
        ("visits", "visit_date", "warning"),
        ("exposure", "date", "fatal"),
        ("adverse_events", "start_date", "warning"),
    )
    for table, column, severity in columns:
        if table not in files.tables:
            continue
        frame = files.tables[table]
        limits = dates_of(frame["patient"], consents)
        for record, limit in records_beyond(frame, column, limits, later=False):
            day = text_of(limit)
            yield files.finding(
                table,
                Rule.BEFORE_CONSENT,
                record[ROW],
                column,
                record[column],
                f"before the consent on {day}; correct one of the dates if it is wrong",
                severity,
            )
