"""What a visits file tells of time: how visits are dated, and the schedule."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from alsdecline.settings.filled_in import Filled
from alsdecline.settings.planning_cells import (
    NoCellsError,
    PlanningTable,
    planning_table,
)
from alsdecline.settings.tables import VisitsTable
from alsdecline.time_units import DAYS_PER, TimeUnit

TIMES: tuple[str, ...] = get_args(VisitsTable.model_fields["time"].annotation)
"""What may tell when a visit was, the first that a file has before the others."""

UNITS: Mapping[str, TimeUnit] = {
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}

FEWEST_PATIENTS = 2
SHARE_OF_PATIENTS = 0.05
"""A time that fewer have is no scheduled visit, but an extra one or an error."""

SHARE_OF_VISITS = 0.9
"""Of the visits, as many lie at scheduled times at least; else there is no schedule."""

TIMES_A_PATIENT = 1.5
"""Times the visits of the patient with most of them that a schedule may have."""

VISITS = ("data", "visits")


def _name_in_file(filled: Filled, table: PlanningTable, time: str) -> str | None:
    """Return the name of a column that tells when visits were, if there is one."""
    mapped = filled.at(*VISITS, "columns", f"visit_{time}")
    names = [mapped] if mapped else [f"visit_{time}", time]
    return next((name for name in names if table.header.count(name) == 1), None)


def _dates_can_be_used(filled: Filled, folder: Path, table: PlanningTable) -> bool:
    """Tell whether visits can be counted from a date, and be told apart."""
    subjects = planning_table(filled, folder, "subjects")
    named = any(_name_in_file(filled, table, time) for time in UNITS)
    return subjects.has("randomisation_date") and bool(
        named or filled.at("visits", "windows")
    )


def _fill_column(filled: Filled, table: PlanningTable, time: str) -> None:
    """Say what the file calls one of our columns, if it is not what we do."""
    name = _name_in_file(filled, table, time)
    column = f"visit_{time}"
    if name is not None and name != filled.at(*VISITS, "columns", column) != column:
        origin = f"{table.file} has a column {name!r}"
        if name != column:
            filled.fill((*VISITS, "columns", column), name, origin)


def fill_time(filled: Filled, folder: Path) -> None:
    """Fill in what tells when visits were, and what time is counted from."""
    given, origin = filled.at(*VISITS, "time"), filled.at("time_origin")
    if given is None and origin in (None, "baseline"):
        table = planning_table(filled, folder, "visits")
        found = [time for time in TIMES if _name_in_file(filled, table, time)]
        if "date" in found and (
            origin == "baseline" or not _dates_can_be_used(filled, folder, table)
        ):
            found.remove("date")
        if not found:
            filled.refuse(
                (*VISITS, "time"),
                f"no column of {table.file} tells when visits were; "
                f"{table.header_said}. Say which one does, as in columns: "
                "{visit_week: NAME}",
            )
            return
        given = found[0]
        columns = {time: str(_name_in_file(filled, table, time)) for time in found}
        others = f", before {', '.join(found[1:])}" if found[1:] else ""
        why = f"{table.file} has a column {columns[given]!r}{others}"
        filled.fill((*VISITS, "time"), given, why)
        _fill_column(filled, table, given)
    if origin is None:
        dated = given in (None, "date")
        filled.fill(
            ("time_origin",),
            "randomisation" if dated else "baseline",
            "visits have dates" if dated else "visits have no dates",
        )


def _planned_time(filled: Filled, table: PlanningTable) -> str | None:
    """Return what the file has that tells which visit each is."""
    time = filled.at(*VISITS, "time") or "date"
    if time in ("date", "day", "study_day"):
        others = [t for t in UNITS if t != "day" and _name_in_file(filled, table, t)]
        if others:
            return others[0]
    return None if time in ("date", "study_day") else time


def scheduled_times(
    visits: Iterable[tuple[str, float]],
) -> tuple[list[float], str]:
    """Find the scheduled times among those of visits.

    Parameters
    ----------
    visits : iterable of tuple of str and float
        Patient and time of each visit.

    Returns
    -------
    list of float
        Rising; empty where there is no schedule to be seen.
    str
        Why not; empty where there is one.
    """
    pairs = sorted(set(visits))
    at_each = Counter(time for _, time in pairs)
    of_each = Counter(patient for patient, _ in pairs)
    fewest = max(FEWEST_PATIENTS, SHARE_OF_PATIENTS * len(of_each))
    times = sorted(time for time, n in at_each.items() if n >= fewest and time >= 0)
    if len(times) < 2:
        return [], f"fewer than two times are shared by {FEWEST_PATIENTS} patients"
    most = max(of_each.values())
    after = sum(n for time, n in at_each.items() if time >= 0)
    held = sum(at_each[time] for time in times)
    if len(times) > TIMES_A_PATIENT * most or held < SHARE_OF_VISITS * after:
        return [], (
            f"visits are at {len(at_each)} different times, up to {most} of a patient, "
            "as of days on which they really were"
        )
    return times, ""


def fill_schedule(filled: Filled, folder: Path) -> None:
    """Fill in the scheduled visits, and how far from them a visit may be."""
    visits = filled.at("visits") or {}
    if not any(visits.get(unit) for unit in DAYS_PER):
        if windows := visits.get("windows"):
            weeks = [window["week"] for window in windows]
            filled.fill(("visits", "weeks"), weeks, "the weeks of the windows")
        else:
            _fill_times(filled, folder)
    visits = filled.at("visits") or {}
    dated = (filled.at(*VISITS, "time") or "date") == "date"
    if dated and visits.get("window_days") is None and not visits.get("windows"):
        unit = next((unit for unit in DAYS_PER if visits.get(unit)), None)
        if unit is not None:
            times = sorted({float(time) for time in visits[unit]})
            shortest = min((b - a for a, b in itertools.pairwise(times)), default=0)
            days = int(shortest * DAYS_PER[unit] / 2)
            why = "half the shortest interval between visits"
            filled.fill(("visits", "window_days"), days, why)


def _fill_times(filled: Filled, folder: Path) -> None:
    table = planning_table(filled, folder, "visits")
    time = _planned_time(filled, table)
    example = "give it, as in visits: {weeks: [0, 4, 12]}"
    if filled.at(*VISITS, "time") in ("day", "study_day"):
        example = "give it, as in visits: {days: [0, 28, 84]}, counted from time zero"
    if time is None:
        filled.refuse(
            ("visits",),
            f"the schedule is missing, and {table.file} has no column visit_week that "
            f"tells which visit each is; {example}",
        )
        return
    _fill_column(filled, table, time)
    column = f"visit_{time}"
    source = planning_table(filled, folder, "visits")
    found = [
        (patient, at)
        for patient, text in source.cells("patient", column)
        if patient and (at := source.number(text)) is not None
    ]
    zero = float((filled.at("visits") or {}).get("time_zero") or 0)
    times, why = scheduled_times((patient, at - zero) for patient, at in found)
    if not times:
        name = source.name(column)
        filled.refuse(
            ("visits",),
            f"the schedule is missing and cannot be taken from column {name!r} of "
            f"{table.file}: {why}; {example}",
        )
        return
    least = (
        f"times in column {source.name(column)!r} of {table.file} that "
        f"{SHARE_OF_PATIENTS:.0%} of patients have, {FEWEST_PATIENTS} at least"
    )
    if times[0] > 0 and any(o.get("baseline") for o in filled.at("outcomes")):
        times, least = [0.0, *times], f"time zero, of the baselines, and {least}"
    filled.fill(("visits", UNITS[time]), [_plain(t + zero) for t in times], least)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def try_to_read(filled: Filled, step: Any, folder: Path) -> None:
    """Do a step that reads raw files; what cannot be read is told once."""
    try:
        step(filled, folder)
    except NoCellsError as error:
        told = (("data",), f"{error}")
        if told not in filled.faults:
            filled.faults.append(told)
