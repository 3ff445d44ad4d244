"""Which columns are outcomes, where their baseline stands, and what scale they have."""

import dataclasses
import functools
import re

import numpy as np
import pandas as pd

from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.scales import (
    items_of_scale,
    limits,
    outside,
    scale_of_name,
)
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import Times
from alsdecline.new_trial.words import (
    CHANGE,
    EVENT,
    NO_OUTCOME,
    VALUE,
    is_of,
    plain_name,
)
from alsdecline.plain_text import one_line
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.scales import Scale

FEWEST = 5
"""Patients of whom a number must rise with time, to be none but another time."""

_BASELINE = r"(base|bl|baseline|bas_?val|base_?val(ue)?|ベースライン(値)?)"


@dataclasses.dataclass(frozen=True)
class OutcomeGuess:
    """An outcome.

    Attributes
    ----------
    id : str
        Its id.
    column : str
        Its column; empty of a total of items.
    scale : str
        A scale of the catalogue; empty where it is none of these.
    items : tuple of str
        Columns of its items.
    baseline : str
        Column of its baseline, where that is no visit; None where there is none.
    minimum : float
        Of an unknown scale: the lowest possible value, as guessed.
    whole_points : bool
        Of an unknown scale: whether all values are whole.
    better : {"", "higher", "lower"}
        Of an unknown scale; empty where that is to be decided.
    """

    id: str
    column: str
    scale: str = ""
    items: tuple[str, ...] = ()
    baseline: str | None = ""
    minimum: float = 0
    whole_points: bool = False
    better: str = ""


def outcome_id(name: str, taken: set[str]) -> str:
    """Return an id of a column's name: small letters, digits and '_'."""
    plain = re.sub(r"[^a-z0-9_]+", "_", plain_name(name)).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"outcome_{plain}".strip("_")
    while plain in taken:
        plain += "_own"
    return plain


def _rises_with_time(table: Table, column: Column, times: pd.Series) -> bool:
    """Tell whether a number rises from visit to visit in each patient, as times do."""
    order = np.lexsort((times.to_numpy(), table.patients.to_numpy(dtype="str")))
    patients = table.patients.iloc[order]
    steps = column.numbers.iloc[order].groupby(patients.to_numpy()).diff().dropna()
    several = patients.iloc[1:].nunique()
    return len(steps) >= FEWEST and several >= FEWEST and bool((steps > 0).all())


def _time_numbers(table: Table, times: Times) -> pd.Series:
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


def _candidates(table: Table, times: Times) -> list[str]:
    """Return the numbers that may be outcomes."""
    time = _time_numbers(table, times)
    taken = {table.patient, times.column, times.planned, times.origin}
    found = []
    for name, column in table.columns.items():
        if name in taken or column.kind != "number" or column.different <= 2:
            continue
        if is_of(name, (*CHANGE, *NO_OUTCOME, *EVENT)) or table.is_constant(name):
            continue
        if not _rises_with_time(table, column, time):
            found.append(name)
    return found


def _baseline_of(table: Table, subjects: Table, name: str) -> tuple[str, str]:
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


