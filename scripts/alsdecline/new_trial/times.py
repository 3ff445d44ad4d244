"""What tells when a visit was: a date, a number of days, weeks ..., or its name.

These stand in one module, for each is taken only where those before it are not.
"""

import dataclasses

from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.schedules import (
    MOST_TIMES,
    listed,
    planned_visits,
    regular_schedule,
    schedule_of,
)
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.visit_labels import (
    different_texts,
    label_columns,
    unit_by_labels,
)
from alsdecline.new_trial.words import (
    GENERIC_TIME,
    RANDOMISED,
    VISIT,
    VISIT_DATE,
    is_of,
    rank,
    unit_of_name,
)
from alsdecline.plain_text import one_line
from alsdecline.table_files.cell_texts import number_text
from alsdecline.time_units import DAYS_PER, TimeUnit, singular

UNITS: tuple[TimeUnit, ...] = ("days", "weeks", "months", "years")
DAY = "visit_day"
"""The column of days that is made of dates."""

EXCEL_DAYS = (25_000, 60_000)
"""What Excel has for the days from 1968 to 2064."""

WHERE = "data.visits.columns"


@dataclasses.dataclass(frozen=True)
class Times:
    """When visits were.

    Attributes
    ----------
    column : str
        The column that tells it.
    unit : str
        days, weeks, months, years; 'date'; empty where it is to be decided.
    schedule : tuple of float
        Scheduled times in ``schedule_unit``; empty where the pipeline finds them.
    schedule_unit : str
        Their unit.
    recode : dict of str to str or None
        What the column's texts stand for; None of those to be decided.
    planned : str
        Column of the planned visit, beside actual days or dates.
    planned_recode : dict of str to str
        What its texts stand for, in weeks.
    origin : str
        Column of the date that time is counted from, of dates.
    """

    column: str
    unit: str
    schedule: tuple[float, ...] = ()
    schedule_unit: TimeUnit = "weeks"
    recode: dict[str, str | None] = dataclasses.field(default_factory=dict)
    planned: str = ""
    planned_recode: dict[str, str] = dataclasses.field(default_factory=dict)
    origin: str = ""


def _numeric(table: Table) -> list[str]:
    """Return the columns that may be times, the most telling first."""
    found = []
    for i, (name, column) in enumerate(table.columns.items()):
        if column.kind != "number" or name == table.patient:
            continue
        cdisc_day = name.isupper() and name.endswith("DY")  # which has no day 0
        varies = not table.is_constant(name) or table.one_row_a_patient
        if unit_of_name(name) and not cdisc_day:
            found.append((0 if varies else 9, i, name))
        elif (r := rank(name, GENERIC_TIME)) is not None and varies:
            found.append((1 + r, i, name))
        elif is_of(name, VISIT) and varies and unit_by_labels(table, name)[0]:
            found.append((3, i, name))
    return [name for order, _, name in sorted(found) if order < 9]


def has_time(table: Table) -> bool:
    """Tell whether a column beside dates tells when visits were."""
    return bool(_numeric(table) or label_columns(table))


def _by_date(tables: list[Table], visits: Table, book: Notebook) -> Times | None:
    """Take dates where randomisation has one, and visits their planned time."""
    dated = [
        name
        for name, column in visits.columns.items()
        if column.kind == "date"
        and is_of(name, VISIT_DATE)
        and not visits.is_constant(name)
    ]
    planned = [n for n in _numeric(visits) if unit_of_name(n) in ("weeks", "months")]
    origins = [
        name
        for pattern in RANDOMISED
        for table in tables
        for name, column in table.columns.items()
        if column.kind == "date" and is_of(name, (pattern,)) and table.is_constant(name)
    ]
    if not (dated and planned and origins):
        return None
    column, origin, visit = dated[0], origins[0], planned[0]
    unit = unit_of_name(visit) or "weeks"
    schedule = schedule_of(visits.columns[visit].numbers)
    if not schedule:
        return None
    book.guess(
        "time", column, "dates that differ by visit", "likely", f"{WHERE}.visit_date"
    )
    book.guess(
        "time zero",
        origin,
        "name, a date of the patient's",
        "likely",
        "data.subjects.columns.randomisation_date",
    )
    evidence = f"name tells {unit}: {listed(schedule)}"
    book.guess(
        "planned visits", visit, evidence, "likely", f"{WHERE}.visit_{singular(unit)}"
    )
    return Times(column, "date", schedule, unit, planned=visit, origin=origin)


def guess_times(
    tables: list[Table], visits: Table, given: Given, book: Notebook
) -> Times | None:
    """Find what tells when visits were.

    Parameters
    ----------
    tables : list of Table
        The trial's tables.
    visits : Table
        That of the visits.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.

    Returns
    -------
    Times or None
        None where nothing tells it, which is entered as a fault.
    """
    if given.time and given.time not in visits.columns:
        book.faults.append(
            f"{visits.name}: has no column {one_line(given.time)!r}, which --time says"
        )
        return None
    if given.time and visits.columns[given.time].kind == "date":
        return _by_given_date(visits, given, book)
    if not given.time and (dated := _by_date(tables, visits, book)):
        return dated
    numeric = [given.time] if given.time else _numeric(visits)
    if numeric and visits.columns[numeric[0]].kind == "number":
        return _by_number(visits, numeric[0], given, book)
    may_be = {given.time} if given.time else _varying(visits)
    labelled = [found for found in label_columns(visits) if found[0] in may_be]
    if labelled:
        return _by_label(*labelled[0], book)
    for name, column in visits.columns.items():
        named = name == given.time or (name in may_be and is_of(name, VISIT))
        if named and 2 <= column.different <= MOST_TIMES:
            return _undecided(visits, name, given, book)
    book.faults.append(
        f"{visits.name}: no column tells when a visit was in days, weeks, months or "
        "years, by a date, or by a name as 'Week 12'; say which by --time COLUMN "
        f"--unit weeks{_day_numbers(visits)}"
    )
    return None


