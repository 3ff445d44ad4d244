"""Rules on dates: their order, and that of randomisation and death."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.partial_dates import FROM, TEXT, TO, day_known
from alsdecline.raw.relative_times import ANCHOR, said_day
from alsdecline.raw.rules import Rule, Severity
from alsdecline.settings.data_plan import DataPlan
from alsdecline.time_units import DAYS_PER


def records_beyond(
    frame: pd.DataFrame, column: str, limits: pd.Series, later: bool
) -> Iterator[tuple[dict[Any, Any], Any]]:
    """Find records whose date is later, or else earlier, than their limit.

    Yields the record, in which the date is as the file has it if it is known in part or
    is a time, and the limit.
    """
    # of a date that is known in part, only what is so on any day that it may be
    first, last = day_known(frame, column, FROM), day_known(frame, column, TO)
    wrong = first > limits if later else last < limits
    records = frame[wrong].to_dict("records")
    for limit, record in zip(limits[wrong], records, strict=True):
        yield record | {column: record.get(column + TEXT) or record[column]}, limit


def dates_beyond(
    files: TrialFiles,
    table: str,
    column: str,
    limits: pd.Series,
    later: bool,
    rule: Rule,
    message: str,
    plan: DataPlan,
    severity: Severity | None = None,
) -> Iterator[Finding]:
    """Find dates later, or else earlier, than the limits of their records."""
    for record, limit in records_beyond(files.tables[table], column, limits, later):
        said, value = message.format(said_day(plan, limit)), record[column]
        yield files.finding(table, rule, record[ROW], column, value, said, severity)


def dates_of(patients: pd.Series, dates: Mapping[Any, Any]) -> pd.Series:
    """Return the date that each record's patient has; missing where there is none."""
    return pd.to_datetime(of_patients(patients, dates))


FAR_YEARS = 5
"""A cutoff so many years after the last date of a trial is that of another."""


def distant_cutoffs(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find a cutoff that is years later than every date: it keeps nothing out."""
    dates = [
        (frame[column].max(), table, str(column))
        for table, frame in files.tables.items()
        for column in frame.select_dtypes("datetime")
        if frame[column].notna().any()
    ]
    if not dates or plan.data.cutoff is None or plan.file_unit is not None:
        return
    last, table, column = max(dates)
    years = (pd.Timestamp(plan.data.cutoff) - last).days / DAYS_PER["years"]
    if years > FAR_YEARS:
        message = (
            f"the data cutoff, {plan.data.cutoff}, is {years:.0f} years after the last "
            "date; correct `cutoff:` in config.yaml if it is another trial's"
        )
        yield files.finding(table, Rule.DISTANT_CUTOFF, None, column, last, message)


def early_dates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find doses and ends before randomisation, adverse events that end too early."""
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    randomised = subjects.set_index("patient")["randomisation_date"].to_dict()
    zero = "randomisation"
    if plan.file_unit is not None:
        randomised, zero = dict.fromkeys(subjects["patient"], ANCHOR), "time zero"
    for table in ("exposure", "events"):
        if table in files.tables:
            limits = dates_of(files.tables[table]["patient"], randomised)
            run_in = "; a dose of a run-in is left out by `where:` below its file"
            message = (
                f"before {zero} on {{}}; correct the date that is wrong. One who "
                "was not randomised is left out by `where:` below `data: subjects:`"
                f"{run_in if table == 'exposure' else ''}"
            )
            yield from dates_beyond(
                files,
                table,
                "date",
                limits,
                False,
                Rule.BEFORE_RANDOMISATION,
                message,
                plan,
            )
    if "adverse_events" in files.tables:
        starts = day_known(files.tables["adverse_events"], "start_date", FROM)
        message = "before its start on {}; correct the date that is wrong"
        yield from dates_beyond(
            files,
            "adverse_events",
            "end_date",
            starts,
            False,
            Rule.END_BEFORE_START,
            message,
            plan,
        )


def _visits_after_death(
    plan: DataPlan, files: TrialFiles, deaths: Mapping[Any, Any]
) -> Iterator[Finding]:
    """Find visits after death in a trial without dates."""
    visits = files.tables["visits"]
    limits = dates_of(visits["patient"], deaths)
    last = (limits - ANCHOR).dt.days + 1  # a death is on a whole day
    for visit in visits[visit_days(plan, files) >= last].to_dict("records"):
        said = said_day(plan, deaths[visit["patient"]])
        column = plan.time_column
        yield files.finding(
            "visits",
            Rule.AFTER_DEATH,
            visit[ROW],
            column,
            visit[column],
            f"after the death on {said}; correct one of them",
        )


def dates_after_death(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find what happened to patients after the day on which they died."""
    if "events" not in files.tables:
        return
    events = files.tables["events"].dropna(subset=["patient", "date"])
    died = events[events["event"] == "died"].set_index("patient")
    deaths = day_known(died, "date", TO).to_dict()
    if plan.file_unit is not None:
        yield from _visits_after_death(plan, files, deaths)
    message = "after the death on {}; look up both, and correct the one that is wrong"
    columns: tuple[tuple[str, str, Severity], ...] = (
        ("visits", "visit_date", "fatal"),
        ("exposure", "date", "fatal"),
        ("exposure", "end_date", "fatal"),
        ("adverse_events", "start_date", "fatal"),
        ("adverse_events", "end_date", "warning"),
    )
    for table, column, severity in columns:
        if column in files.tables.get(table, ()):
            limits = dates_of(files.tables[table]["patient"], deaths)
            yield from dates_beyond(
                files,
                table,
                column,
                limits,
                True,
                Rule.AFTER_DEATH,
                message,
                plan,
                severity,
            )
