"""Dates whose year was typed one off, and what but follows from such a date."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.datasets.visit_times import given_doses, visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles, text_of
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.time_units import DAYS_PER_WEEK

ABOUT_A_YEAR = (330, 400)
"""Days by which a date is off whose year is one off, and its visit not on its day."""

NEAR_PLAN = 45
"""Days from plan of a visit that is where it belongs."""

FEW_IN_PLACE = 2
"""Visits near their plan from which on time zero is right, whatever the others are."""

IN_ORDER = 0.9
"""Share of a file's visits behind the one before by which it is in order of time."""

LOOK_UP = (
    "Look up the year at the source and correct it if it is wrong; if it is right, "
    "accept it by `data: decisions:`"
)

OF_RANDOMISATION = (
    Rule.BEFORE_SCREENING,
    Rule.MOSTLY_BEFORE,
    Rule.BEFORE_RANDOMISATION,
    Rule.BEFORE_CONSENT,
    Rule.EARLY_EVENT,
    Rule.VISIT_WINDOW,
    Rule.UNSCHEDULED_VISIT,
    Rule.NO_BASELINE,
    Rule.NO_FOLLOW_UP,
)
"""What is found of a patient whose date of randomisation is a year off."""


def dated_visits(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return visits whose patient and day are known, with what each was planned at.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.

    Returns
    -------
    DataFrame
        In the order of the file: the visits' columns, `day`, `week` as planned and
        `off`, days from there; both missing where no column tells.
    """
    days = visit_days(plan, files)
    visits = files.tables["visits"].assign(day=days)
    visits["week"] = visit_weeks(plan, visits, days) if plan.planned_column else np.nan
    visits["off"] = visits["day"] - DAYS_PER_WEEK * visits["week"]
    return visits.dropna(subset=["patient", "day"]).sort_values(ROW)


def year_off(days: pd.Series) -> pd.Series:
    """Return which days are about a year before or after zero."""
    return days.abs().between(*ABOUT_A_YEAR)


def in_order_of_file(visits: pd.DataFrame, earliest: float) -> pd.DataFrame:
    """Return the visits that stand in order of time in the file; none if few do.

    Of days before `earliest` the order says nothing of the file.
    """
    # rows that were added below all others have an order of their own
    beside = visits["patient"] == visits["patient"].shift()
    first = ~visits["patient"].duplicated()
    visits = visits[(beside | first).groupby(visits["patient"]).cummin()]
    believed = visits[visits["day"] >= earliest]
    steps = believed.groupby("patient")["day"].diff().dropna()
    told = len(steps) and (steps >= 0).mean() >= IN_ORDER
    return visits if told else visits.iloc[:0]


def _another_year(visit: Mapping[Any, Any], column: str, days: float) -> str:
    """Return the date of a visit with the year that puts it where it belongs."""
    date = visit[column]
    if not isinstance(date, pd.Timestamp):
        return ""
    return text_of(date - pd.DateOffset(years=1 if days > 0 else -1))


def _of_randomisation(
    files: TrialFiles, moved: Mapping[Any, float]
) -> Iterator[Finding]:
    """Tell of patients all of whose visits are a year off."""
    subjects = files.tables["subjects"]
    for subject in subjects[subjects["patient"].isin(list(moved))].to_dict("records"):
        date, days = subject["randomisation_date"], moved[subject["patient"]]
        right = date + pd.DateOffset(years=1 if days > 0 else -1)
        message = (
            f"the patient's visits are {abs(days):.0f} days off their plan; with "
            f"{right:%Y} they are not. {LOOK_UP}"
        )
        yield files.finding(
            "subjects",
            Rule.YEAR_SLIP,
            subject[ROW],
            "randomisation_date",
            date,
            message,
        )


def _of_first_doses(
    plan: DataPlan, files: TrialFiles, moved: Mapping[Any, float]
) -> Iterator[tuple[Any, Finding]]:
    """Tell of patients whose visits are a year off as their first dose is.

    Yields the patient and the finding, of those who are in place by randomisation.
    """
    if plan.time_origin != "first_dose" or "exposure" not in files.tables:
        return
    doses = given_doses(plan, files).sort_values(["date", ROW], kind="stable")
    starts = files.tables["subjects"].drop_duplicates("patient").set_index("patient")
    first = doses.drop_duplicates("patient")
    for dose in first[first["patient"].isin(list(moved))].to_dict("records"):
        days = moved[dose["patient"]]
        shift = (dose["date"] - starts["randomisation_date"][dose["patient"]]).days
        if not ABOUT_A_YEAR[0] <= abs(shift) or abs(days + shift) >= NEAR_PLAN:
            continue
        right = dose["date"] + pd.DateOffset(years=1 if days > 0 else -1)
        message = (
            f"the patient's visits are {abs(days):.0f} days off their plan, counted "
            f"from this dose; with {right:%Y} they are not. {LOOK_UP}"
        )
        yield (
            dose["patient"],
            files.finding(
                "exposure", Rule.YEAR_SLIP, dose[ROW], "date", dose["date"], message
            ),
        )


def _of_visit(
    plan: DataPlan, files: TrialFiles, visit: Mapping[Any, Any], message: str
) -> Finding:
    column = plan.time_column
    return files.finding(
        "visits", Rule.YEAR_SLIP, visit[ROW], column, visit[column], message
    )


def _by_plan(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find dates that fit what was planned with the year before or after."""
    visits = dated_visits(plan, files).dropna(subset=["off"])
    # a patient in two rows, which is told, has no one time zero
    subjects = files.tables["subjects"]["patient"]
    visits = visits[~visits["patient"].isin(subjects[subjects.duplicated()])]
    by_patient = visits.sort_values("week", kind="stable").groupby("patient")["off"]
    middle, number = by_patient.median(), by_patient.count()
    in_place = (visits["off"].abs() < NEAR_PLAN).groupby(visits["patient"]).sum()
    # where most visits are a year off, time zero may be, unless some are in place
    a_year = year_off(middle) & (number > 1)
    zero = (by_patient.first().abs() < NEAR_PLAN) | (in_place >= FEW_IN_PLACE)
    moved = middle[a_year & ~zero].to_dict()
    for patient, finding in _of_first_doses(plan, files, moved):
        del moved[patient]
        yield finding
    yield from _of_randomisation(files, moved)
    right = (middle.abs() < NEAR_PLAN) | (a_year & zero)
    others = visits[visits["patient"].isin(right.index[right])]
    for visit in others[year_off(others["off"])].to_dict("records"):
        date = _another_year(visit, plan.time_column, visit["off"])
        message = (
            f"day {visit['day']:g}, {visit['off']:+g} days from "
            f"{plan.visits.name_of(visit['week'])} as planned; {date} is near it. "
            f"{LOOK_UP}"
        )
        yield _of_visit(plan, files, visit, message)


def _by_file(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits before any screening that a year later stand as the file has them."""
    visits = in_order_of_file(dated_visits(plan, files), plan.visits.earliest_day)
    of_patients = visits["day"].groupby(visits["patient"])
    above = of_patients.shift()
    below = of_patients.shift(-1).fillna(np.inf)
    for visit, low, high in zip(visits.to_dict("records"), above, below, strict=True):
        if visit["day"] >= plan.visits.earliest_day:
            continue
        right = _another_year(visit, plan.time_column, -1)
        later = visit["day"] + (pd.Timestamp(right) - visit[plan.time_column]).days
        if low <= later <= high:  # never of a patient's first row, which has none above
            message = (
                f"{-visit['day']:g} days before time zero; with {right} it is day "
                f"{later:g}, between those above and below it in the file. {LOOK_UP}"
            )
            yield _of_visit(plan, files, visit, message)


def slips_of_years(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find dates that fit the plan, or the file, with the year before or after."""
    if plan.file_unit is not None:
        return
    yield from (_by_plan if plan.planned_column else _by_file)(plan, files)


def _of_time_zero(files: TrialFiles, slip: Finding, visits: str) -> bool:
    """Tell whether a slip is of a randomisation or a first dose."""
    randomised = files.column_name("subjects", "randomisation_date")
    doses = files.sources.get("exposure")
    of_dose = doses is not None and slip.file == doses.place != visits
    return slip.column == randomised or of_dose


def without_what_years_explain(
    files: TrialFiles, findings: list[Finding]
) -> list[Finding]:
    """Leave out what is found of a date but for its year, which is told.

    Parameters
    ----------
    files : TrialFiles
        The typed tables.
    findings : list of Finding
        All that was found. A slip that was accepted explains nothing: its year is
        right.

    Returns
    -------
    list of Finding
    """
    slips = [f for f in findings if f.rule == Rule.YEAR_SLIP and f.severity == "fatal"]
    if not slips:
        return findings
    cells = {(f.file, f.row, f.column) for f in slips}
    patients: dict[tuple[str, Any], Any] = {}
    for table, frame in files.tables.items():
        place = files.sources[table].place if table in files.sources else ""
        patients |= {
            (place, row): patient
            for row, patient in zip(frame[ROW], frame["patient"], strict=True)
        }
    visits = files.sources["visits"].place
    moved = {patients[f.file, f.row] for f in slips if _of_time_zero(files, f, visits)}
    return [
        f
        for f in findings
        if f.rule == Rule.YEAR_SLIP
        or not (
            (f.file, f.row, f.column) in cells
            or (f.rule in OF_RANDOMISATION and patients.get((f.file, f.row)) in moved)
        )
    ]
