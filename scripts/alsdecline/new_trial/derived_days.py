"""Days from a date, where dates alone tell when visits were."""

import dataclasses

import pandas as pd

from alsdecline.new_trial.columns import Column, column_of
from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.roles import Roles
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import DAY, has_time
from alsdecline.new_trial.words import RANDOMISED, VISIT_DATE, is_of
from alsdecline.table_files.cell_texts import number_text


def _days(column: Column) -> pd.Series:
    assert column.dates is not None
    texts = column.texts.map(column.dates.iso).where(column.filled)
    return pd.to_datetime(texts, errors="coerce")


def _origins(roles: Roles) -> tuple[str, pd.Series] | None:
    """Find each patient's date of randomisation, by name."""
    for pattern in RANDOMISED[:2]:
        for table in (roles.subjects, roles.visits):
            for name, column in table.columns.items():
                dated = column.kind == "date" and not column.ambiguous
                if dated and is_of(name, (pattern,)) and table.is_constant(name):
                    return name, _days(column).groupby(table.patients).first()
    return None


def with_days(roles: Roles, given: Given, book: Notebook) -> Roles:
    """Give the visits' table days since randomisation, or since each first visit.

    Nothing is done where another column tells the time, or is said to.

    Parameters
    ----------
    roles : Roles
        The tables.
    given : Given
        What the user says.
    book : Notebook
        Where the guess is entered.

    Returns
    -------
    Roles
        Its visits' table with the column :data:`DAY`.
    """
    visits = roles.visits
    dated = [
        name
        for name, column in visits.columns.items()
        if column.kind == "date"
        and (name == given.time or (not given.time and is_of(name, VISIT_DATE)))
        and not visits.is_constant(name)
    ]
    if not dated or DAY in visits.columns or (not given.time and has_time(visits)):
        return roles
    column = visits.columns[dated[0]]
    if column.ambiguous:
        book.faults.append(f"{visits.name}, column {dated[0]!r}: {column.ambiguous}")
        return roles
    dates = _days(column)
    known = _origins(roles)
    since, first = known or (
        "each patient's first visit",
        dates.groupby(visits.patients).min(),
    )
    days = (dates - visits.patients.map(first)).dt.days
    texts = days.astype("float64").map(number_text).astype("object")
    frame = visits.source.frame.assign(**{DAY: texts})
    change = f"{DAY}: days of {dated[0]} since {since}"
    source = dataclasses.replace(
        visits.source, frame=frame, changes=(*visits.source.changes, change)
    )
    book.guess(
        "time zero",
        since,
        f"days from it to {dated[0]} are written as {DAY}",
        "likely" if known else "unsure",
        "data.visits.columns.visit_day",
    )
    made = Table(source, visits.columns | {DAY: column_of(DAY, texts)}, visits.patient)
    subjects = made if roles.subjects is visits else roles.subjects
    return dataclasses.replace(roles, visits=made, subjects=subjects)