def _with_baseline(
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
    base, evidence = _baseline_of(table, subjects, name)
    zero = (_time_numbers(table, times) <= 0) & table.columns[name].numbers.notna()
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


def _check_values(
    table: Table, name: str, scale: Scale | None, book: Notebook, what: str
) -> None:
    """Enter cells that are no numbers, or that the scale cannot have."""
    column = table.columns[name]
    shown = f"{table.name}, column {one_line(name)!r}"
    if column.kind != "number":
        book.faults.append(f"{shown}, taken as {what}: holds no numbers")
        return
    if column.ambiguous:
        book.faults.append(f"{shown}: {column.ambiguous}")
    wrong = column.not_numbers()
    if len(wrong):
        book.faults.append(
            f"{shown}, taken as {what}: no number in {counted(len(wrong), 'cell')} "
            f"({table.cells(name, wrong.index)}); correct or empty them"
        )
    beyond = outside(scale, column.numbers) if scale else column.numbers[:0]
    if scale and len(beyond):
        many = counted(len(beyond), "value")
        book.faults.append(
            f"{shown}, taken as {what}: {many} outside {scale.name} "
            f"({limits(scale)}): {table.cells(name, beyond.index)}; correct them, or "
            "say --scale none if it is another scale"
        )


def _scale(name: str, given: Given) -> str:
    if given.scale:
        return "" if given.scale == "none" else given.scale
    return scale_of_name(name)


def _measured(name: str, parameter: str) -> str:
    """Return what a column measures: the parameter, where it is one of values."""
    return parameter if parameter and is_of(name, VALUE) else name


def _chosen(table: Table, times: Times, given: Given, book: Notebook) -> list[str]:
    """Choose the outcomes among the columns that may be."""
    if given.outcomes:
        absent = [n for n in given.outcomes if n not in table.columns]
        for name in absent:
            book.faults.append(
                f"{table.name}: has no column {one_line(name)!r}, which --outcome says"
            )
        taken = {table.patient, times.column, times.planned, times.origin}
        for name in taken.intersection(given.outcomes):
            book.faults.append(
                f"{table.name}: {one_line(name)!r} is the patient or the time already, "
                "and no outcome"
            )
        return [n for n in given.outcomes if n not in {*absent, *taken}]
    candidates = _candidates(table, times)
    named = [n for n in candidates if scale_of_name(n)]
    if named:
        return named
    with_baseline = [n for n in candidates if _baseline_of(table, table, n)[0]]
    if len(with_baseline) == 1:
        return with_baseline
    values = [n for n in candidates if is_of(n, VALUE)]
    if len(candidates) == 1 or len(values) == 1:
        return values if len(values) == 1 else candidates
    if not candidates:
        book.faults.append(
            f"{table.name}: no column holds numbers that differ from visit to visit; "
            "say which is the outcome by --outcome COLUMN"
        )
    else:
        names = one_line(", ".join(candidates))
        book.faults.append(
            f"{table.name}: {len(candidates)} columns may be the outcome: {names[:120]}"
            "; say which by --outcome COLUMN, once for each, the primary one first"
        )
    return []


def guess_outcomes(
    table: Table,
    subjects: Table,
    times: Times,
    given: Given,
    book: Notebook,
    parameter: str = "",
) -> list[OutcomeGuess]:
    """Find the outcomes.

    Parameters
    ----------
    table : Table
        That of the visits.
    subjects : Table
        That of the subjects, which may be the same.
    times : Times
        What tells when visits were.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.
    parameter : str
        What is measured, where the table has the rows of one parameter.

    Returns
    -------
    list of OutcomeGuess
        The primary one first; empty where none can be taken, which is a fault then.
    """
    items = None if given.outcomes else items_of_scale(table)
    if items:
        return _total_of_items(table, *items, book)
    taken: set[str] = set()
    found = []
    names = _chosen(table, times, given, book)
    for name in names:
        measured = _measured(name, parameter)
        scale_name = _scale(measured, given)
        known = catalogue().scales.get(scale_name)
        what = f"an outcome of {known.name}" if known else "an outcome"
        _check_values(table, name, known, book, what)
        others = [n for n in _candidates(table, times) if n not in names]
        also = f"; not used: {one_line(', '.join(others))[:60]}" if others else ""
        derived = [c for c, (value, _) in changes_from(table).items() if value == name]
        by = f"; {one_line(derived[0])} is the change of it" if derived else ""
        evidence = f"numbers that differ by visit{by}{also}"
        sure = sureness(given.outcomes, "likely")
        book.guess("outcome", name, evidence, sure, "outcomes")
        base = _with_baseline(table, subjects, times, name, given, book)
        if base:
            _check_values(subjects, base, known, book, "a baseline")
        numbers = [table.columns[name].numbers]
        numbers += [subjects.columns[base].numbers] if base else []
        names_taken = taken if scale_name else taken | {*catalogue().scales}
        own = outcome_id(measured, names_taken)
        taken.add(own)
        made = OutcomeGuess(own, name, scale_name, baseline=base)
        found.append(_with_scale(made, pd.concat(numbers), given, book))
    return found


def _with_scale(
    made: OutcomeGuess, values: pd.Series, given: Given, book: Notebook
) -> OutcomeGuess:
    """Tell what is taken of the scale, and what of an unknown one is to be decided."""
    if made.scale:
        scale = catalogue().scales[made.scale]
        sure = sureness(given.scale, "likely")
        evidence = f"{scale.name}, {limits(scale)}, {scale.better} is better; its name"
        book.guess(f"scale of {made.id}", made.scale, evidence, sure, "outcomes.scale")
        return made
    low, high = float(values.min()), float(values.max())
    minimum = 0.0 if low >= 0 else low
    whole = bool((values.dropna() % 1 == 0).all())
    points = "whole points" if whole else "points with decimals"
    where = f"scales.{made.id}"
    evidence = (
        f"none of the catalogue by its name; values {low:g} to {high:g}, {points}"
    )
    value = f"from {minimum:g}, {points}"
    book.guess(f"scale of {made.id}", value, evidence, "unsure", where)
    if given.better:
        book.guess(f"better {made.id}", given.better, "as you say", "given", where)
    else:
        book.guess(
            f"better {made.id}",
            "higher | lower",
            "no data tell which direction is better for the patient",
            "decide",
            f"{where}.better",
        )
    return dataclasses.replace(
        made, minimum=minimum, whole_points=whole, better=given.better
    )


def _total_of_items(
    table: Table, scale_name: str, items: list[str], book: Notebook
) -> list[OutcomeGuess]:
    """Take a scale's items as its total."""
    scale = catalogue().scales[scale_name]
    for name, most in zip(items, scale.item_maxima, strict=True):
        item = scale.model_copy(
            update={"name": f"item of {scale.name}", "minimum": 0, "maximum": most}
        )
        _check_values(table, name, item, book, f"an item of {scale.name}")
    totals = [
        n for n in table.columns if n not in items and scale_of_name(n) == scale_name
    ]
    evidence = f"{len(items)} columns side by side with the limits of its items"
    shown = f"{one_line(items[0])} ... {one_line(items[-1])}"
    book.guess(
        "outcome", scale_name, f"the total of {shown}", "likely", "outcomes.items"
    )
    book.guess(
        f"scale of {scale_name}", scale_name, evidence, "likely", "outcomes.scale"
    )
    column = totals[0] if len(totals) == 1 else ""
    return [OutcomeGuess(scale_name, column, scale_name, tuple(items))]
