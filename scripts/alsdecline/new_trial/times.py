"""What tells when a visit was: a date, a number of days, weeks ..., or its name."""

import dataclasses

import pandas as pd

from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.sources import text_of_number
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import (
    GENERIC_TIME,
    RANDOMISED,
    VISIT,
    VISIT_DATE,
    is_of,
    rank,
    time_of_label,
    unit_of_name,
)
from alsdecline.plain_text import one_line
from alsdecline.time_units import DAYS_PER, TimeUnit, singular

MOST_TIMES = 60
"""Different times that a schedule may have."""

UNITS: tuple[TimeUnit, ...] = ("days", "weeks", "months", "years")
DAY = "visit_day"
"""The column of days that is made of dates."""

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


def _different(column: Column) -> list[str]:
    return sorted(set(column.texts[column.filled]))


def _labels(column: Column) -> tuple[dict[str, float | None], TimeUnit | None]:
    """Return the time of each visit's name, and the one unit that they tell."""
    read = {text: time_of_label(text) for text in _different(column)}
    units = {found[1] for found in read.values() if found and found[1]}
    if len(units) != 1:
        return dict.fromkeys(read), None
    return {
        text: found[0] if found else None for text, found in read.items()
    }, units.pop()


def _label_columns(table: Table) -> list[tuple[str, dict[str, float | None], TimeUnit]]:
    """Return the columns whose texts name visits by their time."""
    found = []
    for name, column in table.columns.items():
        if column.kind == "text" and 2 <= column.different <= MOST_TIMES:
            times, unit = _labels(column)
            told = [time for time in times.values() if time is not None]
            if unit and len(told) >= max(2, len(times) / 2):
                found.append((name, times, unit))
    return found


def _unit_by_labels(table: Table, column: str) -> tuple[TimeUnit | None, str]:
    """Find the unit of a number from names of visits that say the same number."""
    numbers = table.columns[column].numbers
    for name, times, unit in _label_columns(table):
        told = table.source.frame[name].map(times).astype("float64")
        both = told.notna() & numbers.notna()
        if both.sum() >= 2 and (told[both] == numbers[both]).all():
            shown = next(t for t, time in times.items() if time)
            return unit, f"{name} says {one_line(shown)!r} where it is {times[shown]:g}"
    return None, ""


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
        elif is_of(name, VISIT) and varies and _unit_by_labels(table, name)[0]:
            found.append((3, i, name))
    return [name for order, _, name in sorted(found) if order < 9]


def schedule_of(numbers: pd.Series) -> tuple[float, ...]:
    """Return the times that are scheduled, as far as the data tell; else none."""
    times = numbers.dropna()
    counts = times.value_counts()
    if len(counts) > MOST_TIMES or (counts == 1).mean() > 0.5 or (times < 0).any():
        return ()
    return tuple(sorted(float(time) for time in counts.index))


