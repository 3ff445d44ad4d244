"""What `where` and `recode` leave out or leave as it is, told where it is nearly meant.

A value that differs from a configured one only by how it is typed would lose its row,
or become a level of its own, without a word.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from alsdecline.near_names import (
    how_alike,
    same_but_for_form,
    value_meant,
)
from alsdecline.raw.cell_values import recoded
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule, Severity
from alsdecline.raw.tables import RawTable
from alsdecline.settings.examples import in_one_line
from alsdecline.settings.tables import Table

MOST_LISTED = 8
"""Values that a note lists; of more it says how many."""

LONGEST = 30
"""Characters of each."""

MOST_COMPARED = 200_000
"""Pairs of values whose letters are compared; of more, only how they are typed."""


class Value(NamedTuple):
    """A value of a file, the row that has it first, and in how many it is."""

    text: str
    row: int
    rows: int


def values_of(texts: pd.Series, rows: pd.Series) -> list[Value]:
    """Return the different values of a column that are not empty, as they come."""
    grouped = rows[texts != ""].groupby(texts[texts != ""], sort=False)
    first, counts = grouped.min(), grouped.size()
    return [
        Value(str(text), int(row), int(count))
        for text, row, count in zip(first.index, first, counts, strict=True)
    ]


def nearly_meant(
    values: Iterable[Value], known: Iterable[str]
) -> Iterator[tuple[Value, str, bool]]:
    """Find values that are nearly known ones, and whether but for how they are typed.

    Yields the value, the one that is meant, and whether it differs in form alone.
    """
    strange, names = list(values), [name for name in known if name]
    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(same_but_for_form(name), name)
    few = len(strange) * len(names) <= MOST_COMPARED
    for value in strange:
        if near := by_form.get(same_but_for_form(value.text), ""):
            yield value, near, True
        elif few:
            near, _ = value_meant(value.text, names)
            if near:
                yield value, near, False


def listed_values(values: Iterable[Value]) -> str:
    """List values with their numbers, the most frequent first."""
    by_count = sorted(values, key=lambda v: (-v.rows, v.text))
    shown = [f"{v.text[:LONGEST]!r} {v.rows}" for v in by_count[:MOST_LISTED]]
    more = len(by_count) - MOST_LISTED
    return ", ".join(shown) + (f" and {more} others" if more > 0 else "")


def how_it_differs(value: Value, near: str, form: bool) -> str:
    """Say how a value differs from the one that is meant, in form alone or not."""
    if value.text == near:
        return f"is {near!r} itself"
    how = how_alike(value.text, near) if form else "by a letter or two"
    return f"differs from {near!r} {how}"


def _nearly_selected(
    raw: RawTable, table: Table, name: str, values: list[Value], blinded: bool
) -> Iterator[Finding]:
    """Find values of a column that `where` leaves out and that it nearly selects."""
    selected = table.where[name]
    for value, near, form in nearly_meant(values, selected):
        severity: Severity = "fatal" if form else "warning"
        meant = in_one_line(table.where | {name: [*selected, value.text]})
        message = (
            f"left out by `where:`, and {how_it_differs(value, near, form)}; if it "
            f"means the same, write `where: {meant}`; if it is left out with reason, "
            f"accept it by `data: decisions:`{further_rows(value.rows)}"
        )
        found = Finding.by_rule(
            Rule.NEAR_SELECTED, raw.file, value.row, name, value.text, message, severity
        )
        if blinded:  # row and value may tell who is in which arm
            message = (
                "`where:` leaves out a row whose value is nearly one that it selects; "
                "which, is not shown while blinded. Look the column up"
            )
            found = dataclasses.replace(found, row=None, value="", message=message)
        yield found


def selection_told(raw: RawTable, table: Table, blinded: bool) -> Iterator[Finding]:
    """Find rows that `where` leaves out although they are nearly selected.

    Parameters
    ----------
    raw : RawTable
        As it was selected.
    table : Table
        What the configuration says of it.
    blinded : bool
        Whether no cell may be shown, for a column may be that of the arms.

    Yields
    ------
    Finding
        With the first row of each such value; last a note that counts.
    """
    written = raw.as_written
    if raw.frame.empty or not table.where:
        return
    rows = written[ROW]
    kept = {name: written[name].isin(values) for name, values in table.where.items()}
    out = ~pd.DataFrame(kept).all(axis=1)
    if not out.any():
        return
    counted = []
    for name in table.where:
        others = pd.DataFrame(kept).drop(columns=name).all(axis=1)
        lost = out & others & ~kept[name]
        values = values_of(written.loc[lost, name], rows[lost])
        counted += [f"{name} {listed_values(values)}"] if values else []
        yield from _nearly_selected(raw, table, name, values, blinded)
    which = f" ({'; '.join(counted)})" if counted and not blinded else ""
    message = f"`where:` leaves out {int(out.sum())} of {len(out)} rows{which}"
    yield Finding.by_rule(Rule.ROWS_LEFT_OUT, raw.file, None, "", "", message)


def patients_told(raw: RawTable, ours: pd.Series) -> Iterator[Finding]:
    """Count the rows of patients whom `where` leaves out of the subjects.

    Parameters
    ----------
    raw : RawTable
        Another table than theirs.
    ours : Series of bool
        Which of its rows are of the others.

    Yields
    ------
    Finding
        A note, if there are any.
    """
    if ours.all():
        return
    patients = raw.frame.loc[~ours, "patient"].nunique()
    message = (
        f"{int((~ours).sum())} rows are left out with their {patients} patients, whom "
        "`where:` below `data: subjects:` leaves out"
    )
    yield Finding.by_rule(Rule.ROWS_LEFT_OUT, raw.file, None, "", "", message)


def parameters_told(raw: RawTable, used: Iterable[str]) -> Iterator[Finding]:
    """Find measurements whose parameter is nearly one that is used.

    Parameters
    ----------
    raw : RawTable
        Measurements, with a column ``parameter``.
    used : iterable of str
        The parameters of outcomes and items.

    Yields
    ------
    Finding
        With the first row of each such parameter.
    """
    known = list(used)
    others = raw.frame[~raw.frame["parameter"].isin(known)]
    values = values_of(others["parameter"], others[ROW])
    for value, near, form in nearly_meant(values, known):
        message = (
            f"{how_it_differs(value, near, form)}, a parameter of the outcomes, and is "
            f"not used; if it is the same, write "
            f"{recoded('parameter', value.text, near)}{further_rows(value.rows)}"
        )
        severity: Severity = "fatal" if form else "warning"
        yield Finding.by_rule(
            Rule.NEAR_PARAMETER,
            raw.file,
            value.row,
            raw.names.get("parameter", "parameter"),
            value.text,
            message,
            severity,
        )