def _day_numbers(visits: Table) -> str:
    """Say which column of dates holds the numbers that Excel has for days."""
    for name, column in visits.columns.items():
        days = column.is_whole and column.numbers.between(*EXCEL_DAYS).mean() > 0.9
        if days and is_of(name, VISIT_DATE):
            shown = f"{one_line(name)!r} holds day numbers of Excel"
            return f". {shown}: format the cells as dates, and export again"
    return ""


def _varying(visits: Table) -> set[str]:
    return {name for name in visits.columns if not visits.is_constant(name)}


def _by_given_date(visits: Table, given: Given, book: Notebook) -> Times | None:
    """Take the days that were made of the dates that the user names."""
    if DAY in visits.columns:
        return _by_number(visits, DAY, dataclasses.replace(given, unit="days"), book)
    book.faults.append(
        f"{visits.name}: {one_line(given.time)!r}, which --time says, holds no dates "
        "that differ from visit to visit"
    )
    return None


def _by_number(visits: Table, column: str, given: Given, book: Notebook) -> Times:
    """Take a column of numbers, whose unit its name or names of visits tell."""
    numbers = visits.columns[column].numbers
    schedule = schedule_of(numbers)
    shown = listed(schedule) or f"{visits.columns[column].different} of them"
    told = f"numbers that differ by visit: {shown}"
    book.guess(
        "time", column, told, sureness(given.time, "likely"), f"{WHERE}.visit_..."
    )
    unit = _guess_unit(visits, column, given, book)
    if unit is None:
        return Times(column, "")
    days = unit == "days"
    planned, recode, medians = planned_visits(visits, column) if days else ("", {}, "")
    if planned and len(recode) < numbers.nunique() / 1.5:
        where = "data.visits.recode.visit_week"
        book.guess("planned visits", planned, medians, "likely", where)
        weeks = tuple(sorted(float(week) for week in recode.values()))
        return Times(
            column, unit, weeks, "weeks", planned=planned, planned_recode=recode
        )
    if not schedule and (schedule := regular_schedule(visits, numbers)):
        evidence = (
            "times differ from patient to patient; steps of the median time between "
            "visits. Models take the times as they are"
        )
        book.guess("schedule", listed(schedule), evidence, "unsure", "visits")
    return Times(column, unit, schedule, unit)


def _guess_unit(
    visits: Table, column: str, given: Given, book: Notebook
) -> TimeUnit | None:
    """Find the unit of a time; None where it is to be decided."""
    by_labels, evidence = unit_by_labels(visits, column)
    by_name = unit_of_name(column)
    if by_name and by_labels and by_name != by_labels and not given.unit:
        book.faults.append(
            f"{visits.name}: {one_line(column)!r} is in {by_name} by its name, and in "
            f"{by_labels} by other columns ({evidence}); say --unit"
        )
    unit = _unit(given.unit) if given.unit else by_labels or by_name
    if unit is None:
        why = f"nothing tells the unit of {one_line(column)!r}"
        choices = " | ".join(UNITS)
        book.guess("unit of time", choices, why, "decide", f"{WHERE}.visit_...")
        return None
    said = "as you say" if given.unit else evidence or "the column's name"
    how = sureness(given.unit, "sure" if by_labels else "likely")
    book.guess("unit of time", unit, said, how, f"{WHERE}.visit_{singular(unit)}")
    return unit


def _unit(text: str) -> TimeUnit:
    return next(unit for unit in DAYS_PER if unit == text)


def _by_label(
    column: str, times: dict[str, float | None], unit: TimeUnit, book: Notebook
) -> Times:
    told = {t: number_text(time) for t, time in times.items() if time is not None}
    untold = [text for text in times if text not in told]
    shown = ", ".join(f"{one_line(t)} = {w}" for t, w in list(told.items())[:4])
    where = f"data.visits.recode.visit_{singular(unit)}"
    book.guess("time", column, f"names of visits in {unit}: {shown}", "likely", where)
    if untold:
        names = one_line(", ".join(untold))
        evidence = f"these names tell no time: {names[:60]}"
        book.guess("times of visits", names, evidence, "decide", where)
    schedule = tuple(sorted({float(time) for time in told.values()}))
    recode: dict[str, str | None] = {text: told.get(text) for text in times}
    if len(set(told.values())) < len(told):
        book.faults.append(
            f"column {one_line(column)!r}: two names of visits tell the same time "
            f"({shown}); name another column by --time"
        )
    return Times(column, unit, () if untold else schedule, unit, recode)


def _undecided(visits: Table, column: str, given: Given, book: Notebook) -> Times:
    """Leave the time of each visit to the user, where its names tell none."""
    unit = _unit(given.unit) if given.unit else "weeks"
    names = different_texts(visits.columns[column])
    evidence = f"names of visits that tell no time: {one_line(', '.join(names))[:60]}"
    book.guess("time", column, evidence, "unsure", WHERE)
    where = f"data.visits.recode.visit_{singular(unit)}"
    book.guess(
        "times of visits", f"{unit} of each", "nothing tells them", "decide", where
    )
    return Times(column, unit, (), unit, dict.fromkeys(names))