def regular_schedule(table: Table, days: pd.Series) -> tuple[float, ...]:
    """Propose a schedule of actual days: steps of the median time between visits."""
    order = days.sort_values(kind="stable")
    steps = order.groupby(table.patients.loc[order.index]).diff()
    step = max(1.0, float(round(steps[steps > 0].median())))
    count = int(days.max() // step) + 1 if steps.notna().any() else 0
    return tuple(i * step for i in range(count)) if 2 <= count <= MOST_TIMES else ()


def has_time(table: Table) -> bool:
    """Tell whether a column beside dates tells when visits were."""
    return bool(_numeric(table) or _label_columns(table))


def _planned(table: Table, column: str) -> tuple[str, dict[str, str], str]:
    """Find the visits that actual days belong to, each in weeks by its median day."""
    days = table.columns[column].numbers
    for name, other in table.columns.items():
        if name in (column, table.patient) or not is_of(name, VISIT):
            continue
        if unit_of_name(name) or not 2 <= other.different <= MOST_TIMES:
            continue
        medians = days.groupby(other.texts.where(other.filled)).median().dropna()
        weeks = (medians / 7).round()
        if weeks.duplicated().any() or len(weeks) < 2 or (weeks < 0).any():
            continue
        if ((medians - weeks * 7).abs() <= 2).all():
            recode = {str(t): text_of_number(w) for t, w in weeks.items()}
            ordered = medians.sort_values(kind="stable")
            told = ", ".join(f"{one_line(str(t))}: {d:g}" for t, d in ordered.items())
            return name, recode, f"medians of {column} at {name}: {told}"
    return "", {}, ""


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
    evidence = f"name tells {unit}: {_listed(schedule)}"
    book.guess(
        "planned visits", visit, evidence, "likely", f"{WHERE}.visit_{singular(unit)}"
    )
    return Times(column, "date", schedule, unit, planned=visit, origin=origin)


def _listed(times: tuple[float, ...]) -> str:
    shown = ", ".join(f"{time:g}" for time in times[:8])
    return f"{shown}, ... {times[-1]:g}" if len(times) > 8 else shown


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
    by_date = given.time and visits.columns[given.time].kind == "date"
    if not given.time and (dated := _by_date(tables, visits, book)):
        return dated
    if by_date and DAY not in visits.columns:
        book.faults.append(
            f"{visits.name}: {one_line(given.time)!r}, which --time says, holds no dates "
            "that differ from visit to visit"
        )
        return None
    if by_date:  # of which days were made
        return _by_number(visits, DAY, dataclasses.replace(given, unit="days"), book)
    numeric = [given.time] if given.time else _numeric(visits)
    if numeric and visits.columns[numeric[0]].kind == "number":
        return _by_number(visits, numeric[0], given, book)
    labelled = [
        found
        for found in _label_columns(visits)
        if found[0] == given.time
        or (not given.time and not visits.is_constant(found[0]))
    ]
    if labelled:
        return _by_label(*labelled[0], book)
    named = (
        [given.time]
        if given.time
        else [
            name
            for name, column in visits.columns.items()
            if is_of(name, VISIT)
            and 2 <= column.different <= MOST_TIMES
            and not visits.is_constant(name)
        ]
    )
    if named and visits.columns[named[0]].different <= MOST_TIMES:
        return _undecided(visits, named[0], given, book)
    book.faults.append(
        f"{visits.name}: no column tells when a visit was in days, weeks, months or "
        "years, by a date, or by a name as 'Week 12'; say which by --time COLUMN "
        "--unit weeks"
    )
    return None


def _by_number(visits: Table, column: str, given: Given, book: Notebook) -> Times:
    numbers = visits.columns[column].numbers
    by_labels, evidence = _unit_by_labels(visits, column)
    by_name = unit_of_name(column)
    schedule = schedule_of(numbers)
    sure = sureness(given.time, "likely")
    told = (
        f"numbers that differ by visit: {_listed(schedule)}"
        if schedule
        else (
            f"numbers that differ by visit, {visits.columns[column].different} of them"
        )
    )
    book.guess("time", column, told, sure, f"{WHERE}.visit_...")
    if by_name and by_labels and by_name != by_labels and not given.unit:
        book.faults.append(
            f"{visits.name}: {one_line(column)!r} is in {by_name} by its name, and in "
            f"{by_labels} by other columns ({evidence}); say --unit"
        )
    unit = given.unit or by_labels or by_name or ""
    if not unit:
        why = f"nothing tells the unit of {one_line(column)!r}"
        book.guess(
            "unit of time", " | ".join(UNITS), why, "decide", f"{WHERE}.visit_..."
        )
        return Times(column, "")
    said = "as you say" if given.unit else evidence or "the column's name"
    how = sureness(given.unit, "sure" if by_labels else "likely")
    where = f"{WHERE}.visit_{singular(_unit(unit))}"
    book.guess("unit of time", unit, said, how, where)
    planned, recode, medians = (
        _planned(visits, column) if unit == "days" else ("", {}, "")
    )
    if planned and len(recode) < numbers.nunique() / 1.5:
        book.guess(
            "planned visits",
            planned,
            medians,
            "likely",
            "data.visits.recode.visit_week",
        )
        weeks = tuple(sorted(float(week) for week in recode.values()))
        return Times(
            column, unit, weeks, "weeks", planned=planned, planned_recode=recode
        )
    if not schedule and (schedule := regular_schedule(visits, numbers)):
        evidence = (
            "times differ from patient to patient; steps of the median time between "
            "visits. Models take the times as they are"
        )
        book.guess("schedule", _listed(schedule), evidence, "unsure", "visits")
    return Times(column, unit, schedule, _unit(unit))


def _unit(text: str) -> TimeUnit:
    return next(unit for unit in DAYS_PER if unit == text)


def _by_label(
    column: str, times: dict[str, float | None], unit: TimeUnit, book: Notebook
) -> Times:
    told = {t: text_of_number(time) for t, time in times.items() if time is not None}
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
    names = _different(visits.columns[column])
    evidence = f"names of visits that tell no time: {one_line(', '.join(names))[:60]}"
    book.guess("time", column, evidence, "unsure", WHERE)
    where = f"data.visits.recode.visit_{singular(unit)}"
    book.guess(
        "times of visits", f"{unit} of each", "nothing tells them", "decide", where
    )
    return Times(column, unit, (), unit, dict.fromkeys(names))
