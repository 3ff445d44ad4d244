"""Where an outcome's baseline stands: at a visit, or in a column of its own."""

import functools
import re

import numpy as np
import pandas as pd

from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import Times
from alsdecline.new_trial.words import CHANGE, VALUE, is_of, plain_name
from alsdecline.plain_text import one_line

FEWEST = 5
"""Patients of whom a number must rise with time, to be none but another time."""


_BASELINE = r"(base|bl|baseline|bas_?val|base_?val(ue)?|ベースライン(値)?)"


def time_numbers(table: Table, times: Times) -> pd.Series:
    """Return the times; where they are to be decided, the visits' places from 1."""
    column = table.columns[times.planned or times.column]
    if column.kind == "number":
        return column.numbers
    told = {text: float(time) for text, time in times.recode.items() if time}
    if told:
        return column.texts.map(told).astype("float64")
    places, _ = pd.factorize(column.texts, sort=True)
    return pd.Series(places + 1.0, column.texts.index)


@functools.lru_cache(maxsize=4)
def changes_from(table: Table) -> dict[str, tuple[str, str]]:
    """Find columns that are a value less a baseline: by name, and by every row.

    Returns
    -------
    dict of str to (str, str)
        The change's column: the value's and the baseline's.
    """
    numbers = {n: c.numbers for n, c in table.columns.items() if c.kind == "number"}
    constant = [n for n in numbers if table.is_constant(n)]
    found = {}
    for change in (n for n in numbers if is_of(n, CHANGE)):
        for base in constant:
            value = numbers[change] + numbers[base]
            for name, other in numbers.items():
                both = value.notna() & other.notna()
                if name in (change, base) or both.sum() < FEWEST:
                    continue
                if np.allclose(value[both], other[both], rtol=1e-6, atol=1e-6):
                    found[change] = (name, base)
    return found


def baseline_of(table: Table, subjects: Table, name: str) -> tuple[str, str]:
    """Find the column of an outcome's baseline, by changes from it or its name."""
    for change, (value, base) in changes_from(table).items():
        if value == name and base in subjects.columns:
            return base, f"{change} is {name} - {base} in every row"
    stem = re.escape(plain_name(name))
    pattern = rf"{stem}_?(0|{_BASELINE})|{_BASELINE}_?(of_)?{stem}"
    for other, column in subjects.columns.items():
        named = re.fullmatch(pattern, plain_name(other)) or (
            is_of(name, VALUE) and re.fullmatch(_BASELINE, plain_name(other))
        )
        if named and column.kind == "number" and subjects.is_constant(other):
            return other, "its name"
    return "", ""


def guess_baseline(
    table: Table, subjects: Table, times: Times, name: str, given: Given, book: Notebook
) -> str | None:
    """Return the column of a baseline; empty where a visit is, None without any."""
    where = "outcomes.baseline"
    if given.baseline:
        column = subjects.columns.get(given.baseline)
        if (
            column is None
            or column.kind != "number"
            or not subjects.is_constant(given.baseline)
        ):
            book.faults.append(
                f"{subjects.name}: --baseline {one_line(given.baseline)!r} must be a "
                "column of numbers, one a patient"
            )
            return ""
        book.guess("baseline", given.baseline, "as you say", "given", where)
        return given.baseline
    base, evidence = baseline_of(table, subjects, name)
    zero = (time_numbers(table, times) <= 0) & table.columns[name].numbers.notna()
    first = f"visits at time 0 in {counted(int(zero.sum()), 'row')}"
    if not base:
        if zero.any() or times.unit == "date":
            told = first if zero.any() else "visits at the time origin"
            book.guess("baseline", "the visit at time 0", told, "likely", where)
        else:
            evidence = f"no {name} at time 0, and no column of its baseline"
            book.guess("baseline", "--baseline COLUMN", evidence, "decide", where)
            return None
        return ""
    if zero.any():
        first_of = subjects.columns[base].numbers.groupby(subjects.patients).first()
        here = table.patients[zero].map(first_of)
        same = np.isclose(here, table.columns[name].numbers[zero]).mean()
        book.guess(
            "baseline",
            "the visit at time 0",
            f"{first}; {base} has the same in {100 * same:.0f}% of these",
            "likely",
            where,
        )
        return ""
    book.guess("baseline", base, f"{evidence}; no visit at time 0", "likely", where)
    return base
